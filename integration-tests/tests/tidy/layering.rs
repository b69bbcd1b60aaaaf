//! Arrows point one way: services to crates and contracts, crates to the kernel, use cases to domain and store. Judged by manifests and by the
//! modules that a file names; what the compiler already refuses is not repeated.

use std::collections::BTreeMap;

use crate::tree::{File, files, none, written};

/// What each mechanism crate may stand on. A crate that is missing here fails the test: decide its place first.
const CRATES: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("rules", &["kernel"]),
    ("platform", &["kernel"]),
    ("auth", &["kernel", "platform"]),
    ("bus", &["kernel", "platform"]),
    ("work-queue", &["kernel", "platform"]),
    ("paper-store", &["platform"]),
    (
        "operations",
        &[
            "kernel",
            "paper-store",
            "platform",
            "auth",
            "bus",
            "work-queue",
            "operations-proto",
        ],
    ),
    ("testkit", &["kernel", "platform", "auth", "bus", "work-queue"]),
];

/// Only these carry services: the one binary of the local installation, and the tests over all of them.
const CARRIERS: &[&str] = &["deploy/dev", "integration-tests"];

/// What no pure code may name: runtime, storage, wire, clock, randomness, the machine around it.
const IMPURE: &[&str] = &[
    "tokio",
    "async_nats",
    "lapin",
    "redis::",
    "reqwest",
    "sqlx",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "Utc::now",
    "Local::now",
    "SystemTime::now",
    "Instant::now",
    "rand::",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "async fn",
    ".await",
];

/// What a service's domain may not name besides: wire types stop at `grpc/` and `events/`.
const WIRE: &[&str] = &[
    "tonic",
    "prost",
    "_proto::",
    "platform::",
    "bus::",
    "work_queue::",
    "auth::",
];

struct Manifest {
    folder: String,
    dependencies: Vec<String>,
    dev_dependencies: Vec<String>,
}

fn manifests() -> BTreeMap<String, Manifest> {
    let mut found = BTreeMap::new();
    for file in files().iter().filter(|file| file.name() == "Cargo.toml") {
        let table: toml::Table = file
            .text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let Some(name) = table.get("package").and_then(|package| package.get("name")) else {
            continue;
        };
        let mut manifest = Manifest {
            folder: file.folder().trim_end_matches('/').to_owned(),
            dependencies: Vec::new(),
            dev_dependencies: Vec::new(),
        };
        let targets = table.get("target").and_then(toml::Value::as_table);
        let tables = std::iter::once(&table).chain(
            targets
                .into_iter()
                .flat_map(|targets| targets.values().filter_map(toml::Value::as_table)),
        );
        for table in tables {
            manifest.dependencies.extend(packages(table, "dependencies"));
            manifest
                .dependencies
                .extend(packages(table, "build-dependencies"));
            manifest
                .dev_dependencies
                .extend(packages(table, "dev-dependencies"));
        }
        let name = name.as_str().expect("a package name is a text").to_owned();
        found.insert(name, manifest);
    }
    found
}

/// Names of the packages of a dependency table; a renamed one by its real name.
fn packages(table: &toml::Table, kind: &str) -> Vec<String> {
    let Some(entries) = table.get(kind).and_then(toml::Value::as_table) else {
        return Vec::new();
    };
    entries
        .iter()
        .map(|(name, value)| {
            let renamed = value.get("package").and_then(toml::Value::as_str);
            renamed.unwrap_or(name).to_owned()
        })
        .collect()
}

fn may(name: &str, folder: &str, wanted: &str, wanted_folder: &str, dev: bool) -> bool {
    let to_crate = wanted_folder.starts_with("crates/");
    let to_contract = wanted_folder.starts_with("proto/rust/");
    let for_tests = wanted == "testkit";
    if CARRIERS.contains(&folder) {
        return true;
    }
    match folder.split('/').next() {
        Some("crates") if dev => to_crate,
        Some("crates") => CRATES
            .iter()
            .any(|(listed, allowed)| *listed == name && allowed.contains(&wanted)),
        Some("proto") => wanted == "kernel",
        // Services, and the command line, which is a client of theirs like any other.
        _ => to_contract || (to_crate && (dev || !for_tests)),
    }
}

#[test]
fn services_stand_on_crates_and_contracts_and_never_on_a_service() {
    let manifests = manifests();
    let mut findings = Vec::new();
    for (name, manifest) in &manifests {
        let lists = [
            (&manifest.dependencies, false),
            (&manifest.dev_dependencies, true),
        ];
        for (list, dev) in lists {
            for wanted in list {
                let Some(target) = manifests.get(wanted) else {
                    continue;
                };
                if !may(name, &manifest.folder, wanted, &target.folder, dev) {
                    let kind = if dev { "dev-dependency" } else { "dependency" };
                    findings.push(format!("{}/Cargo.toml: {kind} `{wanted}`", manifest.folder));
                }
            }
        }
        if manifest.folder.starts_with("crates/") && !CRATES.iter().any(|(listed, _)| listed == name) {
            findings.push(format!(
                "{}: a crate without a place in the layers",
                manifest.folder
            ));
        }
    }
    none(
        &findings,
        "ask the other service by gRPC or listen to its events; put shared mechanism into a crate of crates/ and its arrows into CRATES of this test",
    );
}

fn pure(file: &File) -> bool {
    let path = &file.path;
    let domain =
        path.starts_with("services/") && (path.contains("/src/domain/") || path.ends_with("/src/domain.rs"));
    path.starts_with("crates/kernel/src/") || path.starts_with("crates/rules/src/") || domain
}

#[test]
fn kernel_rules_and_every_domain_do_no_io_and_know_no_clock() {
    let mut findings = Vec::new();
    for file in written("rs").filter(|file| pure(file) && !file.is_test()) {
        let domain = file.path.starts_with("services/");
        for (number, line) in file.production_lines() {
            let wire: &[&str] = if domain { WIRE } else { &[] };
            for word in IMPURE.iter().chain(wire) {
                if names(&line, word) {
                    findings.push(format!("{}:{number}: names `{word}`", file.path));
                }
            }
        }
    }
    none(
        &findings,
        "pass the time, the id or the record in as an argument; reading and writing belong to use_cases/ and store/, wire types to grpc/ and events/",
    );
}

#[test]
fn no_floating_point_number_stands_in_vocabulary_rules_or_benefits() {
    let near_money = [
        "crates/kernel/src/",
        "crates/rules/src/",
        "services/benefits/src/",
    ];
    let mut findings = Vec::new();
    for file in written("rs")
        .filter(|file| near_money.iter().any(|folder| file.path.starts_with(folder)) && !file.is_test())
    {
        for (number, line) in file.production_lines() {
            if names(&line, "f64") || names(&line, "f32") {
                findings.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(
        &findings,
        "money is whole centimes and percentages are basis points: kernel::Money, kernel::BasisPoints",
    );
}

/// Whether the line names the word as a word of its own, so that `profuse` does not name `use`.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        word.starts_with(['.', '_']) || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn use_cases_look_at_domain_and_store_and_never_the_other_way() {
    const RULES: &[(&str, &[&str])] = &[
        (
            "domain",
            &["store", "use_cases", "grpc", "events", "jobs", "app", "config"],
        ),
        ("store", &["use_cases", "grpc", "events", "jobs", "app"]),
        // A use case names the message that it publishes and the queue that it fills, so events and jobs are not in this line.
        ("use_cases", &["grpc", "app"]),
    ];
    let mut findings = Vec::new();
    for file in written("rs").filter(|file| file.path.starts_with("services/") && !file.is_test()) {
        for (room, forbidden) in RULES {
            let inside = file.path.contains(&format!("/src/{room}/"))
                || file.path.ends_with(&format!("/src/{room}.rs"));
            if !inside {
                continue;
            }
            for (number, line) in file.production_lines() {
                for other in *forbidden {
                    if names(&line, &format!("crate::{other}")) && !line.contains(&format!("crate::{other}_"))
                    {
                        findings.push(format!("{}:{number}: {room} names `crate::{other}`", file.path));
                    }
                }
            }
        }
    }
    none(
        &findings,
        "grpc, events and jobs call use cases; use cases call domain and store; store knows domain types only. Move the shared type down",
    );
}
