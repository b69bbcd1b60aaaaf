//! What a subscriber promises: each event applied once in effect, transient failures waited out, permanent ones parked with what follows them.

use std::sync::atomic::Ordering;

use uuid::Uuid;

use crate::support::{Newest, World, id};

#[tokio::test]
async fn an_event_is_applied_once_though_two_replicas_listen_and_the_durable_is_made_anew() {
    let world = World::start().await;
    world.start_relay().await;
    let records: Vec<Uuid> = (0..40).map(|_| id()).collect();
    for record in &records {
        world.enqueue(*record, 1).await;
    }
    let first = world.start_subscriber(Newest::default()).await;
    let second = world.start_subscriber(Newest::default()).await;
    for record in &records {
        testkit::eventually(|| world.newest(*record)).await;
    }
    first.cancel();
    second.cancel();
    // Everything is delivered again from the beginning of the stream.
    world
        .stream()
        .await
        .delete_consumer(&format!("{}-test-newest", world.nats.prefix))
        .await
        .unwrap();
    let again = Newest::default();
    world.start_subscriber(again.clone()).await;
    world.enqueue(records[0], 2).await;
    testkit::eventually(|| async {
        world
            .newest(records[0])
            .await
            .filter(|(version, _)| *version == 2)
    })
    .await;
    for record in &records[1..] {
        assert_eq!(world.newest(*record).await, Some((1, 1)));
    }
}

#[tokio::test]
async fn a_dependency_that_is_away_is_waited_for_and_nothing_is_parked() {
    let world = World::start().await;
    world.start_relay().await;
    let subscriber = Newest::default();
    subscriber.away.store(true, Ordering::SeqCst);
    world.start_subscriber(subscriber.clone()).await;
    let record = id();
    world.enqueue(record, 1).await;
    testkit::eventually(|| async { (subscriber.calls.load(Ordering::SeqCst) >= 2).then_some(()) }).await;
    assert_eq!(world.newest(record).await, None);
    subscriber.away.store(false, Ordering::SeqCst);
    testkit::eventually(|| world.newest(record)).await;
    assert!(
        bus::list_dead_letters(&world.db.pool, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_poison_event_is_parked_with_what_follows_for_its_record_and_others_flow() {
    let world = World::start().await;
    world.start_relay().await;
    let (poisoned, other) = (id(), id());
    world.enqueue(other, 1).await;
    world.enqueue(poisoned, 13).await;
    world.enqueue(poisoned, 14).await;
    world.enqueue(other, 2).await;
    world.start_subscriber(Newest::poisoned_by(13)).await;
    testkit::eventually(|| async { world.newest(other).await.filter(|(version, _)| *version == 2) }).await;
    let parked = world.parked(2).await;
    assert!(parked.iter().all(|letter| letter.aggregate == poisoned));
    assert_eq!(world.newest(poisoned).await, None);
}
