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

#[tokio::test]
async fn a_stream_with_other_settings_keeps_the_relay_from_starting_and_is_left_as_it_is() {
    let world = World::start().await;
    let broker = async_nats::jetstream::new(world.admin().await);
    let name = format!("{}-things", world.nats.prefix).to_uppercase();
    // Somebody made it by hand, to keep events for a day only.
    let theirs = async_nats::jetstream::stream::Config {
        name: name.clone(),
        subjects: vec![
            format!("{}.events.things.>", world.nats.prefix),
            format!("{}.restricted.things.>", world.nats.prefix),
        ],
        max_age: std::time::Duration::from_hours(24),
        duplicate_window: std::time::Duration::from_secs(600),
        max_message_size: 64 * 1024,
        deny_delete: true,
        ..Default::default()
    };
    let made = broker.create_stream(theirs).await.unwrap();
    world.enqueue(id(), 1).await;

    let relay = || async {
        bus::Relay::new(world.db.pool.clone(), world.bus().await, "things")
            .run(world.shutdown.child_token())
            .await
    };
    let said = format!("{:#}", relay().await.unwrap_err());
    for word in [
        name.as_str(),
        "max_age is 86400s instead of 1209600s",
        "deny_purge is false instead of true",
        "nats stream edit",
    ] {
        assert!(said.contains(word), "{said}");
    }
    let now = world.stream().await;
    assert_eq!(
        now.cached_info().config,
        made.cached_info().config,
        "nothing was altered"
    );
    assert_eq!(now.cached_info().state.messages, 0, "nothing was used");
    assert_eq!(bus::unsent(&world.db.pool).await.unwrap(), 1);

    world.bus_delete(&name).await;
    world.start_relay().await;
    world.drained().await;
    assert_eq!(world.stream().await.cached_info().state.messages, 1);
}

#[tokio::test]
async fn a_stream_that_is_changed_under_a_running_relay_stops_the_relay_alone() {
    let world = World::start().await;
    let relay = tokio::spawn(
        bus::Relay::new(world.db.pool.clone(), world.bus().await, "things").run(world.shutdown.child_token()),
    );
    world.enqueue(id(), 1).await;
    world.drained().await;
    let broker = async_nats::jetstream::new(world.admin().await);
    let asked = world.stream().await.cached_info().config.clone();
    let shorter = async_nats::jetstream::stream::Config {
        max_age: std::time::Duration::from_hours(1),
        ..asked.clone()
    };
    broker.update_stream(&shorter).await.unwrap();
    // What makes a running relay look at its stream anew: its connection for the lock is gone.
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    .execute(&world.db.pool)
    .await
    .unwrap();
    world.enqueue(id(), 2).await;
    let another = bus::Relay::new(world.db.pool.clone(), world.bus().await, "things");
    another.run(world.shutdown.child_token()).await.unwrap_err();
    assert_eq!(
        bus::unsent(&world.db.pool).await.unwrap(),
        1,
        "nothing is published meanwhile"
    );
    broker.update_stream(&asked).await.unwrap();
    world.drained().await;
    assert!(!relay.is_finished(), "the process goes on");
}
