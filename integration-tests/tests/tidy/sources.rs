//! Form of every source file: it says what it is for, it is short enough to hold in mind, and it has none of the shortcuts that the house
//! bans. Formatting and lints are rustfmt's and clippy's.

use regex_lite::Regex;

use crate::tree::{files, none, without_comment, written};

/// Longest source file, in lines.
const LONGEST: usize = 600;

#[test]
fn every_source_file_says_what_it_is_for() {
    let findings: Vec<String> = written("rs")
        .filter(|file| {
            !file
                .text
                .lines()
                .find(|line| !line.trim().is_empty())
                .is_some_and(|line| line.starts_with("//!") && line.len() > "//! ".len())
        })
        .map(|file| file.path.clone())
        .collect();
    none(
        &findings,
        "begin the file with `//!`: what it is for and what it deliberately does not do",
    );
}

/// Where the module of this file must be declared: candidates in order.
fn parents(path: &str) -> Option<(String, Vec<String>)> {
    let (folder, name) = path.rsplit_once('/')?;
    let (inner, stem) = match name {
        "mod.rs" => folder.rsplit_once('/')?,
        _ => (folder, name.strip_suffix(".rs")?),
    };
    let beside = ["mod.rs", "lib.rs", "main.rs"].map(|root| format!("{inner}/{root}"));
    let above = format!("{inner}.rs");
    Some((stem.to_owned(), beside.into_iter().chain([above]).collect()))
}

#[test]
fn no_source_file_stands_outside_of_its_crate() {
    let mut findings = Vec::new();
    for file in written("rs") {
        let in_tree = file.path.contains("/src/")
            || file.path.contains("/tests/it/")
            || file.path.starts_with("integration-tests/tests/");
        let root = matches!(file.name(), "lib.rs" | "main.rs") || file.path.contains("/src/bin/");
        if !in_tree || root {
            continue;
        }
        let Some((stem, parents)) = parents(&file.path) else {
            continue;
        };
        let declaration = Regex::new(&format!(r"\bmod {stem}\s*[;{{]")).expect("the pattern is well formed");
        let included = format!("#[path = \"{stem}.rs\"]");
        let declared = files().iter().any(|other| {
            let parent = parents.contains(&other.path) && declaration.is_match(&other.text);
            // A file of tests beside the code may be declared there by its path.
            parent || (other.folder() == file.folder() && other.text.contains(&included))
        });
        if !declared {
            findings.push(file.path.clone());
        }
    }
    none(
        &findings,
        "no module declares the file, so nothing in it is compiled and no test in it runs: declare it or delete it",
    );
}

#[test]
fn no_source_file_is_longer_than_600_lines() {
    let mut findings = Vec::new();
    for extension in ["rs", "js", "mjs", "ts", "css", "html", "sh", "proto"] {
        for file in written(extension) {
            let lines = file.text.lines().count();
            if lines > LONGEST {
                findings.push(format!("{}: {lines} lines", file.path));
            }
        }
    }
    none(
        &findings,
        "split it along its nouns or operations; a file over 400 lines usually holds two things already",
    );
}

#[test]
fn nothing_is_allowed_silently_or_left_for_later() {
    // Built from parts, so that this file does not find itself.
    let banned = [
        (
            ["#[al", "low("].concat(),
            "expect the lint with a reason, or mend the code",
        ),
        (
            ["#![al", "low("].concat(),
            "expect the lint with a reason, or mend the code",
        ),
        (["to", "do!("].concat(), "build it or leave the capability out"),
        (
            ["unimple", "mented!("].concat(),
            "build it or leave the capability out",
        ),
        (
            ["#[ig", "nore"].concat(),
            "a test that does not run holds nothing",
        ),
        (
            ["#[should_", "panic"].concat(),
            "assert on the error that comes back",
        ),
        (
            ["TO", "DO"].concat(),
            "no promise in the code: an issue, or nothing",
        ),
        (
            ["FIX", "ME"].concat(),
            "no promise in the code: an issue, or nothing",
        ),
    ];
    let mut findings = Vec::new();
    for file in written("rs") {
        for (at, line) in file.text.lines().enumerate() {
            for (word, advice) in &banned {
                if line.contains(word.as_str()) {
                    findings.push(format!("{}:{}: `{word}` ({advice})", file.path, at + 1));
                }
            }
        }
    }
    none(&findings, "see the note beside each finding");
}

/// Points at which a test ends a process are in debug builds only, and none is named in vain.
#[test]
fn fault_points_are_passed_somewhere_and_never_in_a_release() {
    let home = "crates/platform/src/fault_points.rs";
    let variable = Regex::new(r"TADAMON_FAULT_POINT\b").expect("the pattern is well formed");
    let mut findings = Vec::new();
    for file in files() {
        let production = !file.is_test() && !file.path.ends_with(".md");
        if production && file.path != home && variable.is_match(&file.text) {
            findings.push(format!("{}: sets the variable that arms a point", file.path));
        }
        if file.name() == "Cargo.toml" && file.text.contains("debug-assertions") {
            findings.push(format!(
                "{}: a profile says which builds have the points",
                file.path
            ));
        }
    }
    let code: Vec<String> = written("rs")
        .filter(|file| !file.is_test())
        .flat_map(|file| file.production_lines())
        .map(|(_, line)| line)
        .collect();
    for point in platform::fault_points::FaultPoint::ALL {
        let passed = format!("pass(FaultPoint::{point:?},");
        if !code.iter().any(|line| line.contains(&passed)) {
            findings.push(format!("{home}: nothing passes {point}"));
        }
    }
    none(
        &findings,
        "the points are for tests: cfg(debug_assertions) alone decides, a test alone arms them, and what is named is passed",
    );
}

#[test]
fn no_test_sleeps() {
    let sleep = Regex::new(r"\b(thread|time)::sleep\(|\bsleep\(").expect("the pattern is well formed");
    let mut findings = Vec::new();
    for file in written("rs").filter(|file| {
        file.path.contains("/tests/") && !file.path.starts_with("integration-tests/tests/tidy/")
    }) {
        for (at, line) in file.text.lines().enumerate() {
            if sleep.is_match(without_comment(line)) {
                findings.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    none(
        &findings,
        "wait for the fact with testkit::eventually, or move time with the manual clock",
    );
}

#[test]
fn the_repository_names_nothing_of_the_place_where_it_was_written() {
    let words = [
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
        [".lib", "rary"].concat(),
        ["before-", "stop"].concat(),
        ["shared/", "design"].concat(),
        ["shared/", "seeds"].concat(),
    ];
    let mut findings = Vec::new();
    for file in files() {
        for (at, line) in file.text.lines().enumerate() {
            for word in &words {
                if line.contains(word.as_str()) {
                    findings.push(format!("{}:{}: `{word}`", file.path, at + 1));
                }
            }
        }
    }
    none(
        &findings,
        "the repository is whole by itself: use a path inside it, or say the fact in its own words",
    );
}
