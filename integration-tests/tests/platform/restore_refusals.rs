//! What a backup and a restore refuse, each with a sentence that says what to change, and without having changed anything; and what a restore that did
//! not end leaves behind.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use integration_tests::services::SERVICES;
use integration_tests::world::World;
use sqlx::Executor as _;

use crate::operator::{Operator, told};

/// A copy of a backup in which a test may change something.
fn copy(folder: &Path, name: &str) -> std::path::PathBuf {
    let to = folder.with_file_name(name);
    let done = std::process::Command::new("cp")
        .arg("-a")
        .arg(folder)
        .arg(&to)
        .status();
    assert!(done.expect("cp runs").success());
    to
}

fn modes(folder: &Path) {
    assert_eq!(
        fs::metadata(folder).expect("a folder").permissions().mode() & 0o777,
        0o700,
        "{}",
        folder.display()
    );
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            modes(&entry.path());
        } else {
            let mode = entry.metadata().expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
    }
}

/// A paper's name in its folder `ab`.
const PAPER: &str = "019ab3c00000700000000000000000ab";

#[tokio::test]
async fn a_backup_that_is_not_what_was_written_is_refused_with_the_file_s_name() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    // Papers of the store are of no interest here: the bytes are.
    let store = world.keys.path().join("world/papers/ab");
    fs::create_dir(&store).expect("a folder of the store");
    fs::write(store.join(PAPER), "sealed").expect("a paper");
    let folder = operator.backs_up();
    modes(&folder);
    let verified =
        |folder: &Path| told(&operator.runs(&["backup", "verify", &folder.display().to_string()], false));
    let changed = |name: &str, change: &dyn Fn(&Path), says: &str| {
        let copy = copy(&folder, name);
        change(&copy);
        let (code, text) = verified(&copy);
        assert_eq!(code, Some(65), "{name}: {text}");
        assert!(text.contains(says) && text.lines().count() == 1, "{name}: {text}");
        let (code, text) = operator.restores(&copy, &["--replace"]);
        assert_eq!(code, Some(65), "{name}: {text}");
        assert!(text.contains(says), "{name}: {text}");
    };
    assert_eq!(verified(&folder).0, Some(0));
    changed(
        "unfinished",
        &|folder| fs::remove_file(folder.join("manifest.json")).expect("removed"),
        "is no backup: it has no manifest.json",
    );
    changed(
        "dump",
        &|folder| {
            let path = folder.join("benefits.dump");
            let mut bytes = fs::read(&path).expect("a dump");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(&path, bytes).expect("written");
        },
        "benefits.dump is not what was written",
    );
    changed(
        "gone",
        &|folder| fs::remove_file(folder.join("identity.dump")).expect("removed"),
        "identity.dump is missing",
    );
    changed(
        "exchanged",
        &|folder| {
            fs::copy(folder.join("membership.dump"), folder.join("partnerships.dump")).expect("copied");
        },
        "partnerships.dump is not what was written",
    );
    changed(
        "paper",
        &|folder| fs::write(folder.join("papers/ab").join(PAPER), "sealex").expect("written"),
        "papers/ab/019ab3c00000700000000000000000ab is not what was written",
    );
    changed(
        "manifest",
        &|folder| {
            let path = folder.join("manifest.json");
            let text = fs::read_to_string(&path).expect("a manifest");
            fs::write(path, text.replace("\"rows\": 1,", "\"rows\": 2,")).expect("written");
        },
        "manifest.json is not what was written",
    );
    let rewritten = |folder: &Path, from: &str, to: &str| {
        let path = folder.join("manifest.json");
        let text = fs::read_to_string(&path).expect("a manifest");
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
        let sum = std::process::Command::new("sha256sum")
            .arg(&path)
            .output()
            .expect("sha256sum runs");
        fs::write(folder.join("manifest.sha256"), sum.stdout).expect("written");
    };
    changed(
        "newer",
        &|folder| rewritten(folder, "\"format\": 1", "\"format\": 2"),
        "has format 2, this tadamon reads up to 1",
    );
    changed(
        "another_file",
        &|folder| {
            rewritten(
                folder,
                "\"file\": \"benefits.dump\"",
                "\"file\": \"../../world/benefits.toml\"",
            )
        },
        "the manifest names a dump that is not its own",
    );
}

#[tokio::test]
async fn a_restore_changes_nothing_where_it_could_destroy_something() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let folder = operator.backs_up();
    let alone = ["--service", "documents"];
    let refused = |more: &[&str], says: &str| {
        let (code, text) = operator.restores(&folder, &[&alone[..], more].concat());
        assert_eq!(code, Some(65), "{text}");
        assert!(text.contains(says), "{text}");
    };
    refused(
        &["--replace"],
        "others are connected to the database of documents: stop the service",
    );
    operator.stops(&SERVICES).await;
    refused(&[], "the database of documents is not empty");
    refused(
        &["--replace", "--numbers-ahead=-1"],
        "--numbers-ahead is 0 or more",
    );

    // Another service's database, by a wrong address.
    let folder_text = folder.display().to_string();
    let settings = world.keys.path().join("world");
    let wrong = |service: &str, url: String, words: &[&str]| {
        let output = std::process::Command::new(integration_tests::services::program("tadamon"))
            .args(words)
            .args(["--service", service, "--settings"])
            .arg(&settings)
            .env(format!("TADAMON_DATABASE_{}", service.to_uppercase()), url)
            .output();
        told(&output.expect("the program runs"))
    };
    let restore = ["restore", &folder_text, "--replace"];
    let (code, text) = wrong("documents", world.database_url("benefits"), &restore);
    assert_eq!(code, Some(65), "{text}");
    assert!(
        text.contains("the database given for documents belongs to benefits"),
        "{text}"
    );
    let to = operator.backups().display().to_string();
    let (code, text) = wrong(
        "documents",
        world.database_url("benefits"),
        &["backup", "--to", &to],
    );
    assert_eq!(code, Some(65), "{text}");
    assert!(
        text.contains("the database given for documents cannot be used")
            && text.contains("belongs to the service benefits"),
        "{text}"
    );
    let nowhere = "postgres://documents:hidden@127.0.0.1:1/documents".to_owned();
    let (code, text) = wrong("documents", nowhere, &restore);
    assert_eq!(code, Some(69), "{text}");
    assert!(
        text.contains("the database of documents does not answer") && !text.contains("hidden"),
        "{text}"
    );

    // Somebody else's tables.
    operator.makes_databases_anew().await;
    let mut conn = world.database_of("documents").await;
    conn.execute("CREATE TABLE accounts_of_somebody ()")
        .await
        .expect("a table");
    drop(conn);
    let text = sqlx_free(&operator, &folder, &alone).await;
    assert!(
        text.contains("holds tables that are no service's: nothing is thrown away"),
        "{text}"
    );

    // Papers that are there.
    operator.makes_databases_anew().await;
    let store = world.keys.path().join("world/papers/ab");
    fs::create_dir_all(&store).expect("a folder of the store");
    fs::write(store.join(PAPER), "sealed").expect("a paper");
    refused(
        &[],
        "holds papers: name an empty place, or keep them with --replace",
    );
    let (code, text) = operator.restores(&folder, &["--service", "portal"]);
    assert_eq!(code, Some(64), "{text}");
    let left: Vec<_> = fs::read_dir(operator.backups())
        .expect("backups")
        .flatten()
        .collect();
    assert_eq!(left.len(), 1, "a backup that failed left something: {left:?}");
}

/// The refusal, once the server has noticed that the test's connection is gone.
async fn sqlx_free(operator: &Operator<'_>, folder: &Path, alone: &[&str]) -> String {
    testkit::eventually(async || {
        let (code, text) = operator.restores(folder, &[alone, &["--replace"]].concat());
        assert_eq!(code, Some(65), "{text}");
        (!text.contains("are connected")).then_some(text)
    })
    .await
}

#[tokio::test]
async fn a_database_whose_restore_did_not_end_opens_to_no_service_and_the_next_restore_begins_anew() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let folder = operator.backs_up();
    operator.stops(&SERVICES).await;
    operator.makes_databases_anew().await;
    // It breaks off in the middle: a table that is counted is not what the backup says.
    let broken = copy(&folder, "broken");
    let path = broken.join("manifest.json");
    let text = fs::read_to_string(&path).expect("a manifest");
    let (before, identity) =
        text.split_at(text.find("\"service\": \"identity\"").expect("identity is in it"));
    let identity = identity.replacen(
        "\"_sqlx_migrations\": {\n          \"rows\": ",
        "\"_sqlx_migrations\": {\n          \"rows\": 9",
        1,
    );
    fs::write(&path, format!("{before}{identity}")).expect("written");
    let sum = std::process::Command::new("sha256sum")
        .arg(&path)
        .output()
        .expect("sha256sum runs");
    fs::write(broken.join("manifest.sha256"), sum.stdout).expect("written");
    let (code, text) = operator.restores(&broken, &["--service", "identity"]);
    assert_eq!(code, Some(70), "{text}");
    assert!(
        text.contains("identity is not what was backed up: _sqlx_migrations has"),
        "{text}"
    );

    // Neither the service nor its migrations touch it.
    let settings = world.keys.path().join("world/identity.toml");
    for command in ["serve", "migrate"] {
        let output = std::process::Command::new(integration_tests::services::program("tadamon-dev"))
            .args([command, "identity", "--config"])
            .arg(&settings)
            .output()
            .expect("the program runs");
        let (code, text) = told(&output);
        assert_ne!(code, Some(0), "{command}: {text}");
        assert!(text.contains("a restore that did not end"), "{command}: {text}");
    }
    // Nor is it backed up as if it were whole.
    let to = operator.backups().display().to_string();
    let (code, text) = told(&operator.runs(&["backup", "--to", &to, "--service", "identity"], true));
    assert_eq!(
        (code, text.contains("a restore that did not end")),
        (Some(65), true),
        "{text}"
    );

    let (code, text) = operator.restores(&folder, &[]);
    assert_eq!(code, Some(0), "{text}");
    operator.starts(&SERVICES).await;
}

#[tokio::test]
async fn the_newest_backups_are_kept_and_when_the_last_one_ended_can_be_measured() {
    let world = World::start().await;
    let operator = Operator { world: &world };
    let to = operator.backups().display().to_string();
    let first = operator.backs_up();
    let second = operator.backs_up();
    // Left by a run that was killed the day before yesterday, and one that goes on.
    let killed = operator.backups().join("tadamon-20200101T000000.000Z.unfinished");
    let going_on = operator.backups().join("tadamon-29990101T000000.000Z.unfinished");
    for folder in [&killed, &going_on, &operator.backups().join("of somebody else")] {
        fs::create_dir(folder).expect("a folder");
    }
    let measure = world.keys.path().join("backup.prom");
    let measured = measure.display().to_string();
    let (code, text) = told(&operator.runs(
        &["backup", "--to", &to, "--keep", "2", "--measure", &measured],
        true,
    ));
    assert_eq!(code, Some(0), "{text}");
    assert!(
        !first.exists() && second.exists() && !killed.exists() && going_on.exists(),
        "{text}"
    );
    assert_eq!(
        fs::read_dir(operator.backups()).expect("backups").count(),
        4,
        "two backups, two that are not ours to remove"
    );
    let text = fs::read_to_string(&measure).expect("a measure");
    assert!(
        text.contains("tadamon_backup_last_success_timestamp_seconds 1"),
        "{text}"
    );
}
