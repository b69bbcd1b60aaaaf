//! One image's root file system, made by the script that the Dockerfile runs. Builds nothing: the programs are those of this run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use testkit::stack::repository_root;

use crate::contained::{Contained, Outcome};
use crate::surroundings::Mounts;

/// What `deploy/image/contain` answers where the machine does not let it make namespaces.
const DENIED: i32 = 77;
const SETTINGS: [&str; 2] = ["--config", "/etc/tadamon/settings/settings.toml"];

pub(crate) struct Image {
    name: &'static str,
    root: PathBuf,
    logs: PathBuf,
    started: AtomicUsize,
}

impl Image {
    /// Prints its size.
    pub(crate) fn assemble(name: &'static str, folder: &Path) -> Self {
        let root = folder.join("root");
        let output = Command::new(tool("assemble"))
            .arg(name)
            .arg("--binary")
            .arg(program(name))
            .arg("--out")
            .arg(&root)
            .arg("--without-list")
            .output()
            .expect("the script runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name} cannot be assembled: {error}");
        print!("{}", String::from_utf8_lossy(&output.stdout));
        Self {
            name,
            root,
            logs: folder.to_owned(),
            started: AtomicUsize::new(0),
        }
    }

    /// Why nothing can be tried here, in one line; `None` where it can.
    pub(crate) fn namespaces_are_denied(&self) -> Option<String> {
        let output = Command::new(tool("contain"))
            .arg(&self.root)
            .args(["--", "--no-such-argument"])
            .stdin(Stdio::null())
            .output()
            .expect("the script runs");
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        match output.status.code() {
            Some(DENIED) => Some(said),
            _ => {
                // The program itself answered: it knows no such argument.
                assert_eq!(
                    output.status.code(),
                    Some(64),
                    "{} does not start: {said}",
                    self.name
                );
                None
            }
        }
    }

    pub(crate) fn start(&self, mounts: &Mounts, arguments: &[&str]) -> Contained {
        let mut command = Command::new(tool("contain"));
        command
            .arg(&self.root)
            .args(mounts.arguments())
            .arg("--")
            .args(arguments);
        if self.name != "tadamon" {
            command.args(SETTINGS);
        }
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        Contained::start(self.name, command, self.logs.join(format!("{number}.log")))
    }

    /// Until it ends by itself.
    pub(crate) async fn run(&self, mounts: &Mounts, arguments: &[&str]) -> Outcome {
        self.start(mounts, arguments).ended().await
    }
}

fn tool(name: &str) -> PathBuf {
    repository_root().join("deploy/image").join(name)
}

/// A folder of other programs than those of this run: those that are shipped, before they are.
const PROGRAMS: &str = "TADAMON_IMAGE_PROGRAMS";

/// The program that was built with what runs now: tests lie in `target/<profile>/deps`, a program one folder above.
fn program(name: &str) -> PathBuf {
    if let Some(folder) = std::env::var_os(PROGRAMS) {
        return PathBuf::from(folder).join(name);
    }
    let running = std::env::current_exe().expect("a running program has a path");
    running
        .ancestors()
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| {
            panic!(
                "no {name} beside {}: cargo build --workspace --bins",
                running.display()
            )
        })
}
