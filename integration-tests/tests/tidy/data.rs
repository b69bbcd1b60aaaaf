//! Migrations, event types and synthetic people: names that other parts rely on, and values that must never stand in the repository.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::tree::{file, files, none, section, service_names, written};

/// First word of a migration's name after its number.
const VERBS: &[&str] = &[
    "add",
    "alter",
    "backfill",
    "create",
    "drop",
    "grant",
    "index",
    "let",
    "move",
    "partition",
    "rename",
    "seed",
    "set",
    "split",
    "tighten",
];

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is well formed")
}

#[test]
fn migrations_are_named_by_time_verb_and_object_and_say_why() {
    let name = pattern(r"^\d{14}_([a-z]+)(_[a-z0-9]+)+\.sql$");
    let mut findings = Vec::new();
    let migrations: Vec<_> = written("sql")
        .filter(|file| file.path.contains("/migrations/"))
        .collect();
    assert!(!migrations.is_empty(), "no migration was found");
    for file in &migrations {
        match name.captures(file.name()) {
            Some(parts) if VERBS.contains(&&parts[1]) => {}
            Some(parts) => findings.push(format!("{}: `{}` is not one of {VERBS:?}", file.path, &parts[1])),
            None => findings.push(format!("{}: not YYYYMMDDHHMMSS_verb_object.sql", file.path)),
        }
        if !file.text.starts_with("--") {
            findings.push(format!("{}: no header comment with the reason", file.path));
        }
    }
    none(
        &findings,
        "name the migration 20261110000000_verb_object.sql and begin it with `--` and the reason",
    );
}

#[test]
fn no_service_applies_two_migrations_of_the_same_number() {
    let mechanism = ["crates/platform/", "crates/bus/", "crates/work-queue/"];
    let mut findings = Vec::new();
    for service in service_names() {
        let own = format!("services/{service}/migrations/");
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for file in written("sql").filter(|file| {
            file.path.starts_with(&own)
                || (file.path.contains("/migrations/")
                    && mechanism.iter().any(|crate_| file.path.starts_with(crate_)))
        }) {
            let number = file.name().split('_').next().unwrap_or_default();
            if let Some(first) = seen.insert(number, &file.path) {
                findings.push(format!("{service}: {first} and {} share {number}", file.path));
            }
        }
    }
    none(
        &findings,
        "give the newer one a later number; services start at 20261110000000",
    );
}

#[test]
fn every_event_type_in_the_code_stands_in_its_publishers_readme_and_in_the_event_list() {
    let event = pattern(r#""(?:restricted:)?(([a-z]+)\.[a-z_]+\.[a-z_]+\.v\d+)""#);
    let mut findings = Vec::new();
    let list = file("docs/events.md").map_or("", |file| &file.text);
    for source in
        written("rs").filter(|file| file.path.starts_with("services/") && file.path.contains("/src/"))
    {
        for found in event.captures_iter(&source.text) {
            let (name, publisher) = (&found[1], &found[2]);
            let quoted = format!("`{name}`");
            let readme = file(&format!("services/{publisher}/README.md"));
            let published = readme.and_then(|readme| section(&readme.text, "## Publishes"));
            if !published.is_some_and(|section| section.contains(&quoted)) {
                findings.push(format!(
                    "{}: `{name}` is not under Publishes of services/{publisher}/README.md",
                    source.path
                ));
            }
            if !list.contains(&quoted) {
                findings.push(format!("{}: `{name}` is not in docs/events.md", source.path));
            }
        }
    }
    findings.sort();
    findings.dedup();
    none(
        &findings,
        "write the full type in backquotes in both texts, or correct the type in the code; docs/how-to/add-an-event.md has the steps",
    );
}

#[test]
fn every_event_of_the_event_list_is_published_by_code() {
    let event = pattern(r"`([a-z]+\.[a-z_]+\.[a-z_]+\.v\d+)`");
    let list = file("docs/events.md").expect("docs/events.md lists the events");
    let mut findings = Vec::new();
    for found in event.captures_iter(&list.text) {
        let publisher = found[1].split('.').next().unwrap_or_default().to_owned();
        let quoted = format!("\"{}\"", &found[1]);
        let code = format!("services/{publisher}/src/");
        if !written("rs").any(|file| file.path.starts_with(&code) && file.text.contains(&quoted)) {
            findings.push(format!("docs/events.md: `{}` is not in {code}", &found[1]));
        }
    }
    none(
        &findings,
        "a list that promises an event must follow the code: publish it or take the line away",
    );
}

#[test]
fn no_real_account_number_or_address_stands_anywhere() {
    // The bank and town of the one account printed in the sources that the platform was drawn from, whole or in part, spaced or not.
    let account = [["19", "0"].concat(), ["17", "0"].concat()].concat();
    let mail = pattern(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)");
    let mut findings = Vec::new();
    for file in files() {
        let lock = file.name().contains("lock")
            || file.path.contains("/.sqlx/")
            || file.path == "LICENSE"
            || file.path.contains("/fonts/");
        for (at, line) in file.text.lines().enumerate() {
            if !lock
                && joined_digits(line)
                    .iter()
                    .any(|run| run.len() >= 16 && run.starts_with(&account))
            {
                findings.push(format!(
                    "{}:{}: an account number that may be somebody's",
                    file.path,
                    at + 1
                ));
            }
            if lock || !line.contains('@') {
                continue;
            }
            for found in mail.captures_iter(line) {
                let domain = found[1].to_ascii_lowercase();
                let reserved = [
                    ".example",
                    ".test",
                    ".invalid",
                    ".localhost",
                    "example.org",
                    "example.com",
                    "example.net",
                    // Placeholders that show the shape of an address; nobody's mailbox.
                    "domain.tld",
                    "domain.ma",
                    "exemple.ma",
                ];
                // `user@127.0.0.1`, `name@2x.png` and package versions are no addresses.
                let top = domain.rsplit('.').next().unwrap_or_default();
                let address = top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic());
                let file_name = ["png", "svg", "js", "rs", "css", "service"].contains(&top);
                if address && !file_name && !reserved.iter().any(|end| domain.ends_with(end)) {
                    findings.push(format!("{}:{}: address at `{domain}`", file.path, at + 1));
                }
            }
        }
    }
    none(
        &findings,
        "people in the repository are synthetic: bank code 999 with a right key, matricules 9xxxxxxx, identity numbers ZZ…, mail at .example",
    );
}

/// Runs of digits of a line, where one space, dot, hyphen or no-break space between two digits does not end a run.
fn joined_digits(line: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    let characters: Vec<char> = line.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let between = [' ', '.', '-', '\u{a0}', '\u{202f}'].contains(character)
            && at > 0
            && characters[at - 1].is_ascii_digit()
            && characters.get(at + 1).is_some_and(char::is_ascii_digit);
        if character.is_ascii_digit() {
            runs.last_mut()
                .expect("there is always a last run")
                .push(*character);
        } else if !between && runs.last().is_some_and(|run| !run.is_empty()) {
            runs.push(String::new());
        }
    }
    runs
}
