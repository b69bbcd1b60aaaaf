//! What is done to NATS behind the platform's back, and what is read from it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use async_nats::jetstream::{self, stream::Stream};
use bus::grants::{LISTENERS, Listener, stream_name};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use testkit::eventually;

use integration_tests::world::World;

/// Where the copy of the store waits.
pub(crate) fn older_store(stack: &Path) -> PathBuf {
    stack.join("nats/older-store")
}

/// Puts the copy in the store's place. The broker must not run.
pub(crate) fn put_store_back(stack: &Path) {
    let store = stack.join("nats/store");
    std::fs::remove_dir_all(&store).expect("the store can be removed");
    std::fs::rename(older_store(stack), store).expect("the copy can be put in its place");
}

async fn stream_of(world: &World, service: &str) -> Option<(async_nats::Client, Stream)> {
    let client = world.nats().await?;
    let name = stream_name(&world.prefix, service);
    let stream = jetstream::new(client.clone()).get_stream(name).await.ok()?;
    Some((client, stream))
}

/// The services whose events somebody listens to.
fn publishers() -> BTreeSet<&'static str> {
    LISTENERS.iter().map(Listener::publisher).collect()
}

/// The ids of the events of one kind that the stream of benefits holds.
pub(crate) async fn event_ids(world: &World, kind: &str) -> Option<BTreeSet<String>> {
    let (_, stream) = stream_of(world, "benefits").await?;
    let state = stream.get_info().await.ok()?.state;
    let mut ids = BTreeSet::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await.ok()?;
        if message.subject.as_str().ends_with(kind) {
            ids.insert(message.headers.get("ce-id")?.to_string());
        }
    }
    Some(ids)
}

/// Publishes every message that somebody listens to again, so many times, in another order, without the id by which the broker would know it again.
pub(crate) async fn tell_everything_again(world: &World, times: usize, seed: u64) {
    for service in publishers() {
        tell_again(world, service, times, seed).await;
    }
    everything_is_heard(world).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "a foreign publisher is what this fault is"
)]
async fn tell_again(world: &World, service: &str, times: usize, seed: u64) {
    let (client, stream) = stream_of(world, service).await.expect("NATS answers");
    let state = stream.get_info().await.expect("NATS answers").state;
    let mut all = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let message = stream
            .get_raw_message(sequence)
            .await
            .expect("the message is there");
        let mut headers = async_nats::HeaderMap::new();
        for (name, values) in message.headers.iter() {
            if name.to_string() != "Nats-Msg-Id" {
                for value in values {
                    headers.append(name.clone(), value.clone());
                }
            }
        }
        all.push((message.subject, headers, message.payload));
    }
    let mut again: Vec<_> = all.iter().cycle().take(all.len() * times).cloned().collect();
    again.shuffle(&mut StdRng::seed_from_u64(seed));
    let jetstream = jetstream::new(client);
    for (subject, headers, payload) in again {
        jetstream
            .publish_with_headers(subject, headers, payload)
            .await
            .expect("NATS takes a message")
            .await
            .expect("NATS stores it");
    }
}

/// Waits until no listener has anything left to hear.
async fn everything_is_heard(world: &World) {
    use futures::TryStreamExt as _;

    for service in publishers() {
        eventually(async || {
            let (_, stream) = stream_of(world, service).await?;
            let consumers: Vec<_> = stream.consumers().try_collect().await.ok()?;
            let idle = consumers
                .iter()
                .all(|consumer| consumer.num_pending == 0 && consumer.num_ack_pending == 0);
            (idle && !consumers.is_empty()).then_some(())
        })
        .await;
    }
}
