//! Processes that outlive the command that started them: started in a session of their own, found again by a pid file.
//!
//! Used for the servers of the stack and, by `tadamon-dev`, for the services. A pid file holds the process id and its start time, so that a recycled id is never mistaken for ours. Nothing here knows which
//! server it starts. Signals go through the shell's `kill`: the crate forbids unsafe code, and std sends none.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Children of this very process, kept so that the ones that ended can be collected: a restarted Postgres takes the remains of the
/// one before for a living rival.
static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());

fn collect_ended_children() {
    // An error of try_wait means that there is nothing to wait for.
    CHILDREN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .retain_mut(|child| matches!(child.try_wait(), Ok(None)));
}

/// The signals that the stack sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Term,
    Int,
    Kill,
    Stop,
    Continue,
}

impl Signal {
    const fn name(self) -> &'static str {
        match self {
            Self::Term => "TERM",
            Self::Int => "INT",
            Self::Kill => "KILL",
            Self::Stop => "STOP",
            Self::Continue => "CONT",
        }
    }
}

/// A user other than ours that a server runs as.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// One program to start.
#[derive(Debug)]
pub struct Launch {
    program: PathBuf,
    args: Vec<OsString>,
    envs: Vec<(String, OsString)>,
    cwd: PathBuf,
    owner: Option<Owner>,
}

impl Launch {
    /// `cwd` is also the program's home. Its environment is our own choice: a variable of the developer's shell must not change a server.
    pub fn new(program: impl Into<PathBuf>, cwd: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            envs: Vec::new(),
            cwd: cwd.into(),
            owner: None,
        }
    }

    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.envs.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn owner(mut self, owner: Option<Owner>) -> Self {
        self.owner = owner;
        self
    }

    fn apply(&self, command: &mut Command) {
        command
            .env_clear()
            .env(
                "PATH",
                std::env::var_os("PATH").unwrap_or_else(|| "/usr/sbin:/usr/bin:/sbin:/bin".into()),
            )
            .env("HOME", &self.cwd)
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .envs(self.envs.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.cwd)
            .stdin(Stdio::null());
        if let Some(owner) = self.owner {
            command.uid(owner.uid).gid(owner.gid);
        }
    }

    /// Runs to the end and gives what it printed.
    ///
    /// # Errors
    /// It cannot be run, or it failed: the error then holds what it said.
    pub fn run(self) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(&self.args);
        self.apply(&mut command);
        let output = command
            .output()
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        if !output.status.success() {
            bail!(
                "{} failed ({}): {}{}",
                self.program.display(),
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts it in a session of its own, with its output in `log/<name>.log` and its id in `run/<name>.pid`.
    ///
    /// # Errors
    /// The program or one of the two files is missing.
    pub fn spawn(self, dir: &Path, name: &str) -> Result<()> {
        for sub in ["run", "log"] {
            let path = dir.join(sub);
            fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        }
        let log_path = log_file(dir, name);
        let log = File::options()
            .create(true)
            .append(true)
            .open(&log_path)
            .with_context(|| format!("cannot write {}", log_path.display()))?;
        // setsid replaces itself by the program, so the child's id is the program's.
        let mut command = Command::new("setsid");
        command.arg(&self.program).args(&self.args);
        self.apply(&mut command);
        command
            .stdout(log.try_clone().context("cannot share the log")?)
            .stderr(log);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let started = start_time(child.id()).unwrap_or_default();
        let pid_path = pid_file(dir, name);
        let written = fs::write(&pid_path, format!("{} {started}\n", child.id()));
        CHILDREN
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(child);
        written.with_context(|| format!("cannot write {}", pid_path.display()))
    }
}

/// Where a process' output goes.
pub fn log_file(dir: &Path, name: &str) -> PathBuf {
    dir.join("log").join(format!("{name}.log"))
}

fn pid_file(dir: &Path, name: &str) -> PathBuf {
    dir.join("run").join(format!("{name}.pid"))
}

/// One line of the process table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    parent: u32,
    /// Ended, and waiting for its parent to collect it.
    remains: bool,
    /// Clock ticks since boot: with the id, it names a process for good.
    started: u64,
}

fn entry(pid: u32) -> Option<Entry> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command's name may hold spaces and brackets: count from the last one. Then field 3 is the state, 4 the parent, 22 the start.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(Entry {
        parent: fields.get(1)?.parse().ok()?,
        remains: matches!(*fields.first()?, "Z" | "X"),
        started: fields.get(19)?.parse().ok()?,
    })
}

/// When the process started; `None` if there is none, or only its remains.
pub(crate) fn start_time(pid: u32) -> Option<u64> {
    collect_ended_children();
    entry(pid)
        .filter(|entry| !entry.remains)
        .map(|entry| entry.started)
}

/// Whether the process ended and its parent has not collected it: another program would still take it for alive.
pub(crate) fn is_remains(pid: u32) -> bool {
    collect_ended_children();
    entry(pid).is_some_and(|entry| entry.remains)
}

/// The processes that `parent` started, each with its start time.
fn children(parent: u32) -> Vec<(u32, u64)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| {
            let pid = process.file_name().to_str()?.parse().ok()?;
            let entry = entry(pid)?;
            (entry.parent == parent && !entry.remains).then_some((pid, entry.started))
        })
        .collect()
}

/// The running process of that name, if it is still the one that was started.
pub fn running(dir: &Path, name: &str) -> Option<u32> {
    let text = fs::read_to_string(pid_file(dir, name)).ok()?;
    let (pid, started) = text.trim().split_once(' ')?;
    let pid = pid.parse().ok()?;
    (start_time(pid)? == started.parse::<u64>().ok()?).then_some(pid)
}

/// Sends a signal; false if the process does not run.
///
/// # Errors
/// There is no shell to send it with.
pub fn signal(dir: &Path, name: &str, signal: Signal) -> Result<bool> {
    let Some(pid) = running(dir, name) else {
        return Ok(false);
    };
    // It may have ended between the look and the signal: that is "does not run", not a failure.
    Ok(send(pid, signal)? || running(dir, name).is_some())
}

fn send(pid: u32, signal: Signal) -> Result<bool> {
    let status = Command::new("sh")
        .args([
            "-c",
            "kill -s \"$1\" \"$2\"",
            "kill",
            signal.name(),
            &pid.to_string(),
        ])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot run sh")?;
    Ok(status.success())
}

/// Kills the process and the ones that it started, and waits until all are gone; false if it did not run. Postgres' own processes
/// would otherwise outlive it for a moment and keep its successor out.
///
/// # Errors
/// It is still there after `limit`.
pub fn kill(dir: &Path, name: &str, limit: Duration) -> Result<bool> {
    let Some(pid) = running(dir, name) else {
        return Ok(false);
    };
    let started_by_it = children(pid);
    send(pid, Signal::Kill)?;
    for (child, started) in &started_by_it {
        if start_time(*child) == Some(*started) {
            send(*child, Signal::Kill)?;
        }
    }
    let deadline = Instant::now() + limit;
    for (child, started) in started_by_it {
        while start_time(child) == Some(started) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    wait_gone(dir, name, limit)?;
    Ok(true)
}

/// Waits until the process is gone, and forgets it.
///
/// # Errors
/// It is still there after `limit`.
pub fn wait_gone(dir: &Path, name: &str, limit: Duration) -> Result<()> {
    let deadline = Instant::now() + limit;
    while let Some(pid) = running(dir, name) {
        if Instant::now() >= deadline {
            bail!("{name} (process {pid}) did not end within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    match fs::remove_file(pid_file(dir, name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("cannot remove the pid file")
        }
        _ => Ok(()),
    }
}

/// Held while a stack is started or stopped, so that two commands do not do it at once.
pub(crate) fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("run/lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    file.lock()
        .with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// The last lines of a log.
pub fn log_tail(dir: &Path, name: &str, lines: usize) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(log_file(dir, name))?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(16 * 1024)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_else(|error| format!("(no log: {error})"));
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// Postgres refuses to run as root: then it runs as the user that its package made.
pub(crate) fn unprivileged_owner() -> Result<Option<Owner>> {
    let own_uid = fs::metadata("/proc/self")
        .context("cannot read /proc/self")?
        .uid();
    if own_uid != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    users
        .lines()
        .find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            (name == "postgres").then_some(Owner { uid, gid })
        })
        .map(Some)
        .context("Postgres refuses to run as root and there is no user postgres: run deploy/local/install.sh")
}

/// Where servers with a user of their own keep data: the stack's directory, unless that user cannot enter it (a clone under /root).
pub(crate) fn data_dir_for_servers(dir: &Path) -> Result<PathBuf> {
    let Some(owner) = unprivileged_owner()? else {
        return Ok(dir.to_owned());
    };
    let enters = Command::new("test")
        .arg("-x")
        .arg(dir)
        .uid(owner.uid)
        .gid(owner.gid)
        .current_dir("/")
        .status()
        .context("cannot run test")?;
    if enters.success() {
        return Ok(dir.to_owned());
    }
    let hash = dir
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    Ok(PathBuf::from(format!("/var/tmp/tadamon-{hash:016x}")))
}
