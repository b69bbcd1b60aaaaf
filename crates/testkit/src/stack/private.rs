//! A stack of one test: own directory, own ports, gone when the test ends. For faults, where the shared stack must not be hurt.
//!
//! It is slower than the shared stack (RabbitMQ takes seconds): start only the servers that the test needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use uuid::Uuid;

use super::{Server, Stack, StackAddresses, StackConfig, free_base_port, local_dir, process};

/// Stopped and removed on drop.
#[derive(Debug)]
pub struct PrivateStack {
    dir: PathBuf,
    addresses: StackAddresses,
}

impl PrivateStack {
    /// Starts the servers on free ports. Postgres waits for the disk: what faults show would be worthless otherwise.
    ///
    /// # Errors
    /// As [`Stack::start`].
    pub fn start(servers: &[Server]) -> Result<Self> {
        let parent = local_dir().join("private-stacks");
        sweep(&parent);
        let own = std::process::id();
        let name = format!(
            "{own}-{}-{}",
            process::start_time(own).unwrap_or_default(),
            Uuid::new_v4().simple()
        );
        let dir = parent.join(name);
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
        // Another test may take the same range between the look and the start: look again then.
        let mut tries = 3;
        loop {
            let config = StackConfig::new(&dir, free_base_port(&dir)?)?.only(servers);
            match Stack::start(&config) {
                Ok(addresses) => return Ok(Self { dir, addresses }),
                Err(error) => {
                    let _ = Stack::stop(&dir);
                    tries -= 1;
                    if tries == 0 {
                        return Err(error);
                    }
                }
            }
        }
    }

    pub fn addresses(&self) -> &StackAddresses {
        &self.addresses
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// # Errors
    /// As [`Stack::kill`].
    pub fn kill(&self, server: Server) -> Result<()> {
        Stack::kill(&self.dir, server)
    }

    /// Copies the store of NATS, which runs, as a disk is at one instant: it stands still meanwhile, since a file that it is about to rename would be
    /// gone before it is copied. What was at `to` goes.
    ///
    /// # Errors
    /// NATS does not run, or its files cannot be copied.
    pub fn copy_nats_store(&self, to: &Path) -> Result<()> {
        Stack::freeze(&self.dir, Server::Nats, true)?;
        let copied = copy_folder(&self.dir.join("nats/store"), to);
        Stack::freeze(&self.dir, Server::Nats, false)?;
        copied
    }

    /// # Errors
    /// As [`Stack::start_one`].
    pub fn start_again(&self, server: Server) -> Result<()> {
        Stack::start_one(&self.dir, server)
    }
}

/// Copies a folder with everything in it in place of another.
///
/// # Errors
/// `cp` fails.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let _none_there = std::fs::remove_dir_all(to);
    let copied = Command::new("cp").arg("-a").args([from, to]).status()?;
    ensure!(copied.success(), "cp -a {} {}", from.display(), to.display());
    Ok(())
}

/// Resets the stacks of tests that were killed: their names hold the process that owned them.
fn sweep(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| {
            let mut parts = name.split('-');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        });
        if let Some((pid, started)) = owner
            && process::start_time(pid) != Some(started)
        {
            // Another test may sweep it at the same time: whoever comes second finds nothing.
            let _ = Stack::reset(&entry.path());
        }
    }
}

impl Drop for PrivateStack {
    fn drop(&mut self) {
        // A test that failed keeps nothing either: the servers' logs are of use only while somebody debugs, with the shared stack.
        let _ = Stack::reset(&self.dir);
    }
}
