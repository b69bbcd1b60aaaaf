//! A private NATS with the committed users, a relay that publishes as the user of benefits, and the operator's program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bus::{Bus, OutgoingEvent, Relay};
use platform::clock::Clock;
use platform::settings::{NatsSettings, Secret};
use serde_json::json;
use testkit::TestDb;
use testkit::stack::{NatsUser, PrivateStack, Server, StackAddresses};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) const SUBMITTED: &str = "benefits.application.submitted.v1";
const DECIDED: &str = "benefits.application.decided.v1";

pub(crate) struct World {
    stack: PrivateStack,
    db: TestDb,
    shutdown: CancellationToken,
    /// Where commands run and programs stand.
    pub(crate) dir: PathBuf,
}

impl World {
    pub(crate) async fn start() -> Self {
        let stack = PrivateStack::start(&[Server::Nats]).unwrap();
        let tables = vec![platform::db::migrations(), bus::migrations()];
        let db = TestDb::create("outside", platform::db::merge(tables)).await;
        let dir = stack.dir().join("developer");
        std::fs::create_dir_all(&dir).unwrap();
        let world = Self {
            stack,
            db,
            shutdown: CancellationToken::new(),
            dir,
        };
        let bus = Bus::connect(&world.settings("benefits")).await.unwrap();
        let relay = Relay::new(world.db.pool.clone(), bus, "benefits");
        tokio::spawn(relay.run(world.shutdown.clone()));
        // The stream is there once something was published.
        world.publish(DECIDED, false).await;
        world.drained().await;
        world
    }

    pub(crate) fn addresses(&self) -> &StackAddresses {
        self.stack.addresses()
    }

    fn user(&self, name: &str) -> NatsUser {
        match name {
            "admin" => self.addresses().nats_admin.clone(),
            service => self.addresses().nats_services[service].clone(),
        }
    }

    /// The settings with which a service is on the bus.
    pub(crate) fn settings(&self, name: &str) -> NatsSettings {
        let user = self.user(name);
        NatsSettings {
            url: self.addresses().nats_url.clone(),
            user: user.user,
            password: Secret::new(user.password),
            prefix: bus::grants::PREFIX.to_owned(),
            replicas: 1,
        }
    }

    /// How many messages and durables a stream has, as its administrator sees it.
    pub(crate) async fn broker_has(&self, stream: &str) -> (u64, usize) {
        let admin = self.user("admin");
        let client = async_nats::ConnectOptions::with_user_and_password(admin.user, admin.password)
            .connect(self.addresses().nats_url.clone())
            .await
            .unwrap();
        let stream = async_nats::jetstream::new(client)
            .get_stream(stream)
            .await
            .unwrap();
        let state = &stream.cached_info().state;
        (state.messages, state.consumer_count)
    }

    pub(crate) async fn publish(&self, event_type: &'static str, restricted: bool) -> Uuid {
        let now = Clock::system().now();
        let record = platform::ids::uuid_v7(now);
        let data = json!({ "applicationId": record, "benefitCode": "air_transport_support", "version": "1" });
        let event = OutgoingEvent::new(now, event_type, record, 1, "member", &data);
        let event = if restricted { event.restricted() } else { event };
        let id = event.id();
        let mut conn = self.db.pool.acquire().await.unwrap();
        bus::enqueue(&mut conn, event).await.unwrap();
        id
    }

    pub(crate) async fn drained(&self) {
        testkit::eventually(|| async { (bus::unsent(&self.db.pool).await.unwrap() == 0).then_some(()) })
            .await;
    }

    pub(crate) fn operator_file(&self) -> PathBuf {
        self.stack.dir().join("nats/operator.json")
    }

    pub(crate) fn stack_dir(&self) -> &Path {
        self.stack.dir()
    }

    /// A command of the operator's program, in the developer's folder.
    pub(crate) fn tadamon(&self, args: &[&str]) -> Command {
        let mut command = Command::new(target().join("tadamon"));
        command
            .args(args)
            .current_dir(&self.dir)
            .env("TADAMON_NATS_OPERATOR", self.operator_file())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command as it is printed: `tadamon` is the one that was built.
    pub(crate) fn run_printed(&self, line: &str) -> Output {
        let mut words = line.split_whitespace();
        assert_eq!(words.next(), Some("tadamon"), "{line}");
        checked(self.tadamon(&words.collect::<Vec<_>>()))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// Where the programs are that were built with this test.
fn target() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().to_owned()
}

/// Runs it and fails with what it said.
pub(crate) fn checked(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}
