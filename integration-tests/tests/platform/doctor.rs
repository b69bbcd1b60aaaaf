//! `tadamon doctor` beside real services, from the command line: what is well is not spoken of, what is wrong is one finding and exit 1, what cannot
//! be looked at is exit 2. Each finding on its own is tested in crates/operations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use integration_tests::services::program;
use integration_tests::world::World;
use serde_json::{Value, json};
use testkit::eventually;
use testkit::stack::test_addresses;

/// What the test stack really is: its Postgres does not wait for the disk, and tests sign in as its superuser.
const OF_THE_TEST_STACK: [&str; 3] = ["durability", "opens_foreign_database", "role_too_strong"];

struct Doctor {
    settings: PathBuf,
    keys: PathBuf,
    operator: PathBuf,
}

impl Doctor {
    fn of(world: &World) -> Self {
        let addresses = test_addresses().expect("the test stack runs");
        let user = |user: &testkit::stack::NatsUser| json!({ "user": user.user, "password": user.password });
        let operator = world.keys.path().join("operator.json");
        let credentials = json!({
            "url": addresses.nats_url, "admin": user(&addresses.nats_admin), "system": user(&addresses.nats_system),
        });
        std::fs::write(&operator, credentials.to_string()).expect("the test's folder takes files");
        Self {
            settings: world.keys.path().join("world"),
            keys: world.keys.path().to_owned(),
            operator,
        }
    }

    /// Exit code, findings as (code, service) beyond those of the test stack, and what was not seen.
    fn looks(&self, settings: &Path) -> (Option<i32>, BTreeSet<(String, String)>, Vec<String>) {
        let output = Command::new(program("tadamon"))
            .args(["doctor", "--json", "--settings"])
            .arg(settings)
            .arg("--keys")
            .arg(&self.keys)
            .arg("--nats")
            .arg(&self.operator)
            .output()
            .expect("the program was built");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect();
        let word = |line: &Value, name: &str| line[name].as_str().map(str::to_owned);
        let findings = lines
            .iter()
            .filter(|line| line["severity"] != "information")
            .filter_map(|line| Some((word(line, "code")?, word(line, "service")?)))
            .filter(|(code, _)| !OF_THE_TEST_STACK.contains(&code.as_str()))
            .collect();
        let end = lines.last().expect("there is an end");
        let unseen = end["not_seen"].as_array().expect("a list").iter();
        let unseen = unseen
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect();
        (output.status.code(), findings, unseen)
    }
}

impl Doctor {
    /// The services whose event came back.
    fn publishes(&self) -> BTreeSet<String> {
        let output = Command::new(program("tadamon"))
            .args(["doctor", "--publish", "--json", "--settings"])
            .arg(&self.settings)
            .arg("--keys")
            .arg(&self.keys)
            .arg("--nats")
            .arg(&self.operator)
            .output()
            .expect("the program was built");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines
            .filter(|line| line["code"] == "probe_came_back")
            .filter_map(|line| line["service"].as_str().map(str::to_owned))
            .collect()
    }
}

fn named(findings: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    findings
        .iter()
        .map(|(code, service)| ((*code).to_owned(), (*service).to_owned()))
        .collect()
}

#[tokio::test]
async fn the_doctor_finds_nothing_beside_services_that_are_well_and_names_what_is_not() {
    let world = World::start().await;
    let doctor = Doctor::of(&world);
    // Subscribers and queues begin a moment after their services are ready.
    eventually(async || {
        let (code, findings, unseen) = doctor.looks(&doctor.settings);
        assert_eq!(
            (code, unseen),
            (Some(1), Vec::new()),
            "the test stack itself is warned of"
        );
        findings.is_empty().then_some(())
    })
    .await;

    // Each service's events go through, with its own relay; notifications publishes none.
    let mut publishers = BTreeSet::from(integration_tests::services::SERVICES.map(str::to_owned));
    publishers.remove("notifications");
    assert_eq!(doctor.publishes(), publishers);

    // Two settings files with each other's database.
    let swapped = world.keys.path().join("swapped");
    std::fs::create_dir(&swapped).expect("the test's folder takes folders");
    let text = |service: &str| {
        std::fs::read_to_string(doctor.settings.join(format!("{service}.toml")))
            .expect("the settings are there")
    };
    for service in integration_tests::services::SERVICES {
        let url = |of: &str| world.database_url(of);
        let text = match service {
            "identity" => text(service).replace(&url("identity"), &url("membership")),
            "membership" => text(service).replace(&url("membership"), &url("identity")),
            _ => text(service),
        };
        std::fs::write(swapped.join(format!("{service}.toml")), text).expect("the folder takes files");
    }
    let (code, findings, _) = doctor.looks(&swapped);
    assert_eq!(code, Some(1));
    assert_eq!(
        findings,
        named(&[
            ("foreign_database", "identity"),
            ("foreign_database", "membership")
        ])
    );

    world.kill("notifications");
    eventually(async || {
        let (_, findings, _) = doctor.looks(&doctor.settings);
        (findings == named(&[("queue_without_workers", "notifications")])).then_some(())
    })
    .await;

    std::fs::remove_file(swapped.join("documents.toml")).expect("it was written");
    let (code, _, unseen) = doctor.looks(&swapped);
    assert_eq!(code, Some(2));
    assert!(
        unseen.len() == 1 && unseen[0].starts_with("documents: setting --config:"),
        "{unseen:?}"
    );
}

#[tokio::test]
async fn a_service_whose_stream_was_changed_does_not_start_and_says_what_to_change() {
    let world = World::start().await;
    let doctor = Doctor::of(&world);
    let name = format!("{}-membership", world.prefix).to_uppercase();
    let broker = async_nats::jetstream::new(world.nats().await.expect("the broker answers"));
    let stream = eventually(async || broker.get_stream(&name).await.ok()).await;
    let asked = stream.cached_info().config.clone();
    let other = async_nats::jetstream::stream::Config {
        max_age: std::time::Duration::from_hours(24),
        ..asked.clone()
    };
    world.kill("membership");
    broker.update_stream(&other).await.expect("the administrator may");

    let membership = world.service("membership");
    membership.start();
    let words =
        format!("the stream {name} has other settings than asked: max_age is 86400s instead of 1209600s");
    eventually(async || membership.log().contains(&words).then_some(())).await;
    eventually(async || (!membership.is_ready().await).then_some(())).await;
    let (_, findings, _) = doctor.looks(&doctor.settings);
    assert!(
        findings.contains(&("stream_settings".to_owned(), "membership".to_owned())),
        "{findings:?}"
    );

    broker.update_stream(&asked).await.expect("the administrator may");
    membership.kill();
    world.start_again("membership").await;
}
