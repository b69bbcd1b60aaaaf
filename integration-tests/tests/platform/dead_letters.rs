//! The operator's program and what real services gave up: a fact that no version of notifications can read is parked, shown with its cause, and
//! replayed by a call that the service writes down.

use std::process::{Command, Output};

use integration_tests::world::World;
use serde_json::Value;

const FACT: &str = "benefits.application.submitted.v1";

fn tadamon(world: &World, args: &[&str]) -> Output {
    let own = std::env::current_exe().expect("a test has a file");
    let mut command = Command::new(
        own.ancestors()
            .nth(2)
            .expect("it stands under target")
            .join("tadamon"),
    );
    command.arg("dead-letters").args(args);
    for service in ["identity", "membership", "benefits", "documents", "notifications"] {
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

/// Speaks as a publisher gone wrong.
async fn tell_nonsense(world: &World, version: u32) {
    let client = async_nats::jetstream::new(world.nats().await.expect("the broker answers"));
    let mut headers = async_nats::HeaderMap::new();
    let record = "01936f6e-0000-7000-8000-00000000000a";
    let sequence = format!("{version:020}");
    let id = uuid::Uuid::from_u128(u128::from(version)).to_string();
    for (name, value) in [
        ("ce-specversion", "1.0"),
        ("ce-id", id.as_str()),
        ("ce-source", "/tadamon/benefits"),
        ("ce-type", &format!("tadamon.{FACT}")),
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
        .publish_with_headers(
            format!("{}.events.{FACT}", world.prefix),
            headers,
            r#"{"memberId":"nobody","applicationId":"nothing"}"#.into(),
        )
        .await
        .expect("the broker takes it");
    answer.await.expect("the stream takes it");
}

#[tokio::test]
async fn what_a_service_gave_up_is_listed_shown_and_replayed_from_the_command_line() {
    let mut world = World::start().await;
    let (empty, said) = code(&tadamon(&world, &["list", "--service", "notifications"]));
    assert_eq!((empty, said.as_str()), (Some(0), ""));
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
