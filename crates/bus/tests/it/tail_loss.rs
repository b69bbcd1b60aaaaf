//! The broker loses the last thousand events, which it had acknowledged, and again, and again: it is killed and an older copy of its store put
//! in the store's place, while the publisher goes on. All of it comes back from the outbox, and each event takes effect once.
//!
//! `TADAMON_FAULT_TAILS` says how often; `just faults` asks for fifty.

use std::time::{Duration, Instant};

use bus::OutgoingEvent;
use platform::clock::Clock;
use serde_json::json;
use testkit::eventually;
use testkit::stack::{PrivateStack, Server, copy_folder};

use crate::support::{Newest, World, id};

/// Lost at least, each time.
const TAIL: usize = 1_000;
/// Published before each copy, and while the broker is down.
const AROUND: usize = 200;
/// Events of one transaction.
const TOGETHER: usize = 50;
/// A listener reads its stream again from the beginning after each loss; so many losses to one stream keep that short.
const OF_ONE_STREAM: usize = 5;

/// Publishes so many events, each of a record of its own.
async fn publish(world: &World, count: usize) {
    let mut conn = world.db.pool.acquire().await.unwrap();
    for _ in 0..count / TOGETHER {
        let now = Clock::system().now();
        let events: Vec<OutgoingEvent> = (0..TOGETHER)
            .map(|_| {
                let data = json!({ "version": "1" });
                OutgoingEvent::new(now, "things.thing.changed.v1", id(), 1, "test", &data)
            })
            .collect();
        bus::enqueue_many(&mut conn, &events).await.unwrap();
    }
}

async fn count(world: &World, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement)
        .fetch_one(&world.db.pool)
        .await
        .unwrap()
}

const PUBLISHED: &str = "SELECT count(*) FROM outbox";
const APPLIED: &str = "SELECT count(*) FROM newest";
const EFFECTS: &str = "SELECT count(*) FROM effects";
const REPEATED: &str = "SELECT count(*) FROM newest WHERE applied <> 1";

async fn last_sequence(world: &World) -> u64 {
    world.stream().await.cached_info().state.last_sequence
}

/// One loss: how many acknowledged events the broker lost, and how long it took from its return until all of them were back and applied.
async fn lose_a_tail(world: &World, stack: &PrivateStack) -> (u64, Duration) {
    let (store, older) = (stack.dir().join("nats/store"), stack.dir().join("older"));
    publish(world, AROUND).await;
    world.drained().await;
    let kept = last_sequence(world).await;
    stack.copy_nats_store(&older).unwrap();
    publish(world, TAIL).await;
    world.drained().await;
    let acknowledged = last_sequence(world).await;
    stack.kill(Server::Nats).unwrap();
    copy_folder(&older, &store).unwrap();
    // The publisher does not notice.
    publish(world, AROUND).await;
    stack.start_again(Server::Nats).unwrap();
    let began = Instant::now();
    let wanted = count(world, PUBLISHED).await;
    eventually(async || (count(world, APPLIED).await == wanted).then_some(())).await;
    world.drained().await;
    let took = began.elapsed();
    let stored = world.stream().await.cached_info().state.messages;
    assert_eq!(i64::try_from(stored).unwrap(), wanted, "stored and published");
    (acknowledged - kept, took)
}

/// What one stream went through.
async fn lose_tails(stack: &PrivateStack, times: usize) -> (u64, Vec<Duration>) {
    let world = World::start_on(stack.addresses()).await;
    world.start_relay().await;
    world.start_subscriber(Newest::default()).await;
    let (mut lost, mut took) = (0, Vec::new());
    for _ in 0..times {
        let (events, duration) = lose_a_tail(&world, stack).await;
        assert!(events >= u64::try_from(TAIL).unwrap(), "only {events} were lost");
        eprintln!(
            "tails: {events} lost, all back and applied after {} ms",
            duration.as_millis()
        );
        lost += events;
        took.push(duration);
    }
    let published = count(&world, PUBLISHED).await;
    assert_eq!(count(&world, APPLIED).await, published, "applied and published");
    assert_eq!(count(&world, EFFECTS).await, published, "effects and published");
    assert_eq!(count(&world, REPEATED).await, 0, "took effect twice");
    (lost, took)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_stack_every_lost_tail_of_a_thousand_events_comes_back_and_takes_effect_once() {
    let times: usize = std::env::var("TADAMON_FAULT_TAILS").map_or(1, |times| times.parse().unwrap());
    let stack = PrivateStack::start(&[Server::Nats]).unwrap();
    let (mut lost, mut took) = (0, Vec::new());
    while took.len() < times {
        let (events, durations) = lose_tails(&stack, OF_ONE_STREAM.min(times - took.len())).await;
        lost += events;
        took.extend(durations);
    }
    took.sort_unstable();
    if let (Some(median), Some(longest)) = (took.get(took.len() / 2), took.last()) {
        eprintln!(
            "tails: {times} losses, {lost} acknowledged events lost by the broker, none missing, none applied twice; back after {} ms (median), {} ms (longest)",
            median.as_millis(),
            longest.as_millis()
        );
    }
}
