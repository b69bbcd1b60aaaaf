//! Texts name what exists: links, paths, tests that hold a promise, constants that hold a limit, and every how-to is reachable.

use std::collections::BTreeSet;

use regex_lite::Regex;

use crate::tree::{File, file, files, none, root, section, written};

/// Texts whose long snake_case names are names of tests.
const PROMISES: &[&str] = &[
    "ARCHITECTURE.md",
    "SECURITY.md",
    "docs/security/",
    "docs/limits.md",
    "docs/events.md",
];

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is well formed")
}

/// Lines outside code fences, with their numbers.
fn prose(file: &File) -> Vec<(usize, &str)> {
    let mut fenced = false;
    file.text
        .lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            (!fenced && !fence).then_some((at + 1, line))
        })
        .collect()
}

/// Whether a path exists from the text's own folder or from the root.
fn exists(file: &File, path: &str) -> bool {
    let root = root();
    root.join(file.folder()).join(path).exists() || root.join(path).exists()
}

#[test]
fn every_link_and_path_in_the_texts_exists() {
    let link = pattern(r"\]\(([^)\s]+)\)");
    let quoted = pattern(r"`([^`]+)`");
    let file_name = pattern(r"^[A-Za-z0-9_.-]+\.(md|rs|toml|sql|sh|css|js|mjs|yaml|proto|conf)$");
    let mut findings = Vec::new();
    for text in written("md") {
        for (number, line) in prose(text) {
            for found in link.captures_iter(line) {
                let target = found[1].split('#').next().unwrap_or_default();
                let outside = target.contains("://") || target.starts_with("mailto:") || target.is_empty();
                if !outside && !root().join(text.folder()).join(target).exists() {
                    findings.push(format!("{}:{number}: link to {target}", text.path));
                }
            }
            for found in quoted.captures_iter(line) {
                let path = found[1].trim_end_matches('/');
                if path.contains([' ', '*', '<', '{', '…', '$', '(', ':', '='])
                    || path.starts_with(['/', '-', '~', '@'])
                {
                    continue;
                }
                let built = path.starts_with(".local") || path.starts_with("target");
                let first = path.split('/').next().unwrap_or_default();
                let looks = match path.contains('/') {
                    // Only when the first step exists is `a/b` a path and not a pair of words.
                    true => exists(text, first) && !first.starts_with('.'),
                    false => file_name.is_match(path),
                };
                let known = exists(text, path)
                    || (!path.contains('/') && files().iter().any(|file| file.name() == path));
                if looks && !built && !known {
                    findings.push(format!("{}:{number}: `{path}` does not exist", text.path));
                }
            }
        }
    }
    none(
        &findings,
        "name the file where it is now, or take the sentence away; paths are read from the text's folder, then from the root",
    );
}

#[test]
fn every_command_of_just_that_a_text_names_exists() {
    let named = pattern(r"\./justw ([a-z][a-z-]*)");
    let justfile = file("justfile").expect("the justfile is at the root");
    let mut findings = Vec::new();
    for text in files().iter().filter(|file| {
        ["md", "toml", "sh", "yml"]
            .iter()
            .any(|extension| file.has_extension(extension))
    }) {
        for found in named.captures_iter(&text.text) {
            let recipe = pattern(&format!(r"(?m)^@?{}( [^:\n]*)?:", &found[1]));
            if !recipe.is_match(&justfile.text) {
                findings.push(format!("{}: ./justw {} is no recipe", text.path, &found[1]));
            }
        }
    }
    none(
        &findings,
        "correct the command, or add the recipe to the justfile",
    );
}

fn test_functions() -> BTreeSet<String> {
    let function = pattern(r"\bfn ([a-z][a-z0-9_]*)\s*[(<]");
    written("rs")
        .flat_map(|file| {
            function
                .captures_iter(&file.text)
                .map(|found| found[1].to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Names in backquotes that read as a test's sentence: at least four words.
fn named_tests(text: &str) -> Vec<String> {
    pattern(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+){3,})`")
        .captures_iter(text)
        .map(|found| found[1].to_owned())
        .collect()
}

#[test]
fn every_test_that_a_text_names_exists() {
    let known = test_functions();
    let mut findings = Vec::new();
    for text in written("md").filter(|file| PROMISES.iter().any(|promise| file.path.starts_with(promise))) {
        for name in named_tests(&text.text) {
            if !known.contains(&name) {
                findings.push(format!("{}: no test is called `{name}`", text.path));
            }
        }
    }
    none(
        &findings,
        "rename it in the text as the test was renamed; a promise whose test went away goes away too",
    );
}

/// Rows of a page's tables that name no test, heads and what waits for a capability aside.
fn rows_without_a_test(path: &str, last_column: &str, at_least: usize) -> Vec<String> {
    let page = file(path).unwrap_or_else(|| panic!("{path} lists what was tried"));
    let tried = page.text.split("\n## Waiting").next().unwrap_or_default();
    let head = format!("| {last_column} |");
    let rows: Vec<&str> = tried
        .lines()
        .filter(|line| line.starts_with("| ") && !line.ends_with(&head))
        .collect();
    assert!(rows.len() > at_least, "the tables of {path} were not found");
    rows.into_iter()
        .filter(|row| named_tests(row).is_empty())
        .map(|row| format!("{path}: no test named: {row}"))
        .collect()
}

#[test]
fn every_line_of_the_lists_of_bad_inputs_and_attacks_names_a_test() {
    let mut findings = rows_without_a_test("docs/security/bad-inputs.md", "Held by", 20);
    findings.extend(rows_without_a_test("docs/security/attacks.md", "Tried by", 40));
    none(
        &findings,
        "write the test's function name in backquotes at the end of the line; what is not tested does not stand in the list",
    );
}

#[test]
fn every_invariant_of_the_architecture_names_the_test_that_holds_it() {
    let architecture = file("ARCHITECTURE.md").expect("ARCHITECTURE.md is at the root");
    let invariants =
        section(&architecture.text, "## Invariants").expect("ARCHITECTURE.md has a heading `## Invariants`");
    let numbered = pattern(r"^(\d+)\. ");
    let mut items: Vec<String> = Vec::new();
    for line in invariants.lines() {
        if numbered.is_match(line) {
            items.push(line.to_owned());
        } else if let Some(item) = items.last_mut() {
            item.push('\n');
            item.push_str(line);
        }
    }
    assert!(items.len() >= 10, "the list of invariants was not found");
    let mut findings = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let start = format!("{}. ", at + 1);
        if !item.starts_with(&start) {
            findings.push(format!(
                "expected number {}: {}",
                at + 1,
                item.lines().next().unwrap_or_default()
            ));
        }
        if named_tests(item).is_empty() {
            findings.push(format!(
                "no test named: {}",
                item.lines().next().unwrap_or_default()
            ));
        }
    }
    none(
        &findings,
        "write the test's function name in backquotes at the end of the invariant; without a test it is a wish, not an invariant",
    );
}

#[test]
fn every_limit_names_the_constant_or_key_that_holds_it() {
    let limits = file("docs/limits.md").expect("docs/limits.md lists the limits");
    let place = pattern(r"`([A-Za-z_][A-Za-z0-9_.]*)` in `([^`]+)`");
    let mut rows = 0;
    let mut findings = Vec::new();
    for line in limits
        .text
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| What"))
    {
        let places: Vec<_> = place.captures_iter(line).collect();
        rows += 1;
        if places.is_empty() {
            findings.push(format!("no place: {line}"));
        }
        for found in places {
            // `section.key` is looked for by its last word.
            let word = found[1].rsplit('.').next().unwrap_or_default().to_owned();
            let holds =
                file(&found[2]).is_some_and(|file| pattern(&format!(r"\b{word}\b")).is_match(&file.text));
            if !holds {
                findings.push(format!("`{}` is not in {}", &found[1], &found[2]));
            }
        }
    }
    assert!(rows > 10, "the table of limits was not found");
    none(
        &findings,
        "each row says `NAME` in `path`: correct it, or add the place",
    );
}

#[test]
fn every_how_to_and_decision_is_linked_from_a_text_that_a_newcomer_reads() {
    let guides = [
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "docs/README.md",
        "docs/decisions/README.md",
        "docs/operations/alerts/README.md",
    ];
    let mut findings = Vec::new();
    for text in written("md").filter(|file| file.path.starts_with("docs/")) {
        if guides.contains(&text.path.as_str()) {
            continue;
        }
        let linked = guides.iter().filter_map(|guide| file(guide)).any(|guide| {
            let from = guide.folder();
            let target = text.path.strip_prefix(from).unwrap_or(&text.path);
            guide.text.contains(&format!("]({target})")) || guide.text.contains(&format!("`{}`", text.path))
        });
        if !linked {
            findings.push(text.path.clone());
        }
    }
    none(
        &findings,
        "link it from CONTRIBUTING.md or docs/README.md: a page that nobody finds is not written",
    );
}
