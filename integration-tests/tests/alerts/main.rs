//! Alerts proven by faults: real services, a real Prometheus that reads them as in a cluster, the chart's own rules. For each fault the alert is
//! silent before, fires, and is silent again once the fault is healed; no other alert fires beside it. That each rule says what it should, over
//! hours and days, is tried without faults in `helm/checks`.
//!
//! The one thing that differs from a cluster is time: see `rules`.

mod prometheus;
mod rules;

use integration_tests::member::Member;
use integration_tests::world::World;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use prometheus::Prometheus;
use serde_json::json;
use sqlx::Executor as _;
use testkit::eventually;
use testkit::stack::{PrivateStack, Server, StackAddresses, test_addresses};

/// A world whose Postgres and NATS may die.
async fn world_on(stack: &PrivateStack) -> World {
    let private = stack.addresses().clone();
    World::start_on(StackAddresses {
        postgres_url: private.postgres_url,
        nats_url: private.nats_url,
        nats_admin: private.nats_admin,
        ..test_addresses().expect("the test stack runs")
    })
    .await
}

/// Identity tells of a client in words that no version of partnerships reads.
async fn tell_nonsense(world: &World) {
    let event = bus::OutgoingEvent::new(
        Clock::system().now(),
        "identity.client.changed.v1",
        uuid_v7(Clock::system().now()),
        1,
        "system",
        &json!({"clientId": ["nobody"]}),
    );
    bus::enqueue(&mut world.database_of("identity").await, event)
        .await
        .expect("a row of the outbox");
}

/// What a version that can read them would have made of the parked words, and the operator's replay.
async fn mend_and_replay(world: &World) {
    let mut database = world.database_of("partnerships").await;
    let mended = r#"UPDATE dead_letters SET data = '{"clientId": "nobody"}' WHERE subscriber = 'partnerships-clients'"#;
    database
        .execute(mended)
        .await
        .expect("the parked event is mended");
    let listed = world.tadamon(&["dead-letters", "list", "--service", "partnerships"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let id = listed
        .split_whitespace()
        .find(|word| word.contains("/event/"))
        .unwrap_or_else(|| panic!("the parked event is listed: {listed}"));
    let replayed = world.tadamon(&["dead-letters", "replay", id]);
    assert!(replayed.status.success(), "{replayed:?}");
}

#[tokio::test]
async fn private_stack_each_alert_fires_at_its_fault_and_ends_when_it_is_healed() {
    let stack = PrivateStack::start(&[Server::Postgres, Server::Nats]).expect("a private Postgres and NATS");
    let world = world_on(&stack).await;
    let prometheus = Prometheus::start(&world, &rules::hastened()).await;
    prometheus.reads_every_service().await;
    prometheus.until_firing(&[]).await;

    // Three faults that have nothing to do with one another: a process that is gone, a role that nobody plays, an event that cannot be read.
    let member = Member::active();
    world.import(member.lines()).await;
    world.kill("documents");
    world.kill("notifications");
    world
        .service("notifications")
        .start_as(r#"["grpc", "subscribers"]"#);
    world.service("notifications").ready().await;
    member
        .ask_for_a_link(&world, None)
        .await
        .expect("the form is taken");
    tell_nonsense(&world).await;
    prometheus
        .until_firing(&[
            "EventsParked partnerships partnerships-clients",
            "JobsOverdue notifications email",
            "ServiceGone documents",
        ])
        .await;
    world.start_again("documents").await;
    world.kill("notifications");
    world.start_again("notifications").await;
    mend_and_replay(&world).await;
    member.mails_come(1).await;
    prometheus.until_firing(&[]).await;

    // The broker of events goes while what happens goes on.
    stack.kill(Server::Nats).expect("NATS is killed");
    world.import(Member::active().lines()).await;
    prometheus.until_firing(&["OutboxStandsStill membership"]).await;
    stack.start_again(Server::Nats).expect("NATS starts again");
    prometheus.until_firing(&[]).await;

    // Every service's Postgres at once.
    stack.kill(Server::Postgres).expect("Postgres is killed");
    let unready = integration_tests::services::SERVICES.map(|name| format!("ServiceNotReady {name}"));
    prometheus
        .until_firing(&unready.each_ref().map(String::as_str))
        .await;
    stack
        .start_again(Server::Postgres)
        .expect("Postgres starts again");
    prometheus.until_firing(&[]).await;
    eventually(async || {
        let sent = "SELECT count(*) FROM outbox WHERE stream_sequence IS NULL";
        (world.count("membership", sent).await == 0).then_some(())
    })
    .await;
}
