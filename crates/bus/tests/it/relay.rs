//! What the relay promises: every committed event reaches the stream, whatever the broker or the relay itself loses.

use platform::clock::Clock;
use serde_json::json;

use crate::support::{World, id};

#[tokio::test]
async fn every_committed_event_reaches_the_stream_once() {
    let world = World::start().await;
    for version in 1..=1_200 {
        world.enqueue(id(), version).await;
    }
    world.start_relay().await;
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, 1_200);
}

#[tokio::test]
async fn two_relays_of_one_service_publish_each_event_once() {
    let world = World::start().await;
    world.start_relay().await;
    world.start_relay().await;
    for version in 1..=300 {
        world.enqueue(id(), version).await;
    }
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, 300);
}

#[tokio::test]
async fn a_stream_made_anew_gets_everything_again() {
    let world = World::start().await;
    let stop = world.start_relay().await;
    for version in 1..=50 {
        world.enqueue(id(), version).await;
    }
    world.drained().await;
    stop.cancel();
    let stream = world.stream().await;
    let name = stream.cached_info().config.name.clone();
    world.bus_delete(&name).await;
    world.enqueue(id(), 51).await;
    world.start_relay().await;
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, 51);
}

#[tokio::test]
async fn acknowledgements_that_were_not_written_down_are_found_in_the_stream() {
    let world = World::start().await;
    let stop = world.start_relay().await;
    for version in 1..=20 {
        world.enqueue(id(), version).await;
    }
    world.drained().await;
    stop.cancel();
    // As if the relay had died between the acknowledgement and its note, longer ago than the broker's window of known ids.
    sqlx::query("UPDATE outbox SET stream_sequence = NULL, stream_epoch = NULL WHERE stream_sequence > 12")
        .execute(&world.db.pool)
        .await
        .unwrap();
    sqlx::query("UPDATE relay_position SET sequence = 12")
        .execute(&world.db.pool)
        .await
        .unwrap();
    world.start_relay().await;
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, 20);
}

impl World {
    async fn bus_delete(&self, name: &str) {
        async_nats::jetstream::new(self.admin().await)
            .delete_stream(name)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_event_that_no_stream_would_take_is_refused_before_it_holds_up_the_others() {
    let world = World::start().await;
    let mut conn = world.db.pool.acquire().await.unwrap();
    let now = Clock::system().now();
    let data = json!({ "text": "x".repeat(49 * 1024) });
    let event = bus::OutgoingEvent::new(now, "things.thing.changed.v1", id(), 1, "test", &data);
    let refusal = bus::enqueue(&mut conn, event).await.unwrap_err();
    assert!(matches!(refusal, sqlx::Error::Encode(_)), "{refusal}");
    world.start_relay().await;
    world.enqueue(id(), 1).await;
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, 1);
}
