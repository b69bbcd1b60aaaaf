//! What runs in an identity process: the gRPC server behind the guard, the token endpoint, the admin server, the relay, the queue, the sweep.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth::Guard;
use bus::{Bus, Relay};
use operations::Kept;
use platform::admin::{self, Readiness};
use platform::audit_roots;
use platform::clock::Clock;
use platform::process::{Addresses, ServiceApp, address_of};
use platform::settings::{Common, Role};
use platform::tasks::Tasks;
use platform::tls::Tls;
use sqlx::migrate::Migration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::context::Context;
use crate::jobs::match_account_request::Handler;
use crate::use_cases::sweep;
use crate::{grpc, http};

const NAME: &str = "identity";
/// How long what is in flight may take after the signal.
const GRACE: Duration = Duration::from_secs(20);

/// An identity process, built but not running.
pub struct App {
    context: Arc<Context>,
    relay: Relay,
    guard: Guard,
    tls: Tls,
    grpc: Option<TcpListener>,
    http: Option<TcpListener>,
    admin: TcpListener,
    addresses: Addresses,
}

/// Counts what is dear, so that a test can hold known and unknown people to the same work.
#[derive(Debug, Clone)]
pub struct WorkDone {
    hashes: Arc<AtomicU64>,
}

impl WorkDone {
    /// Passwords hashed or verified since the start.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }
}

impl App {
    /// The counters of this process.
    #[must_use]
    pub fn work_done(&self) -> WorkDone {
        WorkDone {
            hashes: self.context.hasher.done(),
        }
    }
}

/// Every migration of the service's database, in order.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    platform::db::merge(vec![
        platform::db::migrations(),
        bus::migrations(),
        work_queue::migrations(),
        sqlx::migrate!("./migrations").migrations.to_vec(),
    ])
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
        migrations()
    }

    async fn build(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let tls = Tls::open(&settings.common.tls)?;
        let pool = platform::db::connect(&settings.common.postgres, NAME).await?;
        let relay = Relay::new(pool.clone(), Bus::connect(&settings.common.nats).await?, NAME);
        let grpc = settings
            .common
            .listen(Role::Grpc, settings.common.grpc.listen)
            .await?;
        let http = settings.common.listen(Role::Grpc, settings.http.listen).await?;
        let admin = TcpListener::bind(settings.common.admin.listen).await?;
        let addresses = Addresses {
            grpc: address_of(grpc.as_ref()),
            admin: Some(admin.local_addr()?),
            http: address_of(http.as_ref()),
        };
        let trust = platform::keys::KeyDirectory::open(&settings.common.keys.directory).trust_path();
        let tables: &[_] = &[identity_proto::PERMISSIONS, operations::PERMISSIONS];
        let guard = Guard::new(&trust, NAME, tables, clock.clone());
        let context = Context::new(settings, &tls, pool, relay.wake(), clock)?;
        Ok(Self {
            context,
            relay,
            guard,
            tls,
            grpc,
            http,
            admin,
            addresses,
        })
    }

    fn addresses(&self) -> Addresses {
        self.addresses
    }

    async fn run_until(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let tasks = Tasks::new(shutdown.clone());
        let common = &self.context.settings.common;
        let readiness = Readiness::database(self.context.pool.clone(), shutdown.clone());
        let observers = operations::observers(&self.context.pool, Kept::EventsAndJobs);
        tasks.spawn(
            "admin",
            admin::serve(self.admin, readiness, observers, shutdown.clone()),
        );
        if let (Some(grpc), Some(http)) = (self.grpc, self.http) {
            let (pool, clock) = (self.context.pool.clone(), self.context.clock.clone());
            let operations = operations::server(pool, clock, Kept::EventsAndJobs);
            let routes = auth::protect(grpc::routes(&self.context).add_service(operations), self.guard);
            tasks.spawn(
                "grpc",
                platform::grpc::serve(grpc, self.tls, routes, shutdown.clone()),
            );
            let router = http::oauth::router(Arc::clone(&self.context));
            let limits = platform::http::Limits::default();
            tasks.spawn(
                "http",
                platform::http::serve(http, router, limits, shutdown.clone()),
            );
        }
        if common.plays(Role::Relay) {
            tasks.spawn("relay", self.relay.run(shutdown.clone()));
        }
        if common.plays(Role::Jobs) {
            let (pool, clock) = (self.context.pool.clone(), self.context.clock.clone());
            tasks.spawn(
                "audit roots",
                audit_roots::run(pool.clone(), Clock::system(), shutdown.clone()),
            );
            let queue = work_queue::run_queue(
                pool,
                &common.amqp,
                NAME,
                Handler(Arc::clone(&self.context)),
                clock,
                shutdown.clone(),
            );
            tasks.spawn("queue", queue);
            let (context, ended) = (Arc::clone(&self.context), shutdown);
            tasks.spawn("sweep", async move {
                sweep::run(&context, &ended).await;
                anyhow::Ok(())
            });
        }
        let outcome = tasks.finish(GRACE).await;
        self.context.pool.close().await;
        outcome
    }
}
