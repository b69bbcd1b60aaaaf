//! What an operator's replay promises: a parked event takes effect once, then what was held behind it, in order; nothing else moves.

use std::sync::atomic::Ordering;

use bus::ReplayRequest;

use crate::support::{Newest, World, id};

#[tokio::test]
async fn a_mended_event_takes_effect_once_and_what_was_held_behind_it_follows_in_order() {
    let world = World::start().await;
    world.start_relay().await;
    let subscriber = Newest::poisoned_by(13);
    world.start_subscriber(subscriber.clone()).await;
    let record = id();
    for version in 12..=16 {
        world.enqueue(record, version).await;
    }
    let parked = world.parked(4).await;
    let failed = parked.iter().find(|letter| !letter.held).unwrap();
    assert_eq!((failed.sequence, failed.aggregate), (13, record));
    assert!(failed.cause.contains("poison"), "{}", failed.cause);
    assert_eq!(world.effects(record).await, [12]);

    // Not mended: it fails again, and everything stays where it was.
    assert_eq!(
        world.request_replay(failed.event_id).await,
        ReplayRequest::Requested { held_behind: 3 }
    );
    testkit::eventually(|| async {
        let again = bus::find_dead_letter(&world.db.pool, "test-newest", failed.event_id)
            .await
            .unwrap()
            .unwrap();
        (again.replay_requested_at.is_none() && again.parked_at > failed.parked_at).then_some(())
    })
    .await;
    assert_eq!(world.effects(record).await, [12]);

    subscriber.mend();
    assert_eq!(
        world.request_replay(failed.event_id).await,
        ReplayRequest::Requested { held_behind: 3 }
    );
    world.parked(0).await;
    assert_eq!(world.effects(record).await, [12, 13, 14, 15, 16]);
    assert_eq!(
        world.request_replay(failed.event_id).await,
        ReplayRequest::AlreadyDone
    );
    // The record is free again.
    world.enqueue(record, 17).await;
    testkit::eventually(|| async { world.newest(record).await.filter(|(version, _)| *version == 17) }).await;
    assert_eq!(world.effects(record).await, [12, 13, 14, 15, 16, 17]);
}

#[tokio::test]
async fn asking_twice_is_asking_once_and_what_waits_behind_cannot_overtake() {
    let world = World::start().await;
    world.start_relay().await;
    let subscriber = Newest::poisoned_by(1);
    let first = world.start_subscriber(subscriber.clone()).await;
    let record = id();
    world.enqueue(record, 1).await;
    world.enqueue(record, 2).await;
    let parked = world.parked(2).await;
    let failed = parked.iter().find(|letter| !letter.held).unwrap();
    let held = parked.iter().find(|letter| letter.held).unwrap();
    first.cancel();
    assert_eq!(world.request_replay(held.event_id).await, ReplayRequest::Held);
    assert_eq!(world.request_replay(id()).await, ReplayRequest::Unknown);
    assert_eq!(
        world.request_replay(failed.event_id).await,
        ReplayRequest::Requested { held_behind: 1 }
    );
    assert_eq!(
        world.request_replay(failed.event_id).await,
        ReplayRequest::AlreadyRequested { held_behind: 1 }
    );
    subscriber.mend();
    // Two replicas find the request at once.
    world.start_subscriber(subscriber.clone()).await;
    world.start_subscriber(subscriber.clone()).await;
    world.parked(0).await;
    assert_eq!(world.effects(record).await, [1, 2]);
}

#[tokio::test]
async fn an_event_that_comes_while_a_replay_waits_for_a_dependency_stays_behind_it() {
    let world = World::start().await;
    world.start_relay().await;
    let subscriber = Newest::poisoned_by(1);
    world.start_subscriber(subscriber.clone()).await;
    let record = id();
    world.enqueue(record, 1).await;
    let parked = world.parked(1).await;
    subscriber.mend();
    subscriber.away.store(true, Ordering::SeqCst);
    let calls = subscriber.calls.load(Ordering::SeqCst);
    world.request_replay(parked[0].event_id).await;
    testkit::eventually(|| async { (subscriber.calls.load(Ordering::SeqCst) > calls).then_some(()) }).await;
    world.enqueue(record, 2).await;
    world.drained().await;
    subscriber.away.store(false, Ordering::SeqCst);
    testkit::eventually(|| async { (world.effects(record).await == [1, 2]).then_some(()) }).await;
    world.parked(0).await;
}
