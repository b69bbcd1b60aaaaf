//! The operator's commands on the bus: made once however often they run, refused in words, and never more than was asked for.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::world::{SUBMITTED, World};

const EVENTS: &str = "benefits.application.submitted.v1,benefits.application.withdrawn.v1";

fn code(output: &Output) -> (i32, String) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap(), said)
}

fn listed(world: &World) -> Vec<Value> {
    let output = world.tadamon(&["apps", "list", "--json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn private_stack_making_an_application_again_changes_nothing_and_other_events_change_only_these() {
    let world = World::start().await;
    let credentials = world.dir.join("hr.json");
    let users = world.stack_dir().join("nats/nats-users.conf");
    let create = |events: &str| {
        let output = world
            .tadamon(&["apps", "create", "hr", "--events", events])
            .output()
            .unwrap();
        assert_eq!(code(&output).0, 0, "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(create(EVENTS).contains("credentials written"));
    let mode = std::fs::metadata(&credentials).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = (
        std::fs::read(&credentials).unwrap(),
        std::fs::read(&users).unwrap(),
    );
    let password = serde_json::from_slice::<Value>(&first.0).unwrap()["password"].clone();
    assert!(!String::from_utf8_lossy(&first.1).contains(password.as_str().unwrap()));
    assert!(create(EVENTS).contains("nothing was changed"));
    assert_eq!(
        (
            std::fs::read(&credentials).unwrap(),
            std::fs::read(&users).unwrap()
        ),
        first
    );

    create(SUBMITTED);
    assert_eq!(listed(&world)[0]["events"], serde_json::json!([SUBMITTED]));
    let now: Value = serde_json::from_slice(&std::fs::read(&credentials).unwrap()).unwrap();
    assert_eq!(now["password"], password);

    // A lost file: a new password, and the old one is worth nothing.
    std::fs::remove_file(&credentials).unwrap();
    create(SUBMITTED);
    let now: Value = serde_json::from_slice(&std::fs::read(&credentials).unwrap()).unwrap();
    assert_ne!(now["password"], password);
    let (url, user) = (now["url"].as_str().unwrap(), now["user"].as_str().unwrap());
    assert!(
        bus::operate::sign_in(url, user, password.as_str().unwrap())
            .await
            .is_err()
    );

    let removed = world.tadamon(&["apps", "remove", "hr"]).output().unwrap();
    assert_eq!(code(&removed).0, 0);
    assert!(listed(&world).is_empty());
    assert!(!std::fs::read_to_string(&users).unwrap().contains("app-hr"));
    let again = world.tadamon(&["apps", "remove", "hr"]).output().unwrap();
    assert_eq!(code(&again).0, 65);
}

#[tokio::test]
async fn private_stack_what_must_not_be_granted_is_refused_and_nothing_is_made() {
    let world = World::start().await;
    std::fs::write(world.dir.join("taken.json"), "{}").unwrap();
    let refused: &[(&[&str], i32, &str)] = &[
        (
            &[
                "hr",
                "--events",
                "tadamon.restricted.benefits.application.submitted.v1",
            ],
            65,
            "restricted",
        ),
        (
            &["hr", "--events", "restricted:benefits.application.submitted.v1"],
            65,
            "restricted",
        ),
        (&["hr", "--events", "benefits.>"], 65, "is no event"),
        (
            &["hr", "--events", "benefits.application.submitted.v1,>"],
            65,
            "is no event",
        ),
        (&["hr"], 64, "--events"),
        (&["HR", "--events", SUBMITTED], 64, "lower-case"),
        (&["x.>", "--events", SUBMITTED], 64, "lower-case"),
        (&["../x", "--events", SUBMITTED], 64, "lower-case"),
        // Its service never ran here, so there is no stream.
        (
            &["hr", "--events", "membership.member.changed.v1"],
            70,
            "TADAMON-MEMBERSHIP",
        ),
        (&["taken", "--events", SUBMITTED], 65, "holds something else"),
        (
            &["hr", "--events", SUBMITTED, "--nats", "nowhere.json"],
            64,
            "nowhere.json",
        ),
    ];
    for (args, exit, says) in refused {
        let args = [&["apps", "create"], *args].concat();
        let output = world.tadamon(&args).output().unwrap();
        let (found, said) = code(&output);
        assert_eq!(found, *exit, "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
    assert!(listed(&world).is_empty());
    assert!(!world.dir.join("hr.json").exists());
}

/// The next event of the application.
async fn next(client: &async_nats::Client) -> async_nats::Message {
    let request = async_nats::Request::new()
        .payload(r#"{"batch":1}"#.into())
        .inbox(client.new_inbox());
    let subject = "$JS.API.CONSUMER.MSG.NEXT.TADAMON-BENEFITS.tadamon-app-hr";
    client.send_request(subject, request).await.unwrap()
}

#[tokio::test]
async fn private_stack_a_rewound_application_receives_from_the_beginning() {
    let world = World::start().await;
    for _ in 0..3 {
        world.publish(SUBMITTED, false).await;
    }
    world.drained().await;
    world.run_printed(&format!("tadamon apps create hr --events {SUBMITTED}"));
    let credentials: Value =
        serde_json::from_slice(&std::fs::read(world.dir.join("hr.json")).unwrap()).unwrap();
    let text = |name: &str| credentials[name].as_str().unwrap();
    let client = bus::operate::sign_in(text("url"), text("user"), text("password"))
        .await
        .unwrap();
    let first = next(&client).await;
    assert_eq!(listed(&world)[0]["waiting"], 2);
    world.run_printed("tadamon apps rewind hr");
    assert_eq!(listed(&world)[0]["waiting"], 3);
    let again = next(&client).await;
    let id =
        |message: &async_nats::Message| message.headers.clone().unwrap().get("ce-id").unwrap().to_string();
    assert_eq!(id(&first), id(&again));
    let unknown = world.tadamon(&["apps", "rewind", "nobody"]).output().unwrap();
    assert_eq!(code(&unknown).0, 65);
}

#[tokio::test]
async fn private_stack_the_tail_shows_what_is_published_and_moves_nobodys_place() {
    let world = World::start().await;
    world.run_printed(&format!("tadamon apps create hr --events {SUBMITTED}"));
    let mut tail = world
        .tadamon(&[
            "events",
            "tail",
            "--json",
            "--count",
            "2",
            "--subject",
            "tadamon.*.benefits.>",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It says so once the broker knows of the subscription.
    let mut said = String::new();
    BufReader::new(tail.stderr.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert!(said.starts_with("listening to"), "{said}");
    let ids = [
        world.publish(SUBMITTED, false).await,
        world.publish(SUBMITTED, true).await,
    ];
    // The relay goes on meanwhile.
    let ended = tokio::task::spawn_blocking(move || tail.wait_with_output());
    let output = ended.await.unwrap().unwrap();
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    for (line, id) in lines.iter().zip(ids) {
        assert_eq!(line["headers"]["ce-id"], id.to_string());
    }
    assert_eq!(lines[1]["subject"], format!("tadamon.restricted.{SUBMITTED}"));
    assert_eq!(listed(&world)[0]["waiting"], 1);
    let foreign = world
        .tadamon(&["events", "tail", "--subject", ">"])
        .output()
        .unwrap();
    assert_eq!(code(&foreign).0, 64);
}
