//! The operator's program and what real services gave up: a fact that no version of notifications can read is parked, shown with its cause, and
//! replayed by a call that the service writes down.

use std::process::{Command, Output};

use integration_tests::world::World;
use serde_json::Value;

const FACT: &str = "benefits.application.submitted.v1";
/// Every service with a database.
const ALL: [&str; 6] = [
    "identity",
    "membership",
    "benefits",
    "documents",
    "partnerships",
    "notifications",
];

fn tadamon(world: &World, args: &[&str]) -> Output {
    let own = std::env::current_exe().expect("a test has a file");
    let mut command = Command::new(
        own.ancestors()
            .nth(2)
            .expect("it stands under target")
            .join("tadamon"),
    );
    command.arg("dead-letters").args(args);
    for service in ALL {
        command.args(["--at", &format!("{service}={}", world.service(service).url())]);
    }
    command
        .arg("--keys")
        .arg(world.keys.path())
        .args(["--token-url", &world.token_url])
        .output()
        .expect("the program was built")
}

fn code(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

/// Speaks as benefits gone wrong.
async fn tell_nonsense(world: &World, version: u32) {
    let data = r#"{"memberId":"nobody","applicationId":"nothing"}"#;
    tell(world, FACT, version, data).await;
}

/// Speaks as a publisher gone wrong.
async fn tell(world: &World, fact: &str, version: u32, data: &'static str) {
    let publisher = fact.split('.').next().expect("a fact begins with its publisher");
    let client = async_nats::jetstream::new(world.nats().await.expect("the broker answers"));
    let mut headers = async_nats::HeaderMap::new();
    let record = "01936f6e-0000-7000-8000-00000000000a";
    let sequence = format!("{version:020}");
    let id = uuid::Uuid::from_u128(u128::from(version)).to_string();
    for (name, value) in [
        ("ce-specversion", "1.0"),
        ("ce-id", id.as_str()),
        ("ce-source", &format!("/tadamon/{publisher}")),
        ("ce-type", &format!("tadamon.{fact}")),
        ("ce-time", "2026-11-22T09:00:00.000000Z"),
        ("ce-subject", record),
        ("ce-sequence", &sequence),
        (
            "ce-traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ),
    ] {
        headers.insert(name, value);
    }
    #[expect(clippy::disallowed_methods, reason = "the test plays a publisher gone wrong")]
    let answer = client
        .publish_with_headers(format!("{}.events.{fact}", world.prefix), headers, data.into())
        .await
        .expect("the broker takes it");
    answer.await.expect("the stream takes it");
}

#[tokio::test]
async fn what_a_service_gave_up_is_listed_shown_and_replayed_from_the_command_line() {
    let world = World::start().await;
    let (empty, said) = code(&tadamon(&world, &["list", "--service", "notifications"]));
    assert_eq!((empty, said.as_str()), (Some(0), "nothing is parked\n"));
    tell_nonsense(&world, 1).await;
    tell_nonsense(&world, 2).await;
    let listed = testkit::eventually(|| async {
        let (code, text) = code(&tadamon(
            &world,
            &["list", "--service", "notifications", "--json"],
        ));
        let letters: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{text}")))
            .collect();
        (code == Some(2) && letters.len() == 2).then_some(letters)
    })
    .await;
    let failed = listed.iter().find(|letter| letter["state"] == "failed").unwrap();
    let held = listed.iter().find(|letter| letter["state"] == "held").unwrap();
    let id = failed["id"].as_str().unwrap();
    assert!(
        id.starts_with("notifications/event/notifications-applications/"),
        "{id}"
    );

    let (shown, text) = code(&tadamon(&world, &["show", id]));
    assert_eq!(shown, Some(0), "{text}");
    assert!(
        text.contains("4bf92f3577b34da6a3ce929d0e0e4736") && text.contains(FACT),
        "{text}"
    );
    assert!(
        !text.contains("nobody"),
        "the data of an event is not shown: {text}"
    );

    let (refused, text) = code(&tadamon(&world, &["replay", held["id"].as_str().unwrap()]));
    assert_eq!(refused, Some(65), "{text}");
    assert!(text.contains("DEAD_LETTER_HELD"), "{text}");
    let (done, text) = code(&tadamon(&world, &["replay", id]));
    assert_eq!(done, Some(0), "{text}");
    assert!(text.contains("put in again, and then 1 held behind it"), "{text}");
    assert_eq!(
        world
            .count(
                "notifications",
                "SELECT count(*) FROM audit WHERE action = 'replayed' AND actor_id = 'tadamon-cli'"
            )
            .await,
        1
    );
    let unknown = format!(
        "notifications/event/notifications-applications/{}",
        uuid::Uuid::nil()
    );
    assert_eq!(code(&tadamon(&world, &["show", &unknown])).0, Some(65));
    assert_eq!(code(&tadamon(&world, &["show", "nonsense"])).0, Some(64));

    world.kill("notifications");
    let (away, text) = code(&tadamon(&world, &["list", "--service", "notifications"]));
    assert_eq!(away, Some(69), "{text}");
}

#[tokio::test]
async fn all_six_services_are_asked_and_what_partnerships_gave_up_is_shown_and_replayed_too() {
    let world = World::start().await;
    let (empty, said) = code(&tadamon(&world, &["list"]));
    assert_eq!(
        (empty, said.as_str()),
        (Some(0), "nothing is parked\n"),
        "all six answer"
    );
    // Two services listen to it, and neither can read whom it is about.
    tell(
        &world,
        "membership.member.changed.v1",
        1,
        r#"{"memberId":"nobody"}"#,
    )
    .await;
    let listed = testkit::eventually(|| async {
        let (code, text) = code(&tadamon(&world, &["list"]));
        let ids: Vec<String> = text
            .lines()
            .filter_map(|line| line.split_whitespace().find(|word| word.contains("/event/")))
            .map(str::to_owned)
            .collect();
        (code == Some(2) && ids.len() == 2).then_some(ids)
    })
    .await;
    assert!(
        listed[0].starts_with("benefits/event/benefits-member-facts/"),
        "{listed:?}"
    );
    let id = listed[1].as_str();
    assert!(
        id.starts_with("partnerships/event/partnerships-member-facts/"),
        "{id}"
    );
    let (shown, text) = code(&tadamon(&world, &["show", id]));
    assert!(
        shown == Some(0) && text.contains("membership.member.changed.v1"),
        "{text}"
    );
    assert!(
        !text.contains("nobody"),
        "the data of an event is not shown: {text}"
    );
    let (done, text) = code(&tadamon(&world, &["replay", id]));
    assert_eq!(done, Some(0), "{text}");
    assert_eq!(
        world
            .count(
                "partnerships",
                "SELECT count(*) FROM audit WHERE action = 'replayed' AND actor_id = 'tadamon-cli'"
            )
            .await,
        1
    );
    world.kill("partnerships");
    let (away, text) = code(&tadamon(&world, &["list"]));
    assert!(
        away == Some(69) && text.contains("no answer from partnerships"),
        "{text}"
    );
}
