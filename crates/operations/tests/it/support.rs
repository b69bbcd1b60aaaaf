//! One service in miniature: a relay, a subscriber, a queue, and the operator's calls behind a guard.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth::{Guard, protect};
use bus::{Bus, HandlerError, IncomingEvent, OutgoingEvent, Relay, Subscriber};
use kernel::JobId;
use operations::Kept;
use operations_proto::v1::operations_service_client::OperationsServiceClient;
use operations_proto::v1::{
    DeadLetter, GetDeadLetterRequest, ListDeadLettersRequest, ReplayDeadLetterRequest,
    ReplayDeadLetterResponse,
};
use platform::clock::Clock;
use platform::settings::{AmqpSettings, NatsSettings, Secret};
use serde_json::json;
use sqlx::{Executor as _, PgConnection, Row as _};
use testkit::{TestDb, TestKeys};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Status};
use uuid::Uuid;
use work_queue::{Job, JobError, JobHandler, NewJob, QueueSpec};

pub(crate) const SCOPE: &str = "operations.dead_letters";
const SERVICE: &str = "things";

pub(crate) struct World {
    pub(crate) db: TestDb,
    pub(crate) keys: TestKeys,
    pub(crate) clock: Clock,
    channel: Channel,
    broken: Arc<AtomicBool>,
    shutdown: CancellationToken,
}

impl World {
    pub(crate) async fn start(kept: Kept) -> Self {
        let tables = vec![
            platform::db::migrations(),
            bus::migrations(),
            work_queue::migrations(),
        ];
        let db = TestDb::create("operations", platform::db::merge(tables)).await;
        db.pool
            .execute("CREATE TABLE effects (number bigserial, what text NOT NULL)")
            .await
            .unwrap();
        let (keys, clock) = (testkit::keys(), Clock::system());
        let shutdown = CancellationToken::new();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let guard = Guard::new(
            &keys.directory().trust_path(),
            SERVICE,
            &[operations::PERMISSIONS],
            clock.clone(),
        );
        let routes = Routes::new(operations::server(db.pool.clone(), clock.clone(), kept));
        tokio::spawn(platform::grpc::serve(
            listener,
            platform::tls::Tls::off(),
            protect(routes, guard),
            shutdown.clone(),
        ));
        let world = Self {
            db,
            keys,
            clock,
            channel: platform::grpc::channel(&format!("http://{address}")).unwrap(),
            broken: Arc::new(AtomicBool::new(true)),
            shutdown,
        };
        world.run().await;
        world
    }

    async fn run(&self) {
        let addresses = testkit::stack::test_addresses().unwrap();
        let prefix = testkit::prefix();
        let nats = NatsSettings {
            url: addresses.nats_url,
            user: addresses.nats_admin.user,
            password: Secret::new(addresses.nats_admin.password),
            prefix: prefix.clone(),
            replicas: 1,
        };
        let bus = Bus::connect(&nats).await.unwrap();
        let (pool, stop) = (self.db.pool.clone(), self.shutdown.clone());
        tokio::spawn(Relay::new(pool.clone(), bus.clone(), SERVICE).run(stop.clone()));
        let subscriber = Fragile(Arc::clone(&self.broken));
        tokio::spawn(bus::run_subscriber(pool.clone(), bus, subscriber, stop.clone()));
        let amqp = AmqpSettings {
            url: Secret::new(addresses.amqp_url),
            prefix,
        };
        let handler = FragileJob(Arc::clone(&self.broken), pool.clone());
        tokio::spawn(work_queue::run_queue(
            pool,
            &amqp,
            SERVICE,
            handler,
            self.clock.clone(),
            stop,
        ));
    }

    pub(crate) fn mend(&self) {
        self.broken.store(false, Ordering::SeqCst);
    }

    pub(crate) fn id(&self) -> Uuid {
        platform::ids::uuid_v7(self.clock.now())
    }

    pub(crate) async fn tell(&self, record: Uuid, version: i64) {
        let data = json!({ "secret": "what is never shown" });
        let event = OutgoingEvent::new(
            self.clock.now(),
            "things.thing.changed.v1",
            record,
            version,
            "test",
            &data,
        );
        let mut conn = self.db.pool.acquire().await.unwrap();
        bus::enqueue(&mut conn, event).await.unwrap();
    }

    pub(crate) async fn enqueue_job(&self) -> JobId {
        let id = JobId::from_uuid(self.id());
        let job = NewJob {
            id,
            queue: QUEUE.name,
            payload: json!({ "secret": "what is never shown" }),
            due_at: self.clock.now(),
            dedupe_key: None,
            traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        };
        let mut conn = self.db.pool.acquire().await.unwrap();
        work_queue::enqueue(&mut conn, job).await.unwrap();
        id
    }

    /// What took effect, in order.
    pub(crate) async fn effects(&self) -> Vec<String> {
        let rows = sqlx::query("SELECT what FROM effects ORDER BY number")
            .fetch_all(&self.db.pool)
            .await
            .unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Lines of the audit trail: who, what, to which record.
    pub(crate) async fn audit(&self) -> Vec<(String, String, Uuid)> {
        let rows = sqlx::query("SELECT actor_id, action, record_id FROM audit ORDER BY at, number")
            .fetch_all(&self.db.pool)
            .await
            .unwrap();
        rows.iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect()
    }

    pub(crate) fn client(&self) -> OperationsServiceClient<Channel> {
        OperationsServiceClient::new(self.channel.clone())
    }

    pub(crate) fn asked<T>(&self, message: T) -> Request<T> {
        let token = self.keys.app_token(SERVICE, "tadamon-cli", SCOPE);
        auth::client::with_token(Request::new(message), &token)
    }

    pub(crate) async fn list(&self, page_size: i32) -> Result<(Vec<DeadLetter>, i64), Status> {
        let request = self.asked(ListDeadLettersRequest { page_size });
        let answer = self.client().list_dead_letters(request).await?.into_inner();
        Ok((answer.dead_letters, answer.total))
    }

    /// What is given up, as soon as there are `count`.
    pub(crate) async fn given_up(&self, count: usize) -> Vec<DeadLetter> {
        testkit::eventually(|| async {
            // Two statements: one may be given up between them.
            let (letters, total) = self.list(0).await.unwrap();
            let all = i64::try_from(letters.len()).unwrap() == total;
            (all && letters.len() == count).then_some(letters)
        })
        .await
    }

    pub(crate) async fn get(&self, id: &str) -> Result<DeadLetter, Status> {
        let request = self.asked(GetDeadLetterRequest {
            dead_letter_id: id.to_owned(),
        });
        let answer = self.client().get_dead_letter(request).await?;
        Ok(answer.into_inner().dead_letter.unwrap())
    }

    pub(crate) async fn replay(&self, id: &str) -> Result<ReplayDeadLetterResponse, Status> {
        let request = self.asked(ReplayDeadLetterRequest {
            dead_letter_id: id.to_owned(),
        });
        Ok(self.client().replay_dead_letter(request).await?.into_inner())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// Refuses for ever, until it is mended.
struct Fragile(Arc<AtomicBool>);

#[async_trait]
impl Subscriber for Fragile {
    const NAME: &'static str = "things-fragile";
    const PUBLISHER: &'static str = "things";
    const EVENTS: &'static [&'static str] = &["things.thing.changed.v1"];
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        if self.0.load(Ordering::SeqCst) {
            return Err(HandlerError::permanent(anyhow::anyhow!("the rule has a hole")));
        }
        for event in events {
            sqlx::query("INSERT INTO effects (what) VALUES ($1)")
                .bind(format!("version {}", event.sequence))
                .execute(&mut *conn)
                .await?;
        }
        Ok(())
    }
}

const QUEUE: QueueSpec = QueueSpec {
    name: "errands",
    prefetch: 2,
    max_attempts: 1,
    backoff: &[Duration::from_secs(1)],
    delivery_limit: 5,
    max_length: 10,
};

struct FragileJob(Arc<AtomicBool>, sqlx::PgPool);

#[async_trait]
impl JobHandler for FragileJob {
    const QUEUE: &'static QueueSpec = &QUEUE;

    async fn run(&self, _job: &Job) -> Result<(), JobError> {
        if self.0.load(Ordering::SeqCst) {
            return Err(JobError::retry("the other side is away").class("away"));
        }
        sqlx::query("INSERT INTO effects (what) VALUES ('job')")
            .execute(&self.1)
            .await
            .map_err(JobError::retry)?;
        Ok(())
    }
}
