//! A publishing service and a subscriber that keeps the newest version of each record, in one database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};

use async_trait::async_trait;
use bus::{Bus, DeadLetter, HandlerError, IncomingEvent, OutgoingEvent, Relay, ReplayRequest, Subscriber};
use chrono::{DateTime, Utc};
use platform::clock::Clock;
use platform::settings::{NatsSettings, PostgresSettings, Secret};
use serde_json::json;
use sqlx::migrate::Migration;
use sqlx::{Executor as _, PgConnection, PgPool, Row as _};
use testkit::TestDb;
use testkit::stack::{PrivateStack, StackAddresses};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) struct Db {
    pub(crate) pool: PgPool,
    /// Of the shared stack; dropped with it.
    _own: Option<TestDb>,
}

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) nats: NatsSettings,
    pub(crate) shutdown: CancellationToken,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_on(&testkit::stack::test_addresses().unwrap()).await
    }

    /// A database of the shared stack, and the bus of `addresses`.
    pub(crate) async fn start_on(addresses: &StackAddresses) -> Self {
        let own = TestDb::create("bus", migrations()).await;
        let db = Db {
            pool: own.pool.clone(),
            _own: Some(own),
        };
        Self::start_with(db, addresses).await
    }

    /// Database and bus of a stack that dies.
    pub(crate) async fn start_wholly_on(stack: &PrivateStack) -> Self {
        let addresses = stack.addresses();
        let settings = PostgresSettings {
            url: Secret::new(addresses.postgres_url.clone()),
            max_connections: 8,
        };
        platform::db::migrate(&settings, "bus", migrations(), Clock::system().now())
            .await
            .unwrap();
        let db = Db {
            pool: PgPool::connect(&addresses.postgres_url).await.unwrap(),
            _own: None,
        };
        Self::start_with(db, addresses).await
    }

    async fn start_with(db: Db, addresses: &StackAddresses) -> Self {
        db.pool.execute("CREATE TABLE newest (aggregate uuid PRIMARY KEY, version bigint NOT NULL, applied bigint NOT NULL)").await.unwrap();
        db.pool
            .execute(
                "CREATE TABLE effects (number bigserial, aggregate uuid NOT NULL, version bigint NOT NULL)",
            )
            .await
            .unwrap();
        let nats = NatsSettings {
            url: addresses.nats_url.clone(),
            user: addresses.nats_admin.user.clone(),
            password: Secret::new(addresses.nats_admin.password.clone()),
            prefix: testkit::prefix(),
            replicas: 1,
        };
        Self {
            db,
            nats,
            shutdown: CancellationToken::new(),
        }
    }

    pub(crate) async fn bus(&self) -> Bus {
        Bus::connect(&self.nats).await.unwrap()
    }

    pub(crate) async fn start_relay(&self) -> CancellationToken {
        let stop = self.shutdown.child_token();
        tokio::spawn(Relay::new(self.db.pool.clone(), self.bus().await, "things").run(stop.clone()));
        stop
    }

    pub(crate) async fn start_subscriber(&self, subscriber: Newest) -> CancellationToken {
        let stop = self.shutdown.child_token();
        tokio::spawn(bus::run_subscriber(
            self.db.pool.clone(),
            self.bus().await,
            subscriber,
            stop.clone(),
        ));
        stop
    }

    pub(crate) async fn enqueue(&self, aggregate: Uuid, version: i64) {
        self.enqueue_at(Clock::system().now(), aggregate, version).await;
    }

    /// An event whose id says that it happened at `now`.
    pub(crate) async fn enqueue_at(&self, now: DateTime<Utc>, aggregate: Uuid, version: i64) {
        let mut conn = self.db.pool.acquire().await.unwrap();
        let event = OutgoingEvent::new(
            now,
            "things.thing.changed.v1",
            aggregate,
            version,
            "test",
            &json!({ "version": version.to_string() }),
        );
        bus::enqueue(&mut conn, event).await.unwrap();
    }

    /// All rows are sent.
    pub(crate) async fn drained(&self) {
        testkit::eventually(|| async { (bus::unsent(&self.db.pool).await.unwrap() == 0).then_some(()) })
            .await;
    }

    pub(crate) async fn newest(&self, aggregate: Uuid) -> Option<(i64, i64)> {
        let row = sqlx::query("SELECT version, applied FROM newest WHERE aggregate = $1")
            .bind(aggregate)
            .fetch_optional(&self.db.pool)
            .await
            .unwrap();
        row.map(|row| (row.get(0), row.get(1)))
    }

    /// Versions of a record in the order in which they took effect.
    pub(crate) async fn effects(&self, aggregate: Uuid) -> Vec<i64> {
        let rows = sqlx::query("SELECT version FROM effects WHERE aggregate = $1 ORDER BY number")
            .bind(aggregate)
            .fetch_all(&self.db.pool)
            .await
            .unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub(crate) async fn admin(&self) -> async_nats::Client {
        async_nats::ConnectOptions::with_user_and_password(
            self.nats.user.clone(),
            self.nats.password.expose().to_owned(),
        )
        .connect(&self.nats.url)
        .await
        .unwrap()
    }

    pub(crate) async fn stream(&self) -> async_nats::jetstream::stream::Stream {
        let name = format!("{}-things", self.nats.prefix).to_uppercase();
        async_nats::jetstream::new(self.admin().await)
            .get_stream(name)
            .await
            .unwrap()
    }

    /// Parked events as soon as there are `count`.
    pub(crate) async fn parked(&self, count: usize) -> Vec<DeadLetter> {
        testkit::eventually(|| async {
            let parked = bus::list_dead_letters(&self.db.pool, 10).await.unwrap();
            (parked.len() == count).then_some(parked)
        })
        .await
    }

    pub(crate) async fn request_replay(&self, event: Uuid) -> ReplayRequest {
        let mut conn = self.db.pool.acquire().await.unwrap();
        let now = Clock::system().now();
        bus::request_replay(&mut conn, Newest::NAME, event, now)
            .await
            .unwrap()
    }
}

fn migrations() -> Vec<Migration> {
    platform::db::merge(vec![platform::db::migrations(), bus::migrations()])
}

pub(crate) fn id() -> Uuid {
    platform::ids::uuid_v7(Clock::system().now())
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// Keeps the newest version of each record and counts how often it changed something.
#[derive(Clone, Default)]
pub(crate) struct Newest {
    pub(crate) away: Arc<AtomicBool>,
    pub(crate) calls: Arc<AtomicU32>,
    /// Refuses this version until it is mended.
    poison: Arc<AtomicI64>,
}

impl Newest {
    pub(crate) fn poisoned_by(version: i64) -> Self {
        Self {
            poison: Arc::new(AtomicI64::new(version)),
            ..Self::default()
        }
    }

    pub(crate) fn mend(&self) {
        self.poison.store(0, Ordering::SeqCst);
    }
}

#[async_trait]
impl Subscriber for Newest {
    const NAME: &'static str = "test-newest";
    const PUBLISHER: &'static str = "things";
    const EVENTS: &'static [&'static str] = &["things.thing.changed.v1"];
    const BATCH: usize = 16;
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(HandlerError::transient(anyhow::anyhow!("the owner is away")));
        }
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        _facts: (),
    ) -> Result<(), HandlerError> {
        for event in events {
            // An enum of which we do not know the name, as in a message of a later version.
            if event.data.get("kind").is_some() {
                event.decode::<Known>()?;
            }
            if event.sequence > 0 && event.sequence == self.poison.load(Ordering::SeqCst) {
                return Err(HandlerError::permanent(anyhow::anyhow!("poison")));
            }
            sqlx::query(
                "INSERT INTO newest VALUES ($1, $2, 1) ON CONFLICT (aggregate) DO UPDATE
                 SET version = greatest(newest.version, $2), applied = newest.applied + 1",
            )
            .bind(event.aggregate)
            .bind(event.sequence)
            .execute(&mut *conn)
            .await?;
            sqlx::query("INSERT INTO effects (aggregate, version) VALUES ($1, $2)")
                .bind(event.aggregate)
                .bind(event.sequence)
                .execute(&mut *conn)
                .await?;
        }
        Ok(())
    }
}

/// What this version knows.
#[derive(serde::Deserialize)]
struct Known {
    #[expect(dead_code, reason = "only whether it can be read counts")]
    kind: Kind,
}

#[derive(serde::Deserialize)]
enum Kind {
    #[serde(rename = "KIND_OLD")]
    Old,
}
