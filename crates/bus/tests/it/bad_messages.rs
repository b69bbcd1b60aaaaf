//! What a subscriber does with messages that it cannot believe or read: nothing is passed over in silence, nothing forged takes effect, and good
//! events flow. The publisher's user could write them, if its service were taken over.

use async_nats::HeaderMap;
use bus::ReplayRequest;
use platform::clock::Clock;
use uuid::Uuid;

use crate::support::{Newest, World, id};

const TYPE: &str = "things.thing.changed.v1";

/// The headers of a good event.
fn headers(event: Uuid, record: Uuid, version: i64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("ce-specversion", "1.0".to_owned()),
        ("ce-id", event.to_string()),
        ("ce-source", "/tadamon/things".to_owned()),
        ("ce-type", format!("tadamon.{TYPE}")),
        ("ce-time", "2026-11-22T09:00:00.000000Z".to_owned()),
        ("ce-subject", record.to_string()),
        ("ce-sequence", format!("{version:020}")),
        ("ce-sourceepoch", "1".to_owned()),
    ] {
        headers.insert(name, value.as_str());
    }
    headers
}

impl World {
    #[expect(clippy::disallowed_methods, reason = "the test plays a publisher gone wrong")]
    async fn publish(&self, event_type: &str, headers: HeaderMap, payload: &[u8]) {
        let subject = format!("{}.events.{event_type}", self.nats.prefix);
        async_nats::jetstream::new(self.admin().await)
            .publish_with_headers(subject, headers, payload.to_vec().into())
            .await
            .unwrap()
            .await
            .unwrap();
    }

    /// A stream, a subscriber that listens, and nothing in it.
    async fn listening() -> Self {
        let world = Self::start().await;
        let stop = world.start_relay().await;
        let probe = id();
        world.enqueue(probe, 1).await;
        world.start_subscriber(Newest::default()).await;
        testkit::eventually(|| world.newest(probe)).await;
        // The relay would take messages of somebody else for a stream gone wrong.
        stop.cancel();
        world
    }
}

#[tokio::test]
async fn what_cannot_be_read_or_believed_is_parked_one_by_one_and_good_events_flow() {
    let world = World::listening().await;
    let record = id();
    let mut forged_source = headers(id(), record, 5);
    forged_source.insert("ce-source", "/tadamon/membership");
    let mut other_type = headers(id(), record, 6);
    other_type.insert("ce-type", "tadamon.things.thing.removed.v1");
    let mut not_percent = headers(id(), record, 7);
    not_percent.insert("ce-id", "%C0%A0");
    let mut no_version = HeaderMap::new();
    no_version.insert("ce-id", id().to_string().as_str());
    let mut later_spec = headers(id(), record, 8);
    later_spec.insert("ce-specversion", "2.0");
    let no_id = HeaderMap::new();
    for bad in [
        forged_source,
        other_type,
        not_percent,
        no_version,
        later_spec,
        no_id,
    ] {
        world.publish(TYPE, bad, b"{}").await;
    }
    world.publish(TYPE, headers(id(), record, 9), b"\xff\xfe{").await;
    world
        .publish(TYPE, headers(id(), record, 10), b"{\"a\":\"\\u0000\"}")
        .await;
    world.publish(TYPE, headers(id(), record, 2), b"{}").await;
    assert_eq!(testkit::eventually(|| world.newest(record)).await, (2, 1));
    let parked = world.parked(8).await;
    assert!(
        parked
            .iter()
            .all(|letter| letter.cause.starts_with("no event of ours: ")
                && letter.event_type.is_empty()
                && !letter.held),
        "{parked:?}"
    );
    // Reading it again does not make it better, and holds up nobody.
    assert_eq!(
        world.request_replay(parked[0].event_id).await,
        ReplayRequest::Requested { held_behind: 0 }
    );
    testkit::eventually(|| async {
        let again = bus::find_dead_letter(&world.db.pool, "test-newest", parked[0].event_id)
            .await
            .unwrap();
        again
            .is_some_and(|letter| letter.replay_requested_at.is_none())
            .then_some(())
    })
    .await;
    assert_eq!(world.newest(record).await, Some((2, 1)));
}

#[tokio::test]
async fn a_forged_message_under_a_known_id_neither_takes_effect_nor_keeps_the_real_event_out() {
    let world = World::listening().await;
    let (event, record) = (id(), id());
    let mut forged = headers(event, record, 9);
    forged.insert("ce-source", "/tadamon/membership");
    world.publish(TYPE, forged, b"{}").await;
    world.parked(1).await;
    world.publish(TYPE, headers(event, record, 3), b"{}").await;
    assert_eq!(testkit::eventually(|| world.newest(record)).await, (3, 1));
}

#[tokio::test]
async fn the_same_id_with_other_content_changes_nothing_the_first_stands() {
    let world = World::listening().await;
    let (event, record, other) = (id(), id(), id());
    world.publish(TYPE, headers(event, record, 3), b"{}").await;
    testkit::eventually(|| world.newest(record)).await;
    world.publish(TYPE, headers(event, record, 8), b"{}").await;
    world.publish(TYPE, headers(event, other, 9), b"{}").await;
    let after = id();
    world.publish(TYPE, headers(id(), after, 1), b"{}").await;
    testkit::eventually(|| world.newest(after)).await;
    assert_eq!(world.newest(record).await, Some((3, 1)));
    assert_eq!(world.newest(other).await, None);
    world.parked(0).await;
}

#[tokio::test]
async fn an_unknown_name_of_an_enum_parks_the_event_with_its_record() {
    let world = World::listening().await;
    let (record, other) = (id(), id());
    world
        .publish(TYPE, headers(id(), other, 1), b"{\"kind\":\"KIND_OLD\"}")
        .await;
    world
        .publish(TYPE, headers(id(), record, 1), b"{\"kind\":\"KIND_OF_LATER\"}")
        .await;
    world.publish(TYPE, headers(id(), record, 2), b"{}").await;
    let parked = world.parked(2).await;
    assert!(parked.iter().all(|letter| letter.aggregate == record));
    let failed = parked.iter().find(|letter| !letter.held).unwrap();
    assert!(failed.cause.contains("KIND_OF_LATER"), "{}", failed.cause);
    assert_eq!(world.newest(other).await, Some((1, 1)));
}

#[tokio::test]
async fn a_gap_in_the_versions_holds_nobody_up() {
    let world = World::listening().await;
    let record = id();
    for version in [1, 5, 9] {
        world.publish(TYPE, headers(id(), record, version), b"{}").await;
    }
    testkit::eventually(|| async { world.newest(record).await.filter(|(version, _)| *version == 9) }).await;
    world.parked(0).await;
}

#[tokio::test]
async fn a_type_that_the_subscriber_does_not_name_is_passed_over_though_its_durable_brings_it() {
    let world = World::listening().await;
    let record = id();
    let mut other = headers(id(), record, 7);
    other.insert("ce-type", "tadamon.things.thing.removed.v1");
    world.publish("things.thing.removed.v1", other, b"{}").await;
    world.publish(TYPE, headers(id(), record, 1), b"{}").await;
    assert_eq!(testkit::eventually(|| world.newest(record)).await, (1, 1));
    world.parked(0).await;
}

#[tokio::test]
async fn a_message_too_large_is_refused_at_the_door() {
    let world = World::listening().await;
    let subject = format!("{}.events.{TYPE}", world.nats.prefix);
    let client = async_nats::jetstream::new(world.admin().await);
    #[expect(clippy::disallowed_methods, reason = "the test plays a publisher gone wrong")]
    let answer = client
        .publish_with_headers(subject, headers(id(), id(), 1), vec![b' '; 65 * 1024].into())
        .await
        .unwrap()
        .await;
    assert!(answer.is_err());
}

#[tokio::test]
async fn a_year_old_event_is_applied_by_version_and_brings_nothing_old_back() {
    let world = World::listening().await;
    let record = id();
    world.publish(TYPE, headers(id(), record, 40), b"{}").await;
    testkit::eventually(|| world.newest(record)).await;
    let old = platform::ids::uuid_v7(Clock::system().now() - chrono::TimeDelta::days(365));
    world.publish(TYPE, headers(old, record, 3), b"{}").await;
    testkit::eventually(|| async { (world.effects(record).await == [40, 3]).then_some(()) }).await;
    assert_eq!(world.newest(record).await.map(|(version, _)| version), Some(40));
}
