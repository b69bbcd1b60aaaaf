//! Two services of an installation on servers of the test's own: identity (a queue, a stream) and partnerships (a stream, two durables), with their
//! own roles, users, subjects and queues; and membership's stream, to which partnerships listens.

use std::net::{Ipv4Addr, SocketAddr};

use async_nats::jetstream;
use async_trait::async_trait;
use bus::{Bus, HandlerError, IncomingEvent, Relay, Subscriber};
use chrono::{DateTime, Utc};
use lapin::{Channel, Connection, ConnectionProperties};
use operations::doctor::{self, Examination, Examined, RedisSection, Subject};
use platform::clock::Clock;
use platform::settings::{
    AmqpSettings, Common, DemonstrationSettings, KeysSettings, ListenSettings, NatsSettings,
    PostgresSettings, Role, Secret, TelemetrySettings,
};
use sqlx::migrate::Migration;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool};
use testkit::TestKeys;
use testkit::stack::{NatsUser, PrivateStack, Server, StackAddresses};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use work_queue::{Job, JobError, JobHandler, QueueSpec};

pub(crate) const SERVICES: [&str; 2] = ["identity", "partnerships"];
const PASSWORD: &str = "d0ct0rspassw0rd";

fn migrations() -> Vec<Migration> {
    platform::db::merge(vec![
        platform::db::migrations(),
        bus::migrations(),
        work_queue::migrations(),
    ])
}

pub(crate) struct Installation {
    stack: PrivateStack,
    keys: TestKeys,
    work: CancellationToken,
    queue: JoinHandle<anyhow::Result<()>>,
}

impl Installation {
    pub(crate) async fn start() -> Self {
        let servers = [Server::Postgres, Server::Nats, Server::Rabbitmq, Server::Redis];
        let stack = PrivateStack::start(&servers).unwrap();
        let keys = testkit::keys();
        let work = CancellationToken::new();
        let addresses = stack.addresses();
        // As the local installation makes them.
        for service in SERVICES {
            for statement in [
                format!("CREATE ROLE {service} LOGIN PASSWORD '{PASSWORD}'"),
                format!("CREATE DATABASE {service} OWNER {service}"),
                format!("REVOKE CONNECT, TEMPORARY ON DATABASE {service} FROM PUBLIC"),
            ] {
                execute(&addresses.postgres_url, &statement).await;
            }
            let postgres = settings(addresses, &keys, service).common.postgres;
            platform::db::migrate(&postgres, service, migrations(), Clock::system().now())
                .await
                .unwrap();
        }
        let amqp = settings(addresses, &keys, "identity").common.amqp;
        let url = addresses.postgres_url_as("identity", PASSWORD, "identity");
        let pool = PgPool::connect(&url).await.unwrap();
        let queue = work_queue::run_queue(
            pool,
            &amqp,
            "identity",
            Nothing,
            Clock::system(),
            work.child_token(),
        );
        let installation = Self {
            queue: tokio::spawn(queue),
            stack,
            keys,
            work,
        };
        installation.make_streams().await;
        installation.make_durables().await;
        testkit::eventually(async || {
            let found = installation.examine().await;
            let waits = found
                .findings
                .iter()
                .any(|finding| finding.kind == doctor::Kind::QueueWithoutWorkers);
            let missing = found
                .findings
                .iter()
                .any(|finding| finding.kind == doctor::Kind::QueueMissing);
            (!waits && !missing).then_some(())
        })
        .await;
        installation
    }

    /// Each publisher makes its stream with its own user.
    async fn make_streams(&self) {
        let stop = CancellationToken::new();
        for service in ["membership", "identity", "partnerships"] {
            let of = settings(self.stack.addresses(), &self.keys, service).common.nats;
            let url = self
                .stack
                .addresses()
                .postgres_url_as("identity", PASSWORD, "identity");
            let relay = Relay::new(
                PgPool::connect(&url).await.unwrap(),
                Bus::connect(&of).await.unwrap(),
                service,
            );
            tokio::spawn(relay.run(stop.clone()));
            let broker = self.broker().await;
            let name = format!("TADAMON-{}", service.to_uppercase());
            testkit::eventually(async || broker.get_stream(&name).await.ok()).await;
        }
        stop.cancel();
    }

    /// The relay of a service, with its own role and user, until the token is cancelled.
    pub(crate) async fn relay(&self, service: &'static str) -> CancellationToken {
        let of = settings(self.stack.addresses(), &self.keys, service).common;
        let pool = PgPool::connect(of.postgres.url.expose()).await.unwrap();
        let relay = Relay::new(pool, Bus::connect(&of.nats).await.unwrap(), service);
        let stop = CancellationToken::new();
        tokio::spawn(relay.run(stop.clone()));
        stop
    }

    /// The subscribers of partnerships make their durables, and end.
    pub(crate) async fn make_durables(&self) {
        let of = settings(self.stack.addresses(), &self.keys, "partnerships").common;
        let pool = PgPool::connect(of.postgres.url.expose()).await.unwrap();
        let stop = CancellationToken::new();
        let bus = Bus::connect(&of.nats).await.unwrap();
        let run = (
            tokio::spawn(bus::run_subscriber(
                pool.clone(),
                bus.clone(),
                Facts,
                stop.clone(),
            )),
            tokio::spawn(bus::run_subscriber(pool.clone(), bus, Clients, stop.clone())),
        );
        let broker = self.broker().await;
        for (stream, durable) in [
            ("TADAMON-MEMBERSHIP", "tadamon-partnerships-member-facts"),
            ("TADAMON-IDENTITY", "tadamon-partnerships-clients"),
        ] {
            testkit::eventually(async || {
                broker
                    .get_stream(stream)
                    .await
                    .ok()?
                    .consumer_info(durable)
                    .await
                    .ok()
            })
            .await;
        }
        stop.cancel();
        run.0.await.unwrap().unwrap();
        run.1.await.unwrap().unwrap();
        pool.close().await;
    }

    pub(crate) fn subject(&self, service: &'static str) -> Subject {
        Subject {
            service,
            settings: settings(self.stack.addresses(), &self.keys, service),
            migrations: migrations(),
        }
    }

    pub(crate) fn url_as(&self, role: &str, database: &str) -> Secret {
        Secret::new(self.stack.addresses().postgres_url_as(role, PASSWORD, database))
    }

    pub(crate) async fn examine(&self) -> Examination {
        self.examine_these(&SERVICES.map(|service| self.subject(service)))
            .await
    }

    pub(crate) async fn examine_these(&self, subjects: &[Subject]) -> Examination {
        self.examine_at(subjects, || Clock::system().now()).await
    }

    pub(crate) async fn examine_at(
        &self,
        subjects: &[Subject],
        now: impl Fn() -> DateTime<Utc>,
    ) -> Examination {
        let databases = SERVICES.map(str::to_owned);
        let mut all = Examination::default();
        for subject in subjects {
            all.extend(doctor::examine(subject, &databases, &now).await);
        }
        self.shows_no_secret(&all);
        all
    }

    /// Whatever is printed.
    pub(crate) fn shows_no_secret(&self, examination: &Examination) {
        let addresses = self.stack.addresses();
        let password = |url: &str| {
            let user = url.split('@').next().unwrap_or_default();
            user.rsplit(':').next().unwrap_or_default().to_owned()
        };
        let mut secrets = vec![
            PASSWORD.to_owned(),
            password(&addresses.amqp_url),
            password(&addresses.redis_url),
        ];
        secrets.extend(addresses.nats_services.values().map(|user| user.password.clone()));
        for text in [examination.report(false), examination.report(true)] {
            for secret in &secrets {
                assert!(!secret.is_empty() && !text.contains(secret), "{text}");
            }
        }
    }

    /// As the superuser.
    pub(crate) async fn execute(&self, database: &str, statements: &str) {
        execute(&self.stack.addresses().postgres_url_of(database), statements).await;
    }

    /// The broker as its administrator.
    pub(crate) async fn broker(&self) -> jetstream::Context {
        let addresses = self.stack.addresses();
        let client = async_nats::ConnectOptions::with_user_and_password(
            addresses.nats_admin.user.clone(),
            addresses.nats_admin.password.clone(),
        );
        jetstream::new(client.connect(&addresses.nats_url).await.unwrap())
    }

    pub(crate) fn system_user(&self) -> (String, NatsUser) {
        let addresses = self.stack.addresses();
        (addresses.nats_url.clone(), addresses.nats_system.clone())
    }

    pub(crate) async fn channel(&self) -> Channel {
        let url = &self.stack.addresses().amqp_url;
        let connection = Connection::connect(url, ConnectionProperties::default()).await;
        connection.unwrap().create_channel().await.unwrap()
    }

    pub(crate) async fn stop_work(&self) {
        self.work.cancel();
        testkit::eventually(async || self.queue.is_finished().then_some(())).await;
    }

    pub(crate) fn kill(&self, server: Server) {
        self.stack.kill(server).unwrap();
    }
}

async fn execute(url: &str, statements: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection
        .execute(AssertSqlSafe(statements.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
}

fn settings(addresses: &StackAddresses, keys: &TestKeys, service: &str) -> Examined {
    let listen = || ListenSettings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    };
    let user = &addresses.nats_services[service];
    Examined {
        common: Common {
            postgres: PostgresSettings {
                url: Secret::new(addresses.postgres_url_as(service, PASSWORD, service)),
                max_connections: 4,
            },
            grpc: listen(),
            admin: listen(),
            telemetry: TelemetrySettings {
                log_filter: "info".to_owned(),
                otlp_endpoint: String::new(),
            },
            nats: NatsSettings {
                url: addresses.nats_url.clone(),
                user: user.user.clone(),
                password: Secret::new(user.password.clone()),
                prefix: "tadamon".to_owned(),
                replicas: 1,
            },
            amqp: AmqpSettings {
                url: Secret::new(addresses.amqp_url.clone()),
                prefix: "tadamon".to_owned(),
            },
            keys: KeysSettings {
                directory: keys.path().to_owned(),
            },
            roles: vec![Role::Grpc, Role::Relay, Role::Subscribers, Role::Jobs],
            tls: platform::tls::TlsSettings::default(),
            demonstration: DemonstrationSettings::default(),
        },
        redis: Some(RedisSection {
            url: Secret::new(addresses.redis_url.clone()),
        }),
        storage: None,
    }
}

struct Nothing;

#[async_trait]
impl JobHandler for Nothing {
    const QUEUE: &'static QueueSpec = &work_queue::table::MATCH_ACCOUNT_REQUEST;

    async fn run(&self, _job: &Job) -> Result<(), JobError> {
        Ok(())
    }
}

macro_rules! listens {
    ($name:ident, $durable:literal, $publisher:literal, $events:expr) => {
        struct $name;

        #[async_trait]
        impl Subscriber for $name {
            const NAME: &'static str = $durable;
            const PUBLISHER: &'static str = $publisher;
            const EVENTS: &'static [&'static str] = $events;
            type Facts = ();

            async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
                Ok(())
            }

            async fn apply(
                &self,
                _conn: &mut PgConnection,
                _events: &[IncomingEvent],
                _facts: (),
            ) -> Result<(), HandlerError> {
                Ok(())
            }
        }
    };
}

listens!(
    Facts,
    "partnerships-member-facts",
    "membership",
    &["membership.member.changed.v1", "membership.member.left.v1"]
);
listens!(
    Clients,
    "partnerships-clients",
    "identity",
    &["identity.client.changed.v1"]
);
