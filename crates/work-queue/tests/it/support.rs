//! One database and one queue name per test, a handler that does what the payload says, and waiting with a deadline.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::JobId;
use lapin::options::{QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use platform::clock::Clock;
use platform::settings::{AmqpSettings, Secret};
use serde_json::json;
use sqlx::{Connection as _, PgConnection, PgPool};
use testkit::stack::StackAddresses;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use work_queue::{Job, JobError, JobHandler, NewJob, QueueSpec, enqueue, operate};

pub(crate) const SERVICE: &str = "tester";

pub(crate) const QUEUE: QueueSpec = QueueSpec {
    name: "work",
    prefetch: 4,
    max_attempts: 3,
    backoff: &[Duration::from_secs(10), Duration::from_secs(60)],
    delivery_limit: 5,
    max_length: 50,
};

/// (job, attempt) of every run, and every job that was told dead.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) runs: Vec<(JobId, i32)>,
    pub(crate) dead: Vec<(JobId, String)>,
}

#[derive(Clone, Default)]
pub(crate) struct Handler(pub(crate) Arc<Mutex<Seen>>);

#[async_trait]
impl JobHandler for Handler {
    const QUEUE: &'static QueueSpec = &QUEUE;

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        self.0.lock().unwrap().runs.push((job.id, job.attempt));
        match job.payload["do"].as_str() {
            Some("succeed") => Ok(()),
            Some("fail") => Err(JobError::retry("away").class("away")),
            Some("fail once") if job.attempt == 1 => Err(JobError::retry("away").class("away")),
            Some("fail once") => Ok(()),
            Some("be hopeless") => Err(JobError::dead("refused").class("refused")),
            other => panic!("told to do {other:?}"),
        }
    }

    async fn on_dead(&self, _conn: &mut PgConnection, job: &Job, class: &str) -> Result<(), sqlx::Error> {
        self.0.lock().unwrap().dead.push((job.id, class.to_owned()));
        Ok(())
    }
}

/// A process with one queue.
pub(crate) struct TestQueue {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    pub(crate) seen: Arc<Mutex<Seen>>,
    pub(crate) amqp: AmqpSettings,
    database: String,
    admin_url: String,
    shutdown: CancellationToken,
    running: Option<JoinHandle<anyhow::Result<()>>>,
}

pub(crate) fn start_of_test() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

impl TestQueue {
    /// A database and a queue name of its own; nothing runs yet.
    pub(crate) async fn prepare(addresses: &StackAddresses) -> Self {
        let name = format!("wq_{}", Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(&addresses.postgres_url).await.unwrap();
        let create = sqlx::AssertSqlSafe(format!("create database {name}"));
        sqlx::query(create).execute(&mut admin).await.unwrap();
        let pool = PgPool::connect(&addresses.postgres_url_of(&name)).await.unwrap();
        let migrations = platform::db::merge(vec![platform::db::migrations(), work_queue::migrations()]);
        let mut conn = pool.acquire().await.unwrap();
        platform::db::migrate_on(&mut conn, SERVICE, migrations, start_of_test())
            .await
            .unwrap();
        drop(conn);
        Self {
            pool,
            clock: Clock::manual(start_of_test()),
            seen: Arc::default(),
            amqp: AmqpSettings {
                url: Secret::new(addresses.amqp_url.clone()),
                prefix: format!("t-{}", Uuid::new_v4().simple()),
            },
            database: name,
            admin_url: addresses.postgres_url.clone(),
            shutdown: CancellationToken::new(),
            running: None,
        }
    }

    /// Prepared and running on the shared stack.
    pub(crate) async fn start() -> Self {
        let mut queue = Self::prepare(&testkit::stack::test_addresses().unwrap()).await;
        queue.run();
        queue
    }

    pub(crate) fn run(&mut self) {
        let handler = Handler(Arc::clone(&self.seen));
        let (pool, clock, shutdown) = (self.pool.clone(), self.clock.clone(), self.shutdown.clone());
        let queue = work_queue::run_queue(pool, &self.amqp, SERVICE, handler, clock, shutdown);
        self.running = Some(tokio::spawn(queue));
    }

    /// How it ended by itself.
    pub(crate) async fn ends(&mut self) -> anyhow::Result<()> {
        let running = self.running.take().unwrap();
        tokio::time::timeout(Duration::from_secs(20), running)
            .await
            .unwrap()
            .unwrap()
    }

    /// A job that is due now.
    pub(crate) async fn enqueue(&self, what: &str) -> JobId {
        let id = JobId::from_uuid(platform::ids::uuid_v7(self.clock.now()));
        let mut conn = self.pool.acquire().await.unwrap();
        let job = NewJob {
            id,
            queue: QUEUE.name,
            payload: json!({ "do": what }),
            due_at: self.clock.now(),
            dedupe_key: None,
            traceparent: None,
        };
        assert!(enqueue(&mut conn, job).await.unwrap());
        id
    }

    pub(crate) async fn state(&self, id: JobId) -> (String, i32, Option<String>) {
        sqlx::query_as("select state, attempts, last_error from jobs where id = $1")
            .bind(id.as_uuid())
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Waits until the job stands so.
    pub(crate) async fn until(&self, id: JobId, state: &str, attempts: i32) {
        eventually(&format!("{id} to be {state} after {attempts}"), async || {
            let (found, count, _) = self.state(id).await;
            (found == state && count == attempts).then_some(())
        })
        .await;
    }

    pub(crate) fn runs_of(&self, id: JobId) -> Vec<i32> {
        let seen = self.seen.lock().unwrap();
        seen.runs
            .iter()
            .filter(|(run, _)| *run == id)
            .map(|(_, attempt)| *attempt)
            .collect()
    }

    pub(crate) fn rabbit_queue(&self) -> String {
        format!("{}.{SERVICE}.{}", self.amqp.prefix, QUEUE.name)
    }

    /// Consumers that RabbitMQ itself counts; `None` while the queue or the server is away.
    pub(crate) async fn consumers(&self) -> Option<u32> {
        let channel = channel(&self.amqp).await?;
        let passive = QueueDeclareOptions {
            passive: true,
            ..QueueDeclareOptions::default()
        };
        let queue = channel
            .queue_declare(self.rabbit_queue().into(), passive, FieldTable::default())
            .await
            .ok()?;
        Some(queue.consumer_count())
    }

    /// Ends the process and removes what it left; returns how many jobs are still open.
    pub(crate) async fn finish(self) -> i64 {
        self.shutdown.cancel();
        if let Some(running) = self.running {
            tokio::time::timeout(Duration::from_secs(20), running)
                .await
                .unwrap()
                .unwrap()
                .unwrap();
        }
        let mut conn = self.pool.acquire().await.unwrap();
        let counts = operate::counts(&mut conn).await.unwrap();
        let open = counts.iter().map(|count| count.queued + count.running).sum();
        drop(conn);
        if let Some(channel) = channel(&self.amqp).await {
            let name = format!("{}.{SERVICE}.{}", self.amqp.prefix, QUEUE.name);
            let _ = channel
                .queue_delete(name.into(), QueueDeleteOptions::default())
                .await;
        }
        self.pool.close().await;
        let mut admin = PgConnection::connect(&self.admin_url).await.unwrap();
        let drop = sqlx::AssertSqlSafe(format!("drop database {} with (force)", self.database));
        sqlx::query(drop).execute(&mut admin).await.unwrap();
        open
    }
}

pub(crate) async fn channel(amqp: &AmqpSettings) -> Option<Channel> {
    let connection = Connection::connect(amqp.url.expose(), ConnectionProperties::default())
        .await
        .ok()?;
    connection.create_channel().await.ok()
}

/// Polls until there is an answer; fails with what was awaited after 40 seconds.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        let mut pace = tokio::time::interval(Duration::from_millis(50));
        loop {
            pace.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    match tokio::time::timeout(Duration::from_secs(40), waiting).await {
        Ok(found) => found,
        Err(_elapsed) => panic!("waited in vain for {what}"),
    }
}
