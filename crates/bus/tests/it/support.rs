//! A publishing service and a subscriber that keeps the newest version of each record, in one database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use bus::{Bus, HandlerError, IncomingEvent, OutgoingEvent, Relay, Subscriber};
use platform::clock::Clock;
use platform::settings::{NatsSettings, Secret};
use serde_json::json;
use sqlx::{Executor as _, PgConnection, Row as _};
use testkit::TestDb;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) nats: NatsSettings,
    pub(crate) shutdown: CancellationToken,
}

impl World {
    pub(crate) async fn start() -> Self {
        let db = TestDb::create(
            "bus",
            platform::db::merge(vec![platform::db::migrations(), bus::migrations()]),
        )
        .await;
        db.pool.execute("CREATE TABLE newest (aggregate uuid PRIMARY KEY, version bigint NOT NULL, applied bigint NOT NULL)").await.unwrap();
        let addresses = testkit::stack::test_addresses().unwrap();
        let nats = NatsSettings {
            url: addresses.nats_url,
            user: addresses.nats_admin.user,
            password: Secret::new(addresses.nats_admin.password),
            prefix: testkit::prefix(),
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
        let mut conn = self.db.pool.acquire().await.unwrap();
        let now = Clock::system().now();
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

    pub(crate) async fn stream(&self) -> async_nats::jetstream::stream::Stream {
        let client = async_nats::ConnectOptions::with_user_and_password(
            self.nats.user.clone(),
            self.nats.password.expose().to_owned(),
        )
        .connect(&self.nats.url)
        .await
        .unwrap();
        let name = format!("{}-things", self.nats.prefix).to_uppercase();
        async_nats::jetstream::new(client).get_stream(name).await.unwrap()
    }
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
    /// Refuses this version for ever.
    pub(crate) poison: Option<i64>,
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
            if Some(event.sequence) == self.poison {
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
        }
        Ok(())
    }
}
