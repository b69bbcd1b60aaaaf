//! The program as an operator runs it: exit codes, what stands on standard output and what on standard error.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own, removed with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let name: String = platform::ids::random::<8>()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = std::env::temp_dir().join(format!("tadamon-cli-{name}"));
        fs::create_dir(&path).expect("the temporary folder takes another");
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("the folder takes a file");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _stays_behind = fs::remove_dir_all(&self.0);
    }
}

fn tadamon(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tadamon"))
        .args(args)
        .env_clear()
        .output()
        .expect("the program was built with the test")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A roster of twenty synthetic members, and the keys of an installation.
fn prepared(scratch: &Scratch) -> (String, String) {
    let (keys, roster) = (scratch.path("keys"), scratch.path("roster.csv"));
    let made = tadamon(&["bootstrap", "--keys", &keys]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let written = tadamon(&[
        "demo",
        "roster",
        "--members",
        "20",
        "--date",
        "2026-11-22",
        "--out",
        &roster,
    ]);
    assert_eq!(code(&written), 0, "{}", said(&written));
    (keys, roster)
}

#[test]
fn what_is_called_wrongly_is_64_and_help_is_not() {
    for wrong in [
        &["no-such-command"][..],
        &["members", "import"],
        &["members", "import", "/no/such/roster.csv"],
        &[
            "members",
            "import",
            "/no/such/roster.csv",
            "--membership",
            "notaurl",
        ],
    ] {
        assert_eq!(code(&tadamon(wrong)), 64, "{wrong:?}");
    }
    let no_url = tadamon(&["members", "import", "roster.csv", "--membership", "notaurl"]);
    assert!(
        said(&no_url).contains("TADAMON_MEMBERSHIP_URL") && said(&no_url).trim().lines().count() == 1,
        "{}",
        said(&no_url)
    );
    for asked in [&["--help"][..], &["--version"], &["members", "import", "--help"]] {
        assert_eq!(code(&tadamon(asked)), 0, "{asked:?}");
    }
}

#[test]
fn keys_are_made_once_and_the_second_run_says_so() {
    let scratch = Scratch::new();
    let keys = scratch.path("keys");
    tadamon(&["bootstrap", "--keys", &keys]);
    let trust = fs::read(Path::new(&keys).join("trust.json")).expect("the trust file is there");
    let second = tadamon(&["bootstrap", "--keys", &keys]);
    assert_eq!(code(&second), 0);
    assert!(String::from_utf8_lossy(&second.stdout).contains("nothing was changed"));
    assert_eq!(
        fs::read(Path::new(&keys).join("trust.json")).expect("still there"),
        trust
    );
}

#[test]
fn a_file_that_is_no_roster_is_refused_before_anybody_is_asked() {
    let scratch = Scratch::new();
    let (keys, roster) = prepared(&scratch);
    let good = fs::read_to_string(&roster).expect("the roster was written");
    let renamed = scratch.file("renamed.csv", &good.replacen("rib", "iban", 1));
    let latin = scratch.path("latin.csv");
    fs::write(
        &latin,
        good.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect::<Vec<_>>(),
    )
    .expect("the folder takes a file");
    for refused in [&renamed, &latin] {
        let output = tadamon(&["members", "import", refused, "--keys", &keys]);
        assert_eq!(code(&output), 65, "{}", said(&output));
        assert!(said(&output).contains("nothing was applied"));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_service_that_is_away_is_69_and_a_missing_key_65() {
    let scratch = Scratch::new();
    let (keys, roster) = prepared(&scratch);
    // Port 1 is nobody's.
    let nobody = "http://127.0.0.1:1/oauth2/token";
    let away = tadamon(&[
        "members",
        "import",
        &roster,
        "--keys",
        &keys,
        "--token-url",
        nobody,
    ]);
    assert_eq!(code(&away), 69, "{}", said(&away));
    let no_key = tadamon(&[
        "members",
        "import",
        &roster,
        "--keys",
        &scratch.path("none"),
        "--token-url",
        nobody,
    ]);
    assert_eq!(code(&no_key), 65, "{}", said(&no_key));
    assert!(said(&no_key).contains("tadamon bootstrap"), "{}", said(&no_key));
}

#[test]
fn the_accounts_of_the_demonstration_can_be_read_by_a_machine() {
    let output = tadamon(&["demo", "accounts", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let accounts = list["accounts"].as_array().expect("a list of accounts");
    assert!(accounts.len() >= 8);
    assert!(accounts.iter().all(|account| {
        account["email"]
            .as_str()
            .is_some_and(|email| email.ends_with(".example"))
    }));
}

#[test]
fn three_members_are_left_to_open_an_account_by_hand() {
    let output = tadamon(&["demo", "accounts", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let opened = list["accounts"].as_array().expect("a list of accounts");
    let left = list["not_open_yet"].as_array().expect("a list of newcomers");
    let words: Vec<_> = left
        .iter()
        .map(|newcomer| (newcomer["position"].as_str(), newcomer["language"].as_str()))
        .collect();
    assert_eq!(
        words,
        [
            (Some("active"), Some("fr")),
            (Some("retired"), Some("ar")),
            (Some("seconded"), Some("fr")),
        ]
    );
    let text = tadamon(&["demo", "accounts"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    let (_, by_hand) = text
        .split_once("not open yet: fill in the form with\n")
        .expect("the second list has its heading");
    for newcomer in left {
        assert!(
            opened
                .iter()
                .all(|account| account["matricule"] != newcomer["matricule"])
        );
        let retired = newcomer["position"] == "retired";
        assert_eq!(newcomer["pension_number"] != "", retired);
        for field in ["matricule", "cin", "position", "pension_number", "email"] {
            assert!(
                by_hand.contains(newcomer[field].as_str().expect("a text")),
                "{field}"
            );
        }
    }
}

#[test]
fn an_administrator_needs_an_address_and_a_running_identity() {
    let scratch = Scratch::new();
    let keys = scratch.path("keys");
    let alone = tadamon(&["bootstrap", "--keys", &keys, "--administrator", "99000001"]);
    assert_eq!(code(&alone), 64, "{}", said(&alone));
    // Port 1 is nobody's.
    let away = tadamon(&[
        "bootstrap",
        "--keys",
        &keys,
        "--administrator",
        "99000001",
        "--email",
        "admin@tadamon.example",
        "--token-url",
        "http://127.0.0.1:1/oauth2/token",
    ]);
    assert_eq!(code(&away), 69, "{}", said(&away));
    assert!(
        Path::new(&keys).join("trust.json").exists(),
        "the keys are made whatever identity does"
    );
}

#[test]
fn agents_and_clients_are_asked_for_in_full_before_anything_is_called() {
    for wrong in [
        vec!["agents", "create", "99000001", "--email", "a@b.example"],
        vec![
            "agents",
            "create",
            "99000001",
            "--email",
            "a@b.example",
            "--role",
            "director",
        ],
        vec![
            "agents",
            "create",
            "99000001",
            "--email",
            "a@b.example",
            "--role",
            "finance",
        ],
        vec!["agents", "membership", "an-id"],
        vec!["agents", "membership", "an-id", "--none", "--matricule", "1"],
        vec!["agents", "disable", "an-id", "--reason", "because"],
        vec![
            "clients",
            "create",
            "statistics",
            "--kind",
            "app",
            "--scope",
            "benefits.read",
        ],
        vec![
            "clients",
            "create",
            "rail-gate",
            "--kind",
            "bank",
            "--scope",
            "cards.verify",
        ],
        vec!["clients", "rotate", "partner-1", "--overlap-hours", "169"],
        vec!["clients", "scopes", "partner-1"],
    ] {
        let output = tadamon(&wrong);
        assert_eq!(code(&output), 64, "{wrong:?}: {}", said(&output));
    }
}

#[test]
fn every_agent_of_the_demonstration_can_be_read_by_a_machine_and_has_no_code_without_its_folder() {
    let output = tadamon(&["demo", "accounts", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let agents = list["agents"].as_array().expect("a list of agents");
    let scratch = Scratch::new();
    let nowhere = scratch.path("demonstration");
    assert!(agents.len() >= 7);
    for agent in agents {
        let name = agent["name"].as_str().expect("a name");
        let output = tadamon(&["demo", "code", name, "--directory", &nowhere]);
        assert_eq!(code(&output), 65, "{}", said(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn services_are_found_where_a_pods_variable_says() {
    let output = Command::new(env!("CARGO_BIN_EXE_tadamon"))
        .args(["dead-letters", "list"])
        .env_clear()
        .env("TADAMON_AT", "membership=http://m:9000,identity=nowhere at all")
        .output()
        .expect("the program was built with the test");
    assert_eq!(code(&output), 64);
    assert!(
        said(&output).contains("--at identity= takes a URL"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_pod_waits_until_it_is_told_to_end() {
    let mut waiting = Command::new(env!("CARGO_BIN_EXE_tadamon"))
        .arg("wait")
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program was built with the test");
    let mut line = String::new();
    let said = waiting.stdout.take().expect("a pipe");
    BufReader::new(said).read_line(&mut line).expect("a line");
    assert!(line.contains("waits"), "{line}");
    assert!(waiting.try_wait().expect("a state").is_none(), "it goes on");
    let told = Command::new("kill")
        .arg(waiting.id().to_string())
        .status()
        .expect("kill");
    assert!(told.success());
    assert_eq!(waiting.wait().expect("an end").code(), Some(0));
}
