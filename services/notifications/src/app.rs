//! What runs in a notifications process: the inbox behind the guard, the admin server, the subscribers, the mail queue.
//!
//! It publishes nothing, so there is no relay.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use auth::Guard;
use auth::client::ServiceTokens;
use auth::token::SigningKey;
use bus::{Bus, Subscriber, run_subscriber};
use operations::Kept;
use platform::admin::{self, Readiness};
use platform::audit_roots;
use platform::clock::Clock;
use platform::keys::KeyDirectory;
use platform::process::{Addresses, ServiceApp, address_of};
use platform::settings::{AmqpSettings, Common, Role};
use platform::tasks::Tasks;
use platform::tls::Tls;
use sqlx::PgPool;
use sqlx::migrate::Migration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::context::Context;
use crate::events::on_account_access_changed::OnAccountAccessChanged;
use crate::events::on_account_activated::OnAccountActivated;
use crate::events::on_account_link_requested::OnAccountLinkRequested;
use crate::events::on_application_changed::OnApplicationChanged;
use crate::events::on_application_reviewed::OnApplicationReviewed;
use crate::grpc;
use crate::jobs::send_email::SendEmail;
use crate::mail::Mailer;
use crate::mail::peers::Peers;

const NAME: &str = "notifications";
/// How long what is in flight may take after the signal.
const GRACE: Duration = Duration::from_secs(20);

/// A notifications process, built but not running.
pub struct App {
    context: Arc<Context>,
    roles: Vec<Role>,
    amqp: AmqpSettings,
    bus: Bus,
    guard: Guard,
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
        let Settings {
            common,
            peers,
            smtp,
            mail,
        } = settings;
        let tls = Tls::open(&common.tls)?;
        let pool = platform::db::connect(&common.postgres, NAME).await?;
        let bus = Bus::connect(&common.nats).await?;
        let grpc = common.listen(Role::Grpc, common.grpc.listen).await?;
        let admin = TcpListener::bind(common.admin.listen).await?;
        let addresses = Addresses {
            grpc: address_of(grpc.as_ref()),
            admin: Some(admin.local_addr()?),
            http: None,
        };
        let keys = KeyDirectory::open(&common.keys.directory);
        let tokens = ServiceTokens::new(SigningKey::open(&keys, NAME)?, clock.clone());
        let guard = Guard::new(
            &keys.trust_path(),
            NAME,
            &[notifications_proto::PERMISSIONS, operations::PERMISSIONS],
            clock.clone(),
        );
        let context = Context {
            pool,
            peers: Peers::new(&peers, &tls, &tokens)?,
            mailer: Mailer::new(&smtp, &mail, clock.clone())?,
            mail,
            clock,
        };
        let Common { roles, amqp, .. } = common;
        Ok(Self {
            context: Arc::new(context),
            roles,
            amqp,
            bus,
            guard,
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
        let (pool, clock) = (self.context.pool.clone(), self.context.clock.clone());
        let plays = |role| self.roles.contains(&role);
        let readiness = Readiness::database(pool.clone(), shutdown.clone());
        let observers = operations::observers(&pool, Kept::EventsAndJobs);
        tasks.spawn(
            "admin",
            admin::serve(self.admin, readiness, observers, shutdown.clone()),
        );
        if let Some(grpc) = self.grpc {
            let operations = operations::server(pool.clone(), clock.clone(), Kept::EventsAndJobs);
            let routes = auth::protect(grpc::routes(&self.context).add_service(operations), self.guard);
            tasks.spawn(
                "grpc",
                platform::grpc::serve(grpc, self.tls, routes, shutdown.clone()),
            );
        }
        if plays(Role::Subscribers) {
            let listen = Listen {
                tasks: &tasks,
                pool: &pool,
                bus: &self.bus,
                shutdown: &shutdown,
            };
            listen.to("account links", OnAccountLinkRequested(clock.clone()));
            listen.to("account activations", OnAccountActivated(clock.clone()));
            listen.to("account access", OnAccountAccessChanged(clock.clone()));
            listen.to("applications", OnApplicationChanged(clock.clone()));
            listen.to("reviews", OnApplicationReviewed(clock.clone()));
        }
        if plays(Role::Jobs) {
            tasks.spawn(
                "audit roots",
                audit_roots::run(pool.clone(), Clock::system(), shutdown.clone()),
            );
            let handler = SendEmail(Arc::clone(&self.context));
            let queue =
                work_queue::run_queue(pool.clone(), &self.amqp, NAME, handler, clock, shutdown.clone());
            tasks.spawn("queue", queue);
        }
        let outcome = tasks.finish(GRACE).await;
        pool.close().await;
        outcome
    }
}

struct Listen<'a> {
    tasks: &'a Tasks,
    pool: &'a PgPool,
    bus: &'a Bus,
    shutdown: &'a CancellationToken,
}

impl Listen<'_> {
    fn to<S: Subscriber>(&self, name: &'static str, subscriber: S) {
        let (pool, bus, shutdown) = (self.pool.clone(), self.bus.clone(), self.shutdown.clone());
        self.tasks
            .spawn(name, run_subscriber(pool, bus, subscriber, shutdown));
    }
}
