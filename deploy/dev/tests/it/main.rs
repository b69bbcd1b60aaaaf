//! The command line of `tadamon-dev` as a person types it: exit codes and words. Its servers are tested where they are started, in testkit.

use std::process::{Command, Output};

fn tadamon_dev(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tadamon-dev"))
        .args(args)
        .output()
        .expect("the program was built with this test")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_unknown_service_is_a_usage_error_that_names_the_known_ones() {
    let output = tadamon_dev(&["serve", "payroll"]);
    assert_eq!(output.status.code(), Some(64));
    assert!(stderr(&output).contains("membership"), "{}", stderr(&output));
}

#[test]
fn a_wrong_setting_of_a_service_is_one_line_and_exit_64() {
    let output = tadamon_dev(&["serve", "membership", "--config", "/does/not/exist.toml"]);
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
}

#[test]
fn the_status_of_a_stack_that_was_never_started_fails() {
    let output = tadamon_dev(&["stack", "status", "--dir", "/does/not/exist"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_privileged_base_port_is_refused() {
    let dir = std::env::temp_dir().join(format!("tadamon-dev-{}", std::process::id()));
    let output = tadamon_dev(&[
        "stack",
        "up",
        "--dir",
        &dir.display().to_string(),
        "--base-port",
        "80",
    ]);
    std::fs::remove_dir_all(&dir).unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(stderr(&output).contains("base port 80"), "{}", stderr(&output));
}
