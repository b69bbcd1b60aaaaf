//! The `stack` commands: a thin face of `testkit::stack`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use testkit::stack::{ADDRESSES_VARIABLE, Stack, StackAddresses, StackConfig, free_base_port, local_dir};

use crate::arguments::StackCommand;

pub(crate) fn run(command: StackCommand) -> Result<()> {
    match command {
        StackCommand::Up {
            dir,
            base_port,
            no_fsync,
        } => {
            let addresses = start(&dir, base_port, !no_fsync)?;
            println!("{}", serde_json::to_string_pretty(&addresses)?);
        }
        StackCommand::Down { dir } => {
            Stack::stop(&dir)?;
        }
        StackCommand::Status { dir, quiet } => status(&dir, quiet)?,
        StackCommand::Reset { dir } => Stack::reset(&dir)?,
        StackCommand::TestUp { quiet } => {
            let dir = test_dir();
            start(&dir, None, false)?;
            if !quiet {
                println!(
                    "export {ADDRESSES_VARIABLE}={}",
                    StackAddresses::file(&dir).display()
                );
            }
        }
        StackCommand::TestDown { quiet } => {
            // Nothing in it is worth keeping, and a test must not depend on what an earlier run left.
            Stack::reset(&test_dir())?;
            if !quiet {
                println!("the test stack is stopped");
            }
        }
    }
    Ok(())
}

fn test_dir() -> PathBuf {
    let local = local_dir();
    local.canonicalize().unwrap_or(local).join("test-stack")
}

fn start(dir: &Path, base_port: Option<u16>, fsync: bool) -> Result<StackAddresses> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let dir = dir
        .canonicalize()
        .with_context(|| format!("cannot resolve {}", dir.display()))?;
    let base_port = base_port.map_or_else(|| free_base_port(&dir), Ok)?;
    let config = StackConfig::new(&dir, base_port)?;
    Stack::start(&if fsync { config } else { config.without_fsync() })
}

fn status(dir: &Path, quiet: bool) -> Result<()> {
    let servers = Stack::status(dir)?;
    if !quiet {
        println!("{}", serde_json::to_string_pretty(&servers)?);
    }
    if servers.is_empty() || servers.iter().any(|server| !server.ready) {
        bail!("not every server of {} runs", dir.display());
    }
    Ok(())
}
