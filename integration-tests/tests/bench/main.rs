//! That every piece of the bench still runs and still measures what it says. No figure is judged here: a slow machine fails nothing.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// A run of a moment, on servers of its own; the real services take part, so what the bench sends must still be what they accept.
#[test]
fn each_figure_is_measured_beside_its_limit_on_a_private_stack() {
    let output = std::env::temp_dir().join(format!("tadamon-bench-{}", testkit::prefix()));
    let run = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["--smoke", "--faults", "--output"])
        .arg(&output)
        .output()
        .expect("the bench runs");
    assert!(
        run.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
    let text = std::fs::read_to_string(output.join("bench.json")).expect("the bench writes its figures");
    let report: Value = serde_json::from_str(&text).expect("the figures are JSON");
    let script = std::fs::read_to_string(output.join("submission.sql")).expect("the captured statements");
    std::fs::remove_dir_all(&output).expect("the folder goes");

    let figures = report["figures"].as_array().expect("a list of figures");
    let found: BTreeSet<&str> = figures
        .iter()
        .filter_map(|figure| figure["id"].as_str())
        .collect();
    assert_eq!(found, BTreeSet::from(["S1", "S2", "S3", "S4", "S5", "S6"]));
    let disturbed: Vec<&str> = figures
        .iter()
        .filter(|figure| figure["limit"]["is"] == "the same undisturbed")
        .filter_map(|figure| figure["id"].as_str())
        .collect();
    assert_eq!(
        disturbed,
        ["S1", "S3", "S4", "S5"],
        "these are measured once more while things break"
    );
    for figure in figures {
        assert!(
            figure["ours"]["median"].as_f64().is_some_and(|value| value > 0.0),
            "{figure}"
        );
        // OpenFisca is no part of the tests' tools.
        let alone = figure["limit"]["rounds"].as_array().is_none_or(Vec::is_empty);
        assert!(!alone || figure["id"] == "S6", "{figure}");
    }
    for (setting, value) in [("postgres.fsync", "on"), ("postgres.synchronous_commit", "on")] {
        assert_eq!(report["settings"][setting], value, "durability as in production");
    }
    for statement in [
        "INSERT INTO idempotency",
        "INSERT INTO audit",
        "INSERT INTO outbox",
        "COMMIT",
    ] {
        assert!(script.contains(statement), "a submission sends {statement}");
    }
}
