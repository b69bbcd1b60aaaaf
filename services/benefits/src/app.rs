//! The running service: pools, clients and listeners are built once, then every role's tasks run until the signal.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use auth::client::ServiceTokens;
use auth::token::SigningKey;
use auth::trust::Trust;
use auth::{Guard, protect};
use benefits_proto::v1::application_service_server::ApplicationServiceServer;
use benefits_proto::v1::catalogue_service_server::CatalogueServiceServer;
use benefits_proto::v1::review_service_server::ReviewServiceServer;
use bus::{Bus, Relay};
use chrono::TimeDelta;
use operations::Kept;
use platform::admin::Readiness;
use platform::audit_roots;
use platform::clock::Clock;
use platform::crypto::{BlindIndex, FieldCipher};
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
use crate::events::on_document_found_infected::OnDocumentFoundInfected;
use crate::events::on_member_changed::{Members, OnMemberChanged};
use crate::grpc::application_service::Applications;
use crate::grpc::catalogue_service::CatalogueOf;
use crate::grpc::demonstration_clock::DemonstrationClock;
use crate::grpc::review_service::Review;
use crate::jobs;
use crate::store::request_numbers::RequestNumbers;
use crate::use_cases::Office;

const NAME: &str = "benefits";
/// How long shutdown waits for calls in flight.
const GRACE: Duration = Duration::from_secs(20);

/// Benefits, built and bound, not yet working.
pub struct App {
    common: Common,
    office: Office,
    demonstration: DemonstrationClock,
    guard: Guard,
    bus: Bus,
    relay: Relay,
    members: Members,
    draft_life: TimeDelta,
    tls: Tls,
    grpc: Option<TcpListener>,
    admin: TcpListener,
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
        let catalogue = Arc::new(settings.read_catalogue()?);
        let draft_life = settings.draft_life();
        let review = settings.review_terms();
        let common = settings.common;
        let tls = Tls::open(&common.tls)?;
        let keys = KeyDirectory::open(&common.keys.directory);
        let cipher = FieldCipher::new(keys.ring("benefits.data")?);
        let open_requests = BlindIndex::new(keys.key("benefits.index")?);
        let pages = BlindIndex::new(keys.key("benefits.page")?);
        let signing = SigningKey::open(&keys, NAME)?;
        let tokens = ServiceTokens::new(signing.clone(), clock.clone());
        let members = Members::new(InterceptedService::new(
            platform::grpc::channel_to("membership", &settings.peers.membership, &tls)?,
            tokens.interceptor("membership"),
        ));
        let guard = Guard::new(
            &keys.trust_path(),
            NAME,
            &[benefits_proto::PERMISSIONS, operations::PERMISSIONS],
            clock.clone(),
        );
        let pool = db::connect(&common.postgres, NAME).await?;
        let bus = Bus::connect(&common.nats).await?;
        let relay = Relay::new(pool.clone(), bus.clone(), NAME);
        let office = Office {
            pool,
            clock: clock.clone(),
            catalogue,
            cipher,
            open_requests,
            pages,
            receipts: auth::receipt::Verifier::new(&keys.trust_path()),
            openings: signing,
            members: members.clone(),
            review,
            numbers: RequestNumbers::default(),
            wake: relay.wake(),
        };
        let loader = common
            .demonstration
            .enabled
            .then(|| Trust::new(&keys.trust_path()));
        let demonstration = DemonstrationClock::new(clock, loader);
        let grpc = common.listen(Role::Grpc, common.grpc.listen).await?;
        let admin = TcpListener::bind(common.admin.listen).await?;
        Ok(Self {
            common,
            office,
            demonstration,
            guard,
            bus,
            relay,
            members,
            draft_life,
            tls,
            grpc,
            admin,
        })
    }

    fn addresses(&self) -> Addresses {
        Addresses {
            grpc: address_of(self.grpc.as_ref()),
            admin: self.admin.local_addr().ok(),
            http: None,
        }
    }

    async fn run_until(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let tasks = Tasks::new(shutdown.clone());
        let pool = self.office.pool.clone();
        let readiness = Readiness::database(pool.clone(), shutdown.clone());
        let observers = operations::observers(&pool, Kept::Events);
        tasks.spawn(
            "admin",
            platform::admin::serve(self.admin, readiness, observers, shutdown.clone()),
        );
        if let Some(grpc) = self.grpc {
            let (pool, clock) = (self.office.pool.clone(), self.office.clock.clone());
            let operations = operations::server(pool, clock, Kept::Events);
            let routes = routes(&self.office, &self.demonstration).add_service(operations);
            let routes = protect(routes, self.guard);
            tasks.spawn(
                "grpc",
                platform::grpc::serve(grpc, self.tls, routes, shutdown.clone()),
            );
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
            let subscriber = OnDocumentFoundInfected {
                cipher: self.office.cipher.clone(),
                catalogue: self.office.catalogue.clone(),
            };
            tasks.spawn(
                "infected-papers",
                bus::run_subscriber(pool.clone(), self.bus, subscriber, shutdown.clone()),
            );
        }
        if self.common.plays(Role::Jobs) {
            tasks.spawn(
                "audit roots",
                audit_roots::run(pool.clone(), Clock::system(), shutdown.clone()),
            );
            let clock = self.office.clock.clone();
            tasks.spawn(
                "draft-expiry",
                jobs::expire_drafts::run(pool.clone(), clock, self.draft_life, shutdown.clone()),
            );
            tasks.spawn("ceilings", jobs::reconcile_ceilings::run(pool, shutdown.clone()));
        }
        tasks.finish(GRACE).await
    }
}

fn routes(office: &Office, demonstration: &DemonstrationClock) -> Routes {
    let applications = Applications::new(office.clone(), demonstration.clone());
    let review = Review::new(office.clone(), demonstration.clone());
    Routes::new(ApplicationServiceServer::new(applications))
        .add_service(CatalogueServiceServer::new(CatalogueOf::new(office.clone())))
        .add_service(ReviewServiceServer::new(review))
}
