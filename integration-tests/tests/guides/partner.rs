//! A new partner's first check, with the commands of docs/partners.md exactly as they are printed there; only the places of this installation are put
//! in for those of a clone.

use std::process::Command;

use serde_json::Value;

use super::installation::{Installation, checked, target};

/// A newcomer should need a handful and no more.
const MOST_COMMANDS: usize = 5;

/// The first shell block of the page.
fn commands() -> String {
    let root = testkit::stack::repository_root();
    let page = std::fs::read_to_string(root.join("docs/partners.md")).unwrap();
    let (_, after) = page.split_once("```sh\n").unwrap();
    let (block, _) = after.split_once("```").unwrap();
    assert!(block.lines().count() <= MOST_COMMANDS, "{block}");
    block.to_owned()
}

/// Runs the page's commands and gives the gateway's answer.
pub(crate) fn first_check(installation: &Installation) -> Value {
    let commands = commands()
        .replace(
            ".local/demonstration",
            &installation.demonstration().display().to_string(),
        )
        .replace(
            "target/debug/tadamon",
            &target().join("tadamon").display().to_string(),
        );
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &commands]);
    serde_json::from_slice(&checked(shell).stdout).unwrap()
}
