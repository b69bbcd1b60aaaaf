//! Builds the portal from its settings and runs its two servers: pages, and `/livez` with `/readyz`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use auth::client::ServiceTokens;
use auth::token::SigningKey;
use kernel::Locale;
use platform::admin::{self, Readiness};
use platform::clock::Clock;
use platform::http::Limits;
use platform::keys::KeyDirectory;
use platform::metrics::Observers;
use platform::process::{Addresses, ServiceApp};
use platform::settings::Common;
use platform::tasks::Tasks;
use platform::tls::Tls;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::backend::Backend;
use crate::config::Settings;
use crate::routes;
use crate::security::cookies::Jar;
use crate::security::seal::Sealer;
use crate::text::Texts;

/// What every page may use; made once.
pub(crate) struct Portal {
    pub(crate) settings: Settings,
    pub(crate) default_locale: Locale,
    pub(crate) texts: Arc<Texts>,
    pub(crate) backend: Backend,
    pub(crate) sealer: Sealer,
    pub(crate) jar: Jar,
    pub(crate) clock: Clock,
}

/// A built portal: its ports are bound, nothing is served yet.
pub struct App {
    portal: Arc<Portal>,
    http: TcpListener,
    admin: TcpListener,
    addresses: Addresses,
}

#[async_trait]
impl ServiceApp for App {
    const NAME: &'static str = "portal";
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    type Settings = Settings;

    fn common(settings: &Settings) -> &Common {
        &settings.common
    }

    fn migrations() -> Vec<sqlx::migrate::Migration> {
        Vec::new()
    }

    async fn build(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let keys = KeyDirectory::open(&settings.common.keys.directory);
        let signing_key = SigningKey::open(&keys, "portal")?;
        let tokens = ServiceTokens::new(signing_key, clock.clone());
        let portal = Portal {
            default_locale: Locale::parse(&settings.http.default_locale)
                .context("http.default_locale was validated")?,
            texts: Arc::new(Texts::load()?),
            backend: Backend::new(&settings.peers, &Tls::open(&settings.common.tls)?, &tokens)?,
            sealer: Sealer::new(keys.ring("portal.seal")?),
            jar: Jar::new(settings.cookie.secure),
            clock,
            settings,
        };
        let http = TcpListener::bind(portal.settings.http.listen)
            .await
            .context("http.listen cannot be bound")?;
        let admin = TcpListener::bind(portal.settings.common.admin.listen)
            .await
            .context("common.admin.listen cannot be bound")?;
        let addresses = Addresses {
            grpc: None,
            admin: Some(admin.local_addr()?),
            http: Some(http.local_addr()?),
        };
        Ok(Self {
            portal: Arc::new(portal),
            http,
            admin,
            addresses,
        })
    }

    fn addresses(&self) -> Addresses {
        self.addresses
    }

    async fn run_until(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let tasks = Tasks::new(shutdown);
        let readiness = Readiness::settings_only(tasks.shutdown());
        tasks.spawn(
            "admin",
            admin::serve(self.admin, readiness, Observers::default(), tasks.shutdown()),
        );
        let limits = Limits {
            // The upload ends first, with a sentence.
            body: Duration::from_secs(self.portal.settings.upload.max_seconds) + GRACE,
            ..Limits::default()
        };
        let pages = routes::router(self.portal);
        tasks.spawn(
            "http",
            platform::http::serve(self.http, pages, limits, tasks.shutdown()),
        );
        tasks.finish(GRACE).await
    }
}

/// An upload over a slow line may be in flight when the process is told to end.
const GRACE: Duration = Duration::from_secs(25);
