//! Prints logs of services and servers, and follows them with `tail -F`. Keeps and rotates nothing.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::installation::Installation;

pub(crate) fn print(installation: &Installation, names: &[String], follow: bool, lines: usize) -> Result<()> {
    let all = installation.logs();
    if let Some(unknown) = names
        .iter()
        .find(|name| !all.iter().any(|(known, _)| known == *name))
    {
        let known: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        bail!(
            "there is no log called {unknown:?}: say one of {}",
            known.join(", ")
        );
    }
    let files: Vec<PathBuf> = all
        .into_iter()
        .filter(|(name, file)| {
            (names.is_empty() || names.iter().any(|wanted| wanted == name)) && file.exists()
        })
        .map(|(_, file)| file)
        .collect();
    if files.is_empty() {
        bail!("nothing was logged yet: run ./justw up");
    }
    let mut tail = Command::new("tail");
    tail.arg("-n").arg(lines.to_string());
    if follow {
        tail.arg("-F");
    }
    Err(tail.args(files).exec()).context("cannot run tail")
}
