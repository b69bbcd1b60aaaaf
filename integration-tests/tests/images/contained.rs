//! One running program of an image: what it says, its process as the machine sees it, how it ends. Killed with the value.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use integration_tests::services::Service;
use testkit::eventually;

pub(crate) struct Contained {
    name: &'static str,
    /// `deploy/image/contain`; the program is its child.
    child: Child,
    log: PathBuf,
}

/// How it ended, and everything that it wrote.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
}

impl Contained {
    pub(crate) fn start(name: &'static str, mut command: Command, log: PathBuf) -> Self {
        let output = File::create(&log).expect("the test's folder takes files");
        let errors = output.try_clone().expect("a file can be opened twice");
        let child = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .expect("the script runs");
        Self { name, child, log }
    }

    /// `process` knows the port on which readiness is asked.
    pub(crate) async fn until_ready(&mut self, process: &Service, role: &str) {
        tokio::select! {
            () = process.ready() => {}
            outcome = self.end() => {
                panic!("{} as {role} ended with {:?} instead of getting ready: {}", self.name, outcome.code, outcome.said)
            }
        }
    }

    /// The program's own process, as the machine numbers it: the one child of ours.
    pub(crate) fn process(&self) -> u32 {
        let ours = self.child.id();
        let children = fs::read_to_string(format!("/proc/{ours}/task/{ours}/children"));
        let children = children.expect("a running process has a list of children");
        children.trim().parse().expect("it has one child")
    }

    pub(crate) fn asks_it_to_end(&self) {
        // The crate forbids unsafe code, and std sends no signals.
        let sent = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(
            sent.is_ok_and(|sent| sent.success()),
            "{} takes a signal",
            self.name
        );
    }

    pub(crate) async fn ended(mut self) -> Outcome {
        self.end().await
    }

    async fn end(&mut self) -> Outcome {
        let child = std::cell::RefCell::new(&mut self.child);
        let status = eventually(async || child.borrow_mut().try_wait().expect("a child can be asked")).await;
        Outcome {
            code: status.code(),
            said: fs::read_to_string(&self.log).unwrap_or_default(),
        }
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = fs::read_to_string(&self.log).unwrap_or_default();
            let tail: Vec<&str> = said.lines().rev().take(15).collect();
            eprintln!("--- last lines of {} in its image", self.name);
            for line in tail.iter().rev() {
                eprintln!("{line}");
            }
        }
        let _gone_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}
