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
