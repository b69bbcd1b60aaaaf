//! What runs in a documents process: the gRPC server behind the guard, the admin server, the relay, the subscriber, the
//! timers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use auth::Guard;
use auth::grant::Verifier;
use auth::token::SigningKey;
use bus::{Bus, Relay};
use chrono::TimeDelta;
use documents_proto::v1::document_service_server::DocumentServiceServer;
use operations::Kept;
use paper_store::Store;
use platform::admin::{self, Readiness};
use platform::audit_roots;
use platform::clock::Clock;
use platform::crypto::FieldCipher;
use platform::keys::KeyDirectory;
use platform::process::{Addresses, ServiceApp, address_of};
use platform::settings::{Common, Role};
use platform::tasks::Tasks;
use platform::tls::Tls;
use sqlx::PgPool;
use sqlx::migrate::Migration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use crate::config::Settings;
use crate::events::on_application_resent::OnApplicationResent;
use crate::events::on_application_submitted::OnApplicationSubmitted;
use crate::grpc::{AT_ONCE, DocumentGrpc};
use crate::jobs;
use crate::metrics::NotScannedObserver;
use crate::scanner::{ClamAv, NoScanner, Scanner};
use crate::use_cases::download_document::DownloadDocument;
use crate::use_cases::open_for_review::OpenForReview;
use crate::use_cases::rescan::Rescan;
use crate::use_cases::upload_document::UploadDocument;

const NAME: &str = "documents";
/// How long what is in flight may take after the signal.
const GRACE: Duration = Duration::from_secs(20);

/// Where papers lie, asked for by those roles that write or read there. A wrong place keeps the process from starting; one that is merely away does
/// not: a paper is refused with "try again" until it is back.
async fn place(settings: &Settings) -> anyhow::Result<Store> {
    let storage = Store::open(&settings.storage)?;
    if settings.uses_storage() {
        match storage.probe().await {
            Ok(()) => {}
            Err(error) if error.is_misplaced() => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "the place of the papers is away; starting all the same");
            }
        }
    }
    Ok(storage)
}

/// A documents process, built but not running.
#[derive(Debug)]
pub struct App {
    common: Common,
    pool: PgPool,
    bus: Bus,
    relay: Relay,
    storage: Store,
    draft_life: TimeDelta,
    /// None where no scanner runs.
    rescan: Option<Rescan>,
    clock: Clock,
    routes: Routes,
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
        if settings.review.require_scan && settings.scanner.clamd_address.is_empty() {
            tracing::warn!("no scanner is set and agents open scanned papers only: none will open to them");
        }
        let scans = !settings.scanner.clamd_address.is_empty();
        let scanner: Arc<dyn Scanner> = match settings.scanner.address()? {
            Some(address) => Arc::new(ClamAv {
                address,
                timeout: Duration::from_secs(settings.scanner.timeout_seconds),
            }),
            None => Arc::new(NoScanner),
        };
        let draft_life = settings.retention.draft();
        let storage = place(&settings).await?;
        let common = settings.common;
        let tls = Tls::open(&common.tls)?;
        let keys = KeyDirectory::open(&common.keys.directory);
        let cipher = FieldCipher::new(keys.ring("documents.data")?);
        let signing_key = SigningKey::open(&keys, NAME)?;
        let pool = platform::db::connect(&common.postgres, NAME).await?;
        let bus = Bus::connect(&common.nats).await?;
        let relay = Relay::new(pool.clone(), bus.clone(), NAME);
        let rescan = scans.then(|| Rescan {
            pool: pool.clone(),
            cipher: cipher.clone(),
            storage: storage.clone(),
            scanner: Arc::clone(&scanner),
            clock: clock.clone(),
        });
        let upload = UploadDocument {
            pool: pool.clone(),
            cipher: cipher.clone(),
            storage: storage.clone(),
            scanner,
            wake: relay.wake(),
            clock: clock.clone(),
        };
        let download = DownloadDocument {
            pool: pool.clone(),
            cipher,
            storage: storage.clone(),
            clock: clock.clone(),
        };
        let review = OpenForReview {
            pool: pool.clone(),
            cipher: download.cipher.clone(),
            storage: storage.clone(),
            grants: Verifier::new(&keys.trust_path()),
            require_scan: settings.review.require_scan,
            clock: clock.clone(),
        };
        let service = DocumentGrpc {
            upload,
            download,
            review,
            signing_key,
            pages: Arc::new(keys.ring("documents.data")?),
            max_bytes: settings.limits.max_bytes,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        };
        let guard = Guard::new(
            &keys.trust_path(),
            NAME,
            &[documents_proto::PERMISSIONS, operations::PERMISSIONS],
            clock.clone(),
        );
        let operations = operations::server(pool.clone(), clock.clone(), Kept::Events);
        let routes = Routes::new(DocumentServiceServer::new(service)).add_service(operations);
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
            bus,
            relay,
            storage,
            draft_life,
            rescan,
            clock,
            routes,
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
        let observers = operations::observers(&self.pool, Kept::Events).and(NotScannedObserver {
            pool: self.pool.clone(),
            clock: self.clock.clone(),
            scans: self.rescan.is_some(),
        });
        tasks.spawn(
            "admin",
            admin::serve(self.admin, readiness, observers, shutdown.clone()),
        );
        if let Some(grpc) = self.grpc {
            tasks.spawn(
                "grpc",
                platform::grpc::serve(grpc, self.tls, self.routes, shutdown.clone()),
            );
        }
        if self.common.plays(Role::Relay) {
            tasks.spawn("relay", self.relay.run(shutdown.clone()));
        }
        if self.common.plays(Role::Subscribers) {
            let resent = bus::run_subscriber(
                self.pool.clone(),
                self.bus.clone(),
                OnApplicationResent,
                shutdown.clone(),
            );
            tasks.spawn("resent papers", resent);
            let keeping = bus::run_subscriber(
                self.pool.clone(),
                self.bus,
                OnApplicationSubmitted,
                shutdown.clone(),
            );
            tasks.spawn("kept papers", keeping);
        }
        if self.common.plays(Role::Jobs) {
            tasks.spawn(
                "audit roots",
                audit_roots::run(self.pool.clone(), Clock::system(), shutdown.clone()),
            );
            let purge = jobs::purge_drafts::run(
                self.pool.clone(),
                self.storage.clone(),
                self.clock.clone(),
                self.draft_life,
                shutdown.clone(),
            );
            tasks.spawn("purge drafts", purge);
            if let Some(rescan) = self.rescan {
                tasks.spawn("rescan", jobs::rescan::run(rescan, shutdown.clone()));
            }
            let sweep = jobs::sweep_orphans::run(self.pool.clone(), self.storage, self.clock, shutdown);
            tasks.spawn("sweep orphans", sweep);
        }
        let outcome = tasks.finish(GRACE).await;
        self.pool.close().await;
        outcome
    }
}
