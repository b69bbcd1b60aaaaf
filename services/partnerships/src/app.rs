//! The running service: pools, clients and listeners are built once, then every role's tasks run until the signal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth::client::ServiceTokens;
use auth::token::SigningKey;
use auth::trust::Trust;
use auth::{Guard, protect};
use bus::{Bus, Relay};
use chrono::TimeDelta;
use operations::Kept;
use partnerships_proto::v1::administration_service_server::AdministrationServiceServer;
use partnerships_proto::v1::card_service_server::CardServiceServer;
use platform::admin::Readiness;
use platform::audit_roots;
use platform::clock::Clock;
use platform::crypto::BlindIndex;
use platform::db;
use platform::keys::KeyDirectory;
use platform::process::{Addresses, ServiceApp, address_of};
use platform::settings::{Common, Role};
use platform::tasks::Tasks;
use platform::tls::Tls;
use sqlx::migrate::Migration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::service::interceptor::InterceptedService;

use crate::config::Settings;
use crate::events::on_client_changed::OnClientChanged;
use crate::events::on_member_changed::{Members, OnMemberChanged};
use crate::gateway::{self, Gateway, Quota};
use crate::grpc::administration_service::Administration;
use crate::grpc::card_service::Cards;
use crate::jobs;
use crate::store::redis::Redis;
use crate::use_cases::{Codes, Desk, Lives, Shelf};

pub(crate) const NAME: &str = "partnerships";
/// How long shutdown waits for calls in flight.
const GRACE: Duration = Duration::from_secs(20);

/// Partnerships, built and bound, not yet working.
pub struct App {
    common: Common,
    desk: Desk,
    gateway: Arc<Gateway>,
    guard: Guard,
    bus: Bus,
    relay: Relay,
    members: Members,
    check_life: TimeDelta,
    tls: Tls,
    grpc: Option<TcpListener>,
    http: Option<TcpListener>,
    admin: TcpListener,
}

/// Counts what is dear, so that a test can hold known and unknown codes to the same work.
#[derive(Debug, Clone)]
pub struct WorkDone {
    hashes: Arc<AtomicU64>,
}

impl WorkDone {
    /// Codes hashed since the start.
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
            hashes: self.desk.codes.done(),
        }
    }
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
        let lives = Lives {
            code: settings.code_life(),
            answer: settings.answer_life(),
            sets_per_hour: settings.card.codes_per_hour.into(),
        };
        let check_life = settings.check_life();
        let common = settings.common;
        let tls = Tls::open(&common.tls)?;
        let keys = KeyDirectory::open(&common.keys.directory);
        let codes = Codes::new(BlindIndex::new(keys.key("partnerships.index")?));
        let pages = BlindIndex::new(keys.key("partnerships.page")?);
        // Callers' tokens are minutes old at most: they are judged by the machine's clock also where a test moves the service's.
        let tokens = ServiceTokens::new(SigningKey::open(&keys, NAME)?, Clock::system());
        let members = Members::new(InterceptedService::new(
            platform::grpc::channel_to("membership", &settings.peers.membership, &tls)?,
            tokens.interceptor("membership"),
        ));
        let guard = Guard::new(
            &keys.trust_path(),
            NAME,
            &[partnerships_proto::PERMISSIONS, operations::PERMISSIONS],
            Clock::system(),
        );
        let pool = db::connect(&common.postgres, NAME).await?;
        let bus = Bus::connect(&common.nats).await?;
        let relay = Relay::new(pool.clone(), bus.clone(), NAME);
        let desk = Desk {
            pool,
            clock: clock.clone(),
            book: Shelf::default(),
            codes,
            pages,
            wake: relay.wake(),
            lives,
        };
        let quota = Quota::new(Redis::new(&settings.redis)?, clock, settings.quota);
        let trust = Trust::new(&keys.trust_path());
        let gateway = Arc::new(Gateway::new(desk.clone(), trust, Clock::system(), quota));
        let grpc = common.listen(Role::Grpc, common.grpc.listen).await?;
        let http = common.listen(Role::Grpc, settings.gateway.listen).await?;
        let admin = TcpListener::bind(common.admin.listen).await?;
        Ok(Self {
            common,
            desk,
            gateway,
            guard,
            bus,
            relay,
            members,
            check_life,
            tls,
            grpc,
            http,
            admin,
        })
    }

    fn addresses(&self) -> Addresses {
        Addresses {
            grpc: address_of(self.grpc.as_ref()),
            admin: self.admin.local_addr().ok(),
            http: address_of(self.http.as_ref()),
        }
    }

    async fn run_until(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let tasks = Tasks::new(shutdown.clone());
        let pool = self.desk.pool.clone();
        let readiness = Readiness::database(pool.clone(), shutdown.clone());
        let observers = operations::observers(&pool, Kept::Events);
        tasks.spawn(
            "admin",
            platform::admin::serve(self.admin, readiness, observers, shutdown.clone()),
        );
        if let (Some(grpc), Some(http)) = (self.grpc, self.http) {
            let operations = operations::server(pool.clone(), self.desk.clock.clone(), Kept::Events);
            let routes = protect(routes(&self.desk).add_service(operations), self.guard);
            tasks.spawn(
                "grpc",
                platform::grpc::serve(grpc, self.tls, routes, shutdown.clone()),
            );
            tasks.spawn("gateway", gateway::serve(http, self.gateway, shutdown.clone()));
        }
        if self.common.plays(Role::Relay) {
            tasks.spawn("relay", self.relay.run(shutdown.clone()));
        }
        if self.common.plays(Role::Subscribers) {
            let subscriber = OnMemberChanged {
                members: self.members,
            };
            tasks.spawn(
                "member-facts",
                bus::run_subscriber(pool.clone(), self.bus.clone(), subscriber, shutdown.clone()),
            );
            tasks.spawn(
                "clients",
                bus::run_subscriber(pool.clone(), self.bus, OnClientChanged, shutdown.clone()),
            );
        }
        if self.common.plays(Role::Jobs) {
            tasks.spawn(
                "audit roots",
                audit_roots::run(pool.clone(), Clock::system(), shutdown.clone()),
            );
            let clock = self.desk.clock.clone();
            tasks.spawn(
                "sweep",
                jobs::sweep::run(pool, clock, self.check_life, shutdown.clone()),
            );
        }
        tasks.finish(GRACE).await
    }
}

fn routes(desk: &Desk) -> Routes {
    Routes::new(CardServiceServer::new(Cards(desk.clone())))
        .add_service(AdministrationServiceServer::new(Administration(desk.clone())))
}
