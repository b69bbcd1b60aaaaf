//! NATS's store put back to an older copy, as after a machine that lost its disk's last writes: the relay publishes again what was lost, and a
//! subscriber notices that its position means nothing any more. What it has *applied* is whole in the end, each event once.

use std::path::{Path, PathBuf};

use bus::Relay;
use chrono::TimeDelta;
use platform::clock::Clock;
use testkit::stack::{PrivateStack, Server, copy_folder};
use uuid::Uuid;

use crate::support::{Newest, World, id};

/// The consumers' own positions, one folder per stream.
fn positions(store: &Path) -> PathBuf {
    let streams = store.join("jetstream/TADAMON/streams");
    let stream = std::fs::read_dir(&streams).unwrap().next().unwrap().unwrap();
    stream.path().join("obs")
}

async fn all_applied(world: &World, records: &[Uuid]) {
    for record in records {
        testkit::eventually(|| world.newest(*record)).await;
    }
}

/// `positions_newer`: the subscriber's place survives, only the stream is put back.
async fn a_store_put_back(positions_newer: bool) {
    let stack = PrivateStack::start(&[Server::Nats]).unwrap();
    let world = World::start_on(stack.addresses()).await;
    let store = stack.dir().join("nats/store");
    let older = stack.dir().join("older");
    world.start_relay().await;
    world.start_subscriber(Newest::default()).await;
    let early: Vec<Uuid> = (0..200).map(|_| id()).collect();
    for record in &early {
        world.enqueue(*record, 1).await;
    }
    all_applied(&world, &early).await;
    stack.copy_nats_store(&older).unwrap();

    let late: Vec<Uuid> = (0..300).map(|_| id()).collect();
    for record in &late {
        world.enqueue(*record, 1).await;
    }
    all_applied(&world, &late).await;
    world.drained().await;
    stack.kill(Server::Nats).unwrap();
    if positions_newer {
        let newer = stack.dir().join("newer");
        copy_folder(&positions(&store), &newer).unwrap();
        copy_folder(&older, &store).unwrap();
        copy_folder(&newer, &positions(&store)).unwrap();
    } else {
        copy_folder(&older, &store).unwrap();
    }
    // Begun before the loss, committed after it: these are published before what is published again, at places that the subscriber has passed.
    let slow: Vec<Uuid> = (0..50).map(|_| id()).collect();
    for record in &slow {
        let then = Clock::system().now() - TimeDelta::hours(1);
        world.enqueue_at(then, *record, 1).await;
    }
    stack.start_again(Server::Nats).unwrap();
    all_applied(&world, &slow).await;
    world.drained().await;
    for record in early.iter().chain(&late).chain(&slow) {
        assert_eq!(world.newest(*record).await, Some((1, 1)), "{record}");
    }
    assert_eq!(world.stream().await.cached_info().state.messages, 550);
}

#[tokio::test]
async fn private_stack_after_an_older_copy_of_the_store_every_event_is_applied_once() {
    a_store_put_back(false).await;
}

#[tokio::test]
async fn private_stack_a_position_newer_than_the_stream_that_was_put_back_loses_nothing() {
    a_store_put_back(true).await;
}

#[tokio::test]
async fn private_stack_an_idle_relay_notices_by_itself_that_the_stream_lost_its_tail() {
    let stack = PrivateStack::start(&[Server::Nats]).unwrap();
    let world = World::start_on(stack.addresses()).await;
    let (store, older) = (stack.dir().join("nats/store"), stack.dir().join("older"));
    tokio::spawn(Relay::new(world.db.pool.clone(), world.bus().await, "things").run(world.shutdown.clone()));
    world.enqueue(id(), 1).await;
    world.drained().await;
    stack.copy_nats_store(&older).unwrap();
    for _ in 0..20 {
        world.enqueue(id(), 1).await;
    }
    world.drained().await;
    stack.kill(Server::Nats).unwrap();
    copy_folder(&older, &store).unwrap();
    stack.start_again(Server::Nats).unwrap();
    // Nobody publishes anything new.
    testkit::eventually(|| async { (world.stream().await.cached_info().state.messages == 21).then_some(()) })
        .await;
}
