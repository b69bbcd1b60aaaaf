//! The users of our own services: each reads what the table lists for it, and nothing restricted that it is not listed for.

use std::time::Duration;

use async_nats::jetstream;
use async_nats::jetstream::consumer::pull::Config;
use bus::grants::{LISTENERS, Listener, PREFIX, SERVICES, durable_name, stream_name};
use platform::settings::NatsSettings;

use crate::world::World;

async fn context(settings: &NatsSettings) -> jetstream::Context {
    let client = async_nats::ConnectOptions::with_user_and_password(
        settings.user.clone(),
        settings.password.expose().to_owned(),
    )
    .custom_inbox_prefix(format!("_INBOX.{}", settings.user))
    .connect(&settings.url)
    .await
    .unwrap();
    // A refused question gets no answer.
    jetstream::context::ContextBuilder::new()
        .timeout(Duration::from_secs(1))
        .build(client)
}

fn durable(name: &str, filters: &[&str]) -> Config {
    let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
    let (single, several) = match filters.as_slice() {
        [single] => (single.clone(), Vec::new()),
        _ => (String::new(), filters),
    };
    Config {
        durable_name: Some(name.to_owned()),
        filter_subject: single,
        filter_subjects: several,
        ..Config::default()
    }
}

#[tokio::test]
async fn private_stack_a_service_makes_the_durables_that_are_listed_and_no_others() {
    let world = World::start().await;
    for service in SERVICES {
        let stream = context(&world.settings(service)).await;
        let subjects = vec![
            format!("{PREFIX}.events.{service}.>"),
            format!("{PREFIX}.restricted.{service}.>"),
        ];
        let config = jetstream::stream::Config {
            name: stream_name(PREFIX, service),
            subjects,
            ..Default::default()
        };
        // Benefits has its stream already.
        let _made = stream.create_stream(config).await;
    }
    // At once: a refusal is a question without an answer, and takes its whole time.
    futures::future::join_all(
        LISTENERS
            .iter()
            .map(|listener| makes_its_own_and_no_other(&world, listener)),
    )
    .await;
}

async fn makes_its_own_and_no_other(world: &World, listener: &Listener) {
    let user = context(&world.settings(listener.service)).await;
    let stream = stream_name(PREFIX, listener.publisher());
    let name = durable_name(PREFIX, listener.name);
    let filter = format!("{PREFIX}.{}", listener.filter);
    let made = user
        .create_consumer_on_stream(durable(&name, &[&filter]), &stream)
        .await;
    assert!(made.is_ok(), "{} cannot make {name}: {made:?}", listener.service);
    let restricted = format!("{PREFIX}.restricted.>");
    let everything = format!("{PREFIX}.>");
    let wider = [
        durable(&name, &[&restricted]),
        durable(&name, &[&everything]),
        durable(&name, &[]),
        durable(&name, &[&restricted, &filter]),
        durable("mine", &[&filter]),
        durable("mine", &[&restricted]),
    ];
    let asked = wider.into_iter().map(async |wider| {
        let refused = user.create_consumer_on_stream(wider.clone(), &stream).await;
        assert!(refused.is_err(), "{} made {wider:?}", listener.service);
    });
    futures::future::join_all(asked).await;
}

#[tokio::test]
async fn private_stack_a_service_reads_no_stream_but_its_own_and_removes_nothing() {
    let world = World::start().await;
    let admin = context(&world.settings("admin")).await;
    let benefits = admin.get_stream(stream_name(PREFIX, "benefits")).await.unwrap();
    let (first, last) = (
        benefits.cached_info().state.first_sequence,
        benefits.cached_info().state.messages,
    );
    for service in ["identity", "membership", "partnerships", "notifications"] {
        let user = context(&world.settings(service)).await;
        let question = format!("STREAM.MSG.GET.{}", stream_name(PREFIX, "benefits"));
        let answer: Result<serde_json::Value, _> =
            user.request(question, &serde_json::json!({ "seq": first })).await;
        assert!(
            answer.is_err(),
            "{service} read a message of benefits: {answer:?}"
        );
    }
    let own = context(&world.settings("benefits")).await;
    for question in ["STREAM.PURGE", "STREAM.DELETE", "STREAM.UPDATE"] {
        let question = format!("{question}.{}", stream_name(PREFIX, "benefits"));
        let answer: Result<serde_json::Value, _> = own.request(question.clone(), &()).await;
        assert!(answer.is_err(), "{question} was answered: {answer:?}");
    }
    let after = admin.get_stream(stream_name(PREFIX, "benefits")).await.unwrap();
    assert_eq!(after.cached_info().state.messages, last);
}
