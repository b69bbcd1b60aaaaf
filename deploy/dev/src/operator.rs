//! Runs the operator's own program for the local installation: keys, and the demonstration data once.
//!
//! It calls `tadamon` as an operator would, so that a local installation is made by nothing that a real one would not have.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// The operator's program, built beside this one.
pub(crate) struct Operator {
    program: PathBuf,
    root: PathBuf,
    keys: PathBuf,
}

impl Operator {
    pub(crate) fn new(root: &Path, keys: &Path) -> Result<Self> {
        let own = std::env::current_exe().context("cannot find this program")?;
        let program = own.with_file_name("tadamon");
        ensure!(
            program.is_file(),
            "{} is missing: run ./justw up, which builds it",
            program.display()
        );
        Ok(Self {
            program,
            root: root.to_owned(),
            keys: keys.to_owned(),
        })
    }

    /// Makes the keys that are not there yet; existing ones are never touched.
    pub(crate) fn bootstrap(&self) -> Result<()> {
        self.run(["bootstrap", "--add-missing"])
    }

    /// Runs one command; what it prints is progress to whoever waits, so it goes to standard error: standard output holds our own answer.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Result<()> {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env("TADAMON_KEYS", &self.keys)
            .current_dir(&self.root);
        let words: Vec<String> = command
            .get_args()
            .take(2)
            .map(|word| word.to_string_lossy().into_owned())
            .collect();
        let status = command
            .stdin(Stdio::null())
            .stdout(std::io::stderr())
            .status()
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        ensure!(status.success(), "tadamon {} failed ({status})", words.join(" "));
        Ok(())
    }
}
