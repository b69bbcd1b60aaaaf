//! The services as child processes: their settings, their databases, their readiness, and a kill that is a real kill.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard};

use platform::fault_points;
use platform::tls::TlsSettings;
use testkit::eventually;
use testkit::stack::StackAddresses;
use toml::{Table, Value};

/// Those with a database, in starting order.
pub const SERVICES: [&str; 6] = [
    "membership",
    "identity",
    "benefits",
    "documents",
    "partnerships",
    "notifications",
];

/// Ports that this test has given out, each with a lock that ends with the process.
static GIVEN: Mutex<BTreeMap<u16, File>> = Mutex::new(BTreeMap::new());

/// A port that nobody has and that no test has been given: between this look and the start of its service it stands free, and tests that run at once
/// would draw the same one now and then. Not of the range from which the kernel takes ports for connections, which it gives to others meanwhile.
pub fn free_port() -> u16 {
    let running = std::env::current_exe().expect("a running program has a path");
    let folder = running.with_file_name("ports-of-tests");
    std::fs::create_dir_all(&folder).expect("whoever builds may write beside what was built");
    let mut given = GIVEN.lock().expect("nobody panics while drawing a port");
    loop {
        let drawn = 12_000 + u16::from_le_bytes(platform::ids::random::<2>()) % 8_000;
        if given.contains_key(&drawn) {
            continue;
        }
        let lock = File::create(folder.join(drawn.to_string())).expect("the folder takes files");
        if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", drawn)).is_ok() {
            given.insert(drawn, lock);
            return drawn;
        }
    }
}

/// A binary that was built with what runs now: tests lie in `target/<profile>/deps`, a program one folder above.
pub fn program(name: &str) -> PathBuf {
    let running = std::env::current_exe().expect("a running program has a path");
    running
        .ancestors()
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("no {name} beside {}: cargo build -p {name}", running.display()))
}

/// The service's own program in the folder that `TADAMON_PROGRAMS` names, as production runs it; without it the one that holds all services.
pub fn own_program(service: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("TADAMON_PROGRAMS")?);
    Some(folder.join(service)).filter(|program| program.is_file())
}

/// One service and where it listens.
pub struct Service {
    name: &'static str,
    settings: PathBuf,
    log: PathBuf,
    pub grpc: u16,
    pub admin: u16,
    /// Where calls are encrypted.
    tls: Option<TlsSettings>,
    child: Mutex<Option<Child>>,
}

impl Service {
    pub fn new(name: &'static str, dir: &Path) -> Self {
        Self {
            name,
            settings: dir.join(format!("{name}.toml")),
            log: dir.join(format!("{name}.log")),
            grpc: free_port(),
            admin: free_port(),
            tls: None,
            child: Mutex::new(None),
        }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// With a certificate, and callers that show theirs.
    pub fn secured(mut self, tls: TlsSettings) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The files of its certificate.
    pub fn tls(&self) -> Option<&TlsSettings> {
        self.tls.as_ref()
    }

    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}", self.grpc)
    }

    /// Writes the settings: the service's own defaults with these keys put in. A key that it does not have is an error.
    pub fn write_settings(&self, values: &[(&str, Value)]) {
        let defaults = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../services")
            .join(self.name)
            .join("config.default.toml");
        let text = std::fs::read_to_string(defaults).expect("every service has defaults");
        let mut settings: Table = text.parse().expect("the defaults are TOML");
        for (key, value) in values {
            let (sections, last) = key.rsplit_once('.').expect("every key is in a section");
            let mut table = Some(&mut settings);
            for section in sections.split('.') {
                table = table
                    .and_then(|table| table.get_mut(section))
                    .and_then(Value::as_table_mut);
            }
            let known = table.and_then(|table| table.insert(last.to_owned(), value.clone()));
            assert!(known.is_some(), "{} has no setting {key}", self.name);
        }
        std::fs::write(&self.settings, settings.to_string()).expect("the test's folder takes files");
    }

    fn command(&self, command: &str) -> Command {
        let mut run = match own_program(self.name) {
            Some(own) => {
                let mut run = Command::new(own);
                run.arg(command);
                run
            }
            None => {
                let mut run = Command::new(program("tadamon-dev"));
                run.args([command, self.name]);
                run
            }
        };
        run.arg("--config").arg(&self.settings);
        run
    }

    pub fn migrate(&self) {
        let output = self.command("migrate").output().expect("the program runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} cannot migrate: {error}", self.name);
    }

    pub fn start(&self) {
        self.spawn(&[]);
    }

    /// Starts it with these roles alone: `["grpc", "relay"]` as JSON.
    pub fn start_as(&self, roles: &str) {
        self.spawn(&[("TADAMON_COMMON__ROLES", roles)]);
    }

    /// Starts it so that it ends itself when it passes a point: `before_reply:1@SubmitApplication`.
    pub fn start_to_die_at(&self, point: &str) {
        self.spawn(&[(fault_points::VARIABLE, point)]);
    }

    fn spawn(&self, variables: &[(&str, &str)]) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .expect("the test's folder takes files");
        let errors = log.try_clone().expect("a file can be opened twice");
        let child = self
            .command("serve")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .expect("the program runs");
        *self.child() = Some(child);
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().expect("nobody panics while holding a child")
    }

    /// How it ended, if it ended by itself.
    fn ended(&self) -> Option<ExitStatus> {
        let mut child = self.child();
        let status = child.as_mut()?.try_wait().expect("a child can be asked");
        status.inspect(|_| *child = None)
    }

    /// Waits until it has ended itself at the point for which it was started.
    pub async fn dies(&self) {
        const SIGABRT: i32 = 6;
        let status = eventually(async || self.ended()).await;
        assert_eq!(
            status.signal(),
            Some(SIGABRT),
            "{} ended otherwise: {status}",
            self.name
        );
    }

    pub async fn ready(&self) {
        eventually(async || self.is_ready().await.then_some(())).await;
    }

    pub async fn is_ready(&self) -> bool {
        let url = format!("http://127.0.0.1:{}/readyz", self.admin);
        let answer = reqwest::get(&url).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// What an operator's Prometheus reads.
    pub async fn measures(&self) -> String {
        let url = format!("http://127.0.0.1:{}/metrics", self.admin);
        let answer = reqwest::get(&url).await.expect("the admin port answers");
        answer.text().await.expect("measures are text")
    }

    /// No drain, no goodbye.
    pub fn kill(&self) {
        if let Some(mut child) = self.child().take() {
            let _gone_already = child.kill();
            let _reaped = child.wait();
        }
    }

    /// Asks it to end, as a cluster does.
    pub fn ask_to_end(&self) {
        let pid = self.pid().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.is_ok_and(|asked| asked.success()), "{} runs", self.name);
    }

    /// Waits until it has ended by itself.
    pub async fn ends(&self) -> ExitStatus {
        eventually(async || self.ended()).await
    }

    pub fn pid(&self) -> u32 {
        self.child().as_ref().expect("the service runs").id()
    }

    /// Memory that the running process holds, in KiB.
    pub fn resident_kib(&self) -> u64 {
        let pid = self.child().as_ref().expect("the service runs").id();
        let status =
            std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process has a status");
        status
            .lines()
            .find_map(|line| {
                line.strip_prefix("VmRSS:")?
                    .split_whitespace()
                    .next()?
                    .parse()
                    .ok()
            })
            .expect("the status tells the memory")
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The settings that every service has.
    pub fn common(&self, stack: &StackAddresses, place: &Place<'_>) -> Vec<(&'static str, Value)> {
        let text = |text: &str| Value::String(text.to_owned());
        let tls = self.tls.clone().unwrap_or_default();
        let file = |path: &Path| Value::String(path.display().to_string());
        vec![
            ("common.tls.certificate", file(&tls.certificate)),
            ("common.tls.key", file(&tls.key)),
            ("common.tls.authorities", file(&tls.authorities)),
            ("common.postgres.url", text(&place.database)),
            (
                "common.grpc.listen",
                Value::String(format!("127.0.0.1:{}", self.grpc)),
            ),
            (
                "common.admin.listen",
                Value::String(format!("127.0.0.1:{}", self.admin)),
            ),
            ("common.nats.url", text(&stack.nats_url)),
            ("common.nats.user", text(&stack.nats_admin.user)),
            ("common.nats.password", text(&stack.nats_admin.password)),
            ("common.nats.prefix", text(place.prefix)),
            ("common.amqp.url", text(&stack.amqp_url)),
            ("common.amqp.prefix", text(place.prefix)),
            (
                "common.keys.directory",
                Value::String(place.keys.display().to_string()),
            ),
            ("common.telemetry.otlp_endpoint", text(place.otlp_endpoint)),
            ("common.demonstration.enabled", Value::Boolean(true)),
        ]
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(25).collect();
            eprintln!("--- last lines of {}", self.name);
            for line in tail.iter().rev() {
                eprintln!("{line}");
            }
        }
        self.kill();
    }
}

/// Where one service's data and messages go in this test.
pub struct Place<'a> {
    pub database: String,
    pub prefix: &'a str,
    pub keys: &'a Path,
    /// Where spans go; nowhere when empty.
    pub otlp_endpoint: &'a str,
}
