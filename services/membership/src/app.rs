//! What runs in a membership process: the gRPC server behind the guard, the admin server, the relay.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use auth::Guard;
use bus::{Bus, Relay};
use operations::Kept;
use platform::admin::{self, Readiness};
use platform::audit_roots;
use platform::clock::Clock;
use platform::keys::KeyDirectory;
use platform::process::{Addresses, ServiceApp, address_of};
use platform::settings::{Common, Role};
use platform::tasks::Tasks;
use platform::tls::Tls;
use sqlx::PgPool;
use sqlx::migrate::Migration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use crate::config::Settings;
use crate::grpc::{RunningImports, Shared, routes};
use crate::sealing::Sealing;
use crate::use_cases::import_roster::ImportRoster;

const NAME: &str = "membership";
/// How long what is in flight may take after the signal.
const GRACE: Duration = Duration::from_secs(20);

/// A membership process, built but not running.
#[derive(Debug)]
pub struct App {
    common: Common,
    pool: PgPool,
    relay: Relay,
    routes: Routes,
    imports: RunningImports,
    tls: Tls,
    grpc: Option<TcpListener>,
    admin: TcpListener,
    addresses: Addresses,
}

#[async_trait]
impl ServiceApp for App {
    const NAME: &'static str = NAME;
    const DEFAULTS: &'static str = include_str!("../config.default.toml");
    type Settings = Settings;

    fn common(settings: &Settings) -> &Common {
        &settings.common
    }

    fn migrations() -> Vec<Migration> {
        crate::migrations()
    }

    async fn build(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let banks = Arc::new(settings.banks.read()?);
        let common = settings.common;
        let tls = Tls::open(&common.tls)?;
        let keys = KeyDirectory::open(&common.keys.directory);
        let sealing = Arc::new(Sealing::open(&keys)?);
        let pool = platform::db::connect(&common.postgres, NAME).await?;
        let relay = Relay::new(pool.clone(), Bus::connect(&common.nats).await?, NAME);
        let shared = Shared {
            pool: pool.clone(),
            sealing: sealing.clone(),
            banks,
            clock: clock.clone(),
        };
        let import = ImportRoster {
            pool: pool.clone(),
            sealing,
            wake: relay.wake(),
            clock: clock.clone(),
        };
        let operations = operations::server(pool.clone(), clock.clone(), Kept::Events);
        let tables: &[_] = &[membership_proto::PERMISSIONS, operations::PERMISSIONS];
        let guard = Guard::new(&keys.trust_path(), NAME, tables, clock);
        let imports = RunningImports::default();
        let routes = routes(shared, import, imports.clone()).add_service(operations);
        let routes = auth::protect(routes, guard);
        let grpc = common.listen(Role::Grpc, common.grpc.listen).await?;
        let admin = TcpListener::bind(common.admin.listen).await?;
        let addresses = Addresses {
            grpc: address_of(grpc.as_ref()),
            admin: Some(admin.local_addr()?),
            http: None,
        };
        Ok(Self {
            common,
            pool,
            relay,
            routes,
            imports,
            tls,
            grpc,
            admin,
            addresses,
        })
    }

    fn addresses(&self) -> Addresses {
        self.addresses
    }

    async fn run_until(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let tasks = Tasks::new(shutdown.clone());
        let readiness = Readiness::database(self.pool.clone(), shutdown.clone());
        let observers = operations::observers(&self.pool, Kept::Events);
        tasks.spawn(
            "admin",
            admin::serve(self.admin, readiness, observers, shutdown.clone()),
        );
        if let Some(grpc) = self.grpc {
            tasks.spawn("imports", self.imports.end_with(shutdown.clone()));
            tasks.spawn(
                "grpc",
                platform::grpc::serve(grpc, self.tls, self.routes, shutdown.clone()),
            );
        }
        if self.common.plays(Role::Relay) {
            tasks.spawn("relay", self.relay.run(shutdown.clone()));
        }
        if self.common.plays(Role::Jobs) {
            let roots = audit_roots::run(self.pool.clone(), Clock::system(), shutdown);
            tasks.spawn("audit roots", roots);
        }
        let outcome = tasks.finish(GRACE).await;
        self.pool.close().await;
        outcome
    }
}
