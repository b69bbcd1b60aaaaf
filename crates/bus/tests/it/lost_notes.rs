//! The database dies with what it had not written yet. The relay's notes and a subscriber's place are committed without waiting for the disk: what is
//! lost of the notes is made good from the stream, and of a place nothing may be lost that was acknowledged.

use sqlx::Executor as _;
use testkit::eventually;
use testkit::stack::{PrivateStack, Server};

use crate::support::{Newest, World, id};

const EVENTS: u64 = 40;
/// The server may write by chance what nobody waited for; then another round is tried.
const ROUNDS: u64 = 5;

impl World {
    /// From here on the server writes nothing by itself for ten seconds.
    async fn writes_only_what_is_waited_for(&self) {
        for statement in [
            "ALTER SYSTEM SET wal_writer_delay = '10s'",
            "SELECT pg_reload_conf()",
        ] {
            self.db.pool.execute(statement).await.unwrap();
        }
    }

    async fn number(&self, statement: &'static str) -> u64 {
        let number: i64 = sqlx::query_scalar(statement)
            .fetch_one(&self.db.pool)
            .await
            .unwrap();
        u64::try_from(number).unwrap()
    }

    async fn some_events(&self) {
        for _ in 0..EVENTS {
            self.enqueue(id(), 1).await;
        }
    }

    /// The subscriber has acknowledged everything up to there.
    async fn acknowledged(&self, sequence: u64) {
        let durable = format!("{}-test-newest", self.nats.prefix);
        eventually(async || {
            let info = self.stream().await.consumer_info(&durable).await.ok()?;
            (info.ack_floor.stream_sequence == sequence).then_some(())
        })
        .await;
    }
}

fn dies_and_comes_back(stack: &PrivateStack) {
    stack.kill(Server::Postgres).unwrap();
    stack.start_again(Server::Postgres).unwrap();
}

const POSITION: &str = "SELECT position FROM subscriber_places";
const UNSENT: &str = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";

#[tokio::test]
async fn private_stack_notes_that_died_with_the_database_are_made_good_and_nothing_is_published_twice() {
    let stack = PrivateStack::start(&[Server::Postgres, Server::Nats]).unwrap();
    let world = World::start_wholly_on(&stack).await;
    world.writes_only_what_is_waited_for().await;
    let (mut lost, mut published) = (0, 0);
    while lost == 0 && published < ROUNDS * EVENTS {
        let relay = world.start_relay().await;
        world.some_events().await;
        published += EVENTS;
        world.drained().await;
        relay.cancel();
        dies_and_comes_back(&stack);
        lost = world.number(UNSENT).await;

        // The epoch is not among what may be lost.
        let mut stream = world.stream().await;
        let last = stream.info().await.unwrap().state.last_sequence;
        assert_eq!(last, published);
        let message = stream.get_raw_message(last).await.unwrap();
        let epoch: u64 = message
            .headers
            .get("ce-sourceepoch")
            .unwrap()
            .as_str()
            .parse()
            .unwrap();
        assert!(world.number("SELECT announced FROM relay_position").await >= epoch);
    }
    assert!(lost > 0, "the relay waited for the disk: nothing was ever lost");

    world.start_relay().await;
    world.start_subscriber(Newest::default()).await;
    world.drained().await;
    world.enqueue(id(), 1).await;
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, published + 1);
    world.acknowledged(published + 1).await;
    assert_eq!(world.number("SELECT count(*) FROM effects").await, published + 1);
}

#[tokio::test]
async fn private_stack_a_place_is_on_the_disk_before_anything_is_acknowledged() {
    let stack = PrivateStack::start(&[Server::Postgres, Server::Nats]).unwrap();
    let world = World::start_wholly_on(&stack).await;
    world.writes_only_what_is_waited_for().await;
    let relay = world.start_relay().await;
    let subscriber = world.start_subscriber(Newest::default()).await;
    world.some_events().await;
    world.acknowledged(EVENTS).await;
    relay.cancel();
    subscriber.cancel();
    dies_and_comes_back(&stack);
    // The effects' commits brought it there.
    assert_eq!(world.number("SELECT count(*) FROM effects").await, EVENTS);
    assert_eq!(world.number(POSITION).await, EVENTS);

    // Everything comes again and nothing of it is committed.
    let durable = format!("{}-test-newest", world.nats.prefix);
    world.stream().await.delete_consumer(&durable).await.unwrap();
    world
        .db
        .pool
        .execute("UPDATE subscriber_places SET position = 0")
        .await
        .unwrap();
    let subscriber = world.start_subscriber(Newest::default()).await;
    world.acknowledged(EVENTS).await;
    subscriber.cancel();
    dies_and_comes_back(&stack);
    assert_eq!(world.number(POSITION).await, EVENTS);
    assert_eq!(world.number("SELECT count(*) FROM effects").await, EVENTS);
}
