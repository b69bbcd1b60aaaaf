//! The process: a bad setting is one line and exit 64, and another service's database is refused.

use std::process::Command;

use identity::{App, Settings};
use platform::clock::Clock;
use platform::process::ServiceApp as _;
use testkit::TestDb;

#[test]
fn a_wrong_setting_is_one_line_that_names_the_key_and_exit_64() {
    let keys = testkit::keys();
    let run = |variable: &str, value: &str| {
        Command::new(env!("CARGO_BIN_EXE_identity"))
            .arg("check-config")
            .env("TADAMON_COMMON__KEYS__DIRECTORY", keys.path())
            .env(variable, value)
            .output()
            .unwrap()
    };
    for (variable, value, key) in [
        ("TADAMON_PASSWORD__LEAST", "7", "password.least"),
        ("TADAMON_PROOF__MINUTES", "soon", "proof.minutes"),
        ("TADAMON_REDIS__URL", "localhost", "redis.url"),
        (
            "TADAMON_PEERS__MEMBERSHIP__URL",
            "membership",
            "peers.membership.url",
        ),
    ] {
        let output = run(variable, value);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(64), "{message}");
        assert!(message.lines().count() == 1 && message.contains(key), "{message}");
    }
    assert_eq!(run("TADAMON_PASSWORD__LEAST", "20").status.code(), Some(0));
}

#[tokio::test]
async fn another_services_database_is_refused() {
    let db = TestDb::create("membership", identity::migrations()).await;
    let keys = testkit::keys();
    let mut settings: Settings = toml::from_str(App::DEFAULTS).unwrap();
    settings.common = testkit::common(&db, &keys);
    settings.http.listen = "127.0.0.1:0".parse().unwrap();
    let error = App::build(settings, Clock::system())
        .await
        .err()
        .expect("the service refuses to start");
    assert!(
        error.to_string().contains("belongs to the service membership"),
        "{error:#}"
    );
}

#[test]
fn the_doctor_of_a_process_says_what_it_could_not_look_at_and_shows_no_password() {
    let keys = testkit::keys();
    let doctor = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_identity"))
            .arg("doctor")
            .args(arguments)
            .env("TADAMON_COMMON__KEYS__DIRECTORY", keys.path())
            .env(
                "TADAMON_COMMON__POSTGRES__URL",
                "postgres://identity:hunter2@127.0.0.1:1/identity",
            )
            .env("TADAMON_COMMON__NATS__URL", "nats://127.0.0.1:1")
            .env("TADAMON_COMMON__NATS__PASSWORD", "hunter2")
            .env(
                "TADAMON_COMMON__AMQP__URL",
                "amqp://identity:hunter2@127.0.0.1:1/tadamon",
            )
            .env("TADAMON_REDIS__URL", "redis://:hunter2@127.0.0.1:1/0")
            .output()
            .unwrap()
    };
    let output = doctor(&[]);
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for server in ["the database", "NATS", "RabbitMQ", "Redis"] {
        let told = said
            .lines()
            .any(|line| line.starts_with("not seen: identity") && line.contains(server));
        assert!(told, "{server}: {said}");
    }
    assert!(
        !said.contains("hunter2") && said.contains("0 errors, 0 warnings, 4 not seen"),
        "{said}"
    );
    let output = doctor(&["--nonsense"]);
    assert_eq!(output.status.code(), Some(64));
}
