//! Every service has the same rooms and its README the same headings, so that who knows one knows all.

use crate::tree::{file, files, none, service_names};

const HEADINGS: &[&str] = &[
    "Owns",
    "Serves",
    "Publishes",
    "Listens to",
    "Queues",
    "Settings",
    "Run",
];

/// What every service has. The portal keeps no record, so rooms for data are asked of those with migrations only.
const ROOMS: &[&str] = &[
    "README.md",
    "config.default.toml",
    "src/main.rs",
    "src/lib.rs",
    "src/config.rs",
    "src/app.rs",
    "src/error.rs",
];
const DATA_ROOMS: &[&str] = &[
    "src/domain",
    "src/use_cases",
    "src/store",
    "src/grpc",
    "sqlx.toml",
    ".sqlx",
];

#[test]
fn every_service_has_the_same_rooms() {
    let mut findings = Vec::new();
    for service in service_names() {
        let base = format!("services/{service}/");
        let has = |room: &str| {
            let path = format!("{base}{room}");
            files().iter().any(|file| {
                file.path == path
                    || file.path == format!("{path}.rs")
                    || file.path.starts_with(&format!("{path}/"))
            })
        };
        let keeps_records = has("migrations");
        let data_rooms: &[&str] = if keeps_records { DATA_ROOMS } else { &[] };
        for room in ROOMS.iter().chain(data_rooms) {
            if !has(room) {
                findings.push(format!("{base}{room} is missing"));
            }
        }
        if !files()
            .iter()
            .any(|file| file.path.starts_with(&format!("{base}tests/")) && file.name() == "main.rs")
        {
            findings.push(format!("{base}tests/it/main.rs is missing"));
        }
    }
    none(
        &findings,
        "give the service the room; the code map of ARCHITECTURE.md says what belongs there",
    );
}

#[test]
fn every_service_readme_has_the_same_headings_in_the_same_order() {
    let mut findings = Vec::new();
    for service in service_names() {
        let path = format!("services/{service}/README.md");
        let Some(readme) = file(&path) else {
            findings.push(format!("{path} is missing"));
            continue;
        };
        let mut wanted = HEADINGS.iter();
        let mut next = wanted.next();
        for line in readme.text.lines() {
            if next.is_some_and(|heading| line.trim_end() == format!("## {heading}")) {
                next = wanted.next();
            }
        }
        if let Some(missing) = next {
            findings.push(format!("{path}: `## {missing}` is missing or out of order"));
        }
    }
    none(
        &findings,
        "write the headings Owns, Serves, Publishes, Listens to, Queues, Settings, Run; «Nothing.» is an answer",
    );
}

#[test]
fn a_services_main_is_a_sentence() {
    let mut findings = Vec::new();
    for service in service_names() {
        let path = format!("services/{service}/src/main.rs");
        if let Some(main) = file(&path) {
            let lines = main.text.lines().count();
            if lines > 40 {
                findings.push(format!("{path}: {lines} lines"));
            }
        }
    }
    none(
        &findings,
        "keep main.rs under 40 lines: arguments, run, exit code; the rest is app.rs",
    );
}
