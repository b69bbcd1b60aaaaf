//! The programs of the documentation receive every event that they are granted, and go on where they stopped when they were killed.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use testkit::stack::{node, repository_root};
use uuid::Uuid;

use crate::documentation::Page;
use crate::world::{SUBMITTED, World, checked};

/// A running program of the documentation and what it printed so far.
struct Running {
    process: Child,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let events: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (printed, kept) = (
            BufReader::new(process.stdout.take().unwrap()),
            Arc::clone(&events),
        );
        std::thread::spawn(move || {
            for line in printed.lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                kept.lock().unwrap().push(event);
            }
        });
        Self { process, events }
    }

    fn ids(&self) -> BTreeSet<Uuid> {
        let events = self.events.lock().unwrap();
        events
            .iter()
            .map(|event| {
                event["id"]
                    .as_str()
                    .unwrap_or_else(|| panic!("no event: {event}"))
                    .parse()
                    .unwrap()
            })
            .collect()
    }

    async fn has(&self, wanted: &BTreeSet<Uuid>) {
        testkit::eventually(|| async { self.ids().is_superset(wanted).then_some(()) }).await;
    }

    /// Kill -9: nothing can be put in order before.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _reaped = self.process.wait();
    }
}

async fn publish(world: &World, count: usize) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    for _ in 0..count {
        // What must never arrive stands between: the same type on the restricted subject.
        world.publish(SUBMITTED, true).await;
        ids.insert(world.publish(SUBMITTED, false).await);
    }
    ids
}

/// The life of an application: `start` gives the printed command that runs it.
async fn lives(world: &World, start: impl Fn() -> Command) {
    let before = publish(world, 10).await;
    world.run_printed(&Page::read().creation());
    let mut first = Running::start(start());
    first.has(&before).await;
    let live = publish(world, 30).await;
    // In the middle of it.
    testkit::eventually(|| async { (first.ids().len() > before.len()).then_some(()) }).await;
    first.kill();
    let away = publish(world, 10).await;
    world.drained().await;
    let second = Running::start(start());
    let late = publish(world, 10).await;
    second.has(&late).await;
    let granted: BTreeSet<Uuid> = before
        .iter()
        .chain(&live)
        .chain(&away)
        .chain(&late)
        .copied()
        .collect();
    testkit::eventually(|| async {
        let received: BTreeSet<Uuid> = first.ids().union(&second.ids()).copied().collect();
        assert!(
            received.is_subset(&granted),
            "something came that was not granted"
        );
        (received == granted).then_some(())
    })
    .await;
    let event = second.events.lock().unwrap()[0].clone();
    assert_eq!(event["type"], format!("tadamon.{SUBMITTED}"));
    assert_eq!(event["version"], 1);
    assert_eq!(event["data"]["benefitCode"], "air_transport_support");
    assert_eq!(event["data"]["applicationId"], event["record"]);
}

#[tokio::test]
async fn private_stack_the_printed_python_program_receives_its_events_and_goes_on_after_a_kill() {
    let world = World::start().await;
    let page = Page::read();
    std::fs::write(
        world.dir.join("listener.py"),
        page.program("### Python", "python"),
    )
    .unwrap();
    let commands = page.commands("### Python");
    let [install, run] = commands.as_slice() else {
        panic!("two commands: {commands:?}")
    };
    // The installer brings the very version that is printed, from a file with its hash.
    let pins = std::fs::read_to_string(repository_root().join("deploy/local/requirements-test.txt")).unwrap();
    for package in install.strip_prefix("pip install ").unwrap().split(' ') {
        assert!(pins.contains(&format!("\n{package} ")), "{package} is not pinned");
    }
    assert_eq!(run, "python3 listener.py statistics.json");
    lives(&world, || {
        let mut command = Command::new("python3");
        command
            .args(["listener.py", "statistics.json"])
            .env("PYTHONPATH", repository_root().join(".local/python"))
            .current_dir(&world.dir);
        command
    })
    .await;
}

#[tokio::test]
async fn private_stack_the_printed_typescript_program_receives_its_events_and_goes_on_after_a_kill() {
    let world = World::start().await;
    let page = Page::read();
    std::fs::write(
        world.dir.join("listener.mts"),
        page.program("### TypeScript", "typescript"),
    )
    .unwrap();
    let commands = page.commands("### TypeScript");
    let [install, compile, run] = commands.as_slice() else {
        panic!("three commands: {commands:?}")
    };
    let pins: Value = serde_json::from_slice(
        &std::fs::read(repository_root().join("deploy/local/node/package.json")).unwrap(),
    )
    .unwrap();
    for package in install.strip_prefix("npm install ").unwrap().split(' ') {
        let (name, version) = package.rsplit_once('@').unwrap();
        assert_eq!(pins["dependencies"][name], version, "{package} is not pinned");
    }
    let modules = repository_root().join(".local/node/node_modules");
    symlink(&modules, world.dir.join("node_modules")).unwrap();
    let mut compiler = Command::new(node().unwrap());
    compiler
        .arg(modules.join("typescript/bin/tsc"))
        .args(compile.strip_prefix("npx tsc ").unwrap().split(' '))
        .current_dir(&world.dir);
    checked(compiler);
    assert_eq!(run, "node listener.mjs statistics.json");
    lives(&world, || {
        let mut command = Command::new(node().unwrap());
        command
            .args(["listener.mjs", "statistics.json"])
            .current_dir(&world.dir);
        command
    })
    .await;
}

#[tokio::test]
async fn private_stack_the_printed_rust_program_receives_its_events_and_goes_on_after_a_kill() {
    let world = World::start().await;
    let printed = Page::read().program("### Rust", "rust");
    let compiled =
        std::fs::read_to_string(repository_root().join("integration-tests/src/bin/listener.rs")).unwrap();
    assert_eq!(
        printed, compiled,
        "docs/events.md prints integration-tests/src/bin/listener.rs"
    );
    lives(&world, || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_listener"));
        command.arg("statistics.json").current_dir(&world.dir);
        command
    })
    .await;
}

#[test]
fn a_new_application_has_its_first_event_within_five_commands() {
    let page = Page::read();
    for heading in ["### Python", "### TypeScript"] {
        let commands = page.commands(heading).len() + 1;
        assert!(commands <= 5, "{heading}: {commands} commands");
    }
}
