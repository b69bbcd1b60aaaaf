//! The local stack: private Postgres, NATS, RabbitMQ, Redis and a mail catcher as child processes of one directory; for tests an object store too.
//!
//! The same code serves `tadamon-dev stack` (processes outlive the command that started them), the tests (one shared stack whose
//! addresses are found by `TADAMON_TEST_STACK`) and fault tests (a [`PrivateStack`] whose servers are killed and started again).
//! It never touches a server that it did not start: a process is known by its id *and* start time. It knows nothing about our
//! services, their databases, streams or queues.

mod addresses;
mod ports;
mod private;
pub mod process;
mod ready;
mod servers;
mod state;
#[cfg(test)]
mod tests;
mod tools;

pub use addresses::{
    ADDRESSES_VARIABLE, NatsUser, ObjectsAddress, StackAddresses, read_addresses, test_addresses,
};
pub use ports::{BadBasePort, LocalPorts, free_base_port};
pub use private::{PrivateStack, copy_folder};
pub use tools::{local_dir, node, repository_root};

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use process::Signal;
use state::State;

/// How long a server may take until it answers. RabbitMQ on two busy cores is the slow one.
const READY_DEADLINE: Duration = Duration::from_secs(120);
/// How long a server may take to stop before it is killed.
const STOP_DEADLINE: Duration = Duration::from_secs(20);

/// One server of the stack. RabbitMQ's name daemon (epmd) comes and goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Server {
    Postgres,
    Nats,
    Rabbitmq,
    Redis,
    Mail,
    Objects,
}

impl Server {
    /// Those of an installation, in starting order; they stop in the reverse order. Not the object store: papers lie on the disk there, and only
    /// tests that put them into a bucket start one.
    pub const ALL: [Self; 5] = [
        Self::Postgres,
        Self::Nats,
        Self::Rabbitmq,
        Self::Redis,
        Self::Mail,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Nats => "nats",
            Self::Rabbitmq => "rabbitmq",
            Self::Redis => "redis",
            Self::Mail => "mail",
            Self::Objects => "objects",
        }
    }

    /// What asks this server to stop and keep its data: for Postgres the "fast" stop, which does not wait for its clients.
    const fn polite_signal(self) -> Signal {
        match self {
            Self::Postgres => Signal::Int,
            Self::Nats | Self::Rabbitmq | Self::Redis | Self::Mail => Signal::Term,
            // Asked politely its parts wait for one another, for twenty seconds; what was confirmed is on the disk.
            Self::Objects => Signal::Kill,
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Server {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .chain([Self::Objects])
            .find(|server| server.as_str() == text)
            .with_context(|| {
                format!("no server is called {text:?}: say postgres, nats, rabbitmq, redis, mail or objects")
            })
    }
}

/// What to start, and where.
#[derive(Debug, Clone)]
pub struct StackConfig {
    /// Everything of the stack lives here: data, logs, process ids, addresses.
    pub dir: PathBuf,
    pub ports: LocalPorts,
    /// Whether Postgres waits for the disk. Off for ordinary tests; on where faults or speed are measured, and for `up`.
    pub fsync: bool,
    pub servers: Vec<Server>,
}

impl StackConfig {
    /// All servers, ports counted from `base_port`, waiting for the disk.
    pub fn new(dir: impl Into<PathBuf>, base_port: u16) -> Result<Self> {
        Ok(Self {
            dir: dir.into(),
            ports: LocalPorts::from_base(base_port)?,
            fsync: true,
            servers: Server::ALL.to_vec(),
        })
    }

    #[must_use]
    pub fn without_fsync(mut self) -> Self {
        self.fsync = false;
        self
    }

    #[must_use]
    pub fn only(mut self, servers: &[Server]) -> Self {
        self.servers = servers.to_vec();
        self
    }
}

/// Whether one server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ServerStatus {
    pub server: Server,
    /// The process, if it runs.
    pub pid: Option<u32>,
    pub port: u16,
    /// It runs and answers in its own protocol.
    pub ready: bool,
}

/// The operations on a stack. The directory is the stack: there is no handle to keep, so that any process can stop what another started.
#[derive(Debug)]
pub struct Stack;

impl Stack {
    /// Starts what does not run yet and waits until all of it answers. Calling it again is harmless; data of an earlier run is kept.
    ///
    /// # Errors
    /// A program is missing, a port is taken by somebody else, or a server ended or did not answer in time (its last log lines are in the error).
    pub fn start(config: &StackConfig) -> Result<StackAddresses> {
        for sub in ["run", "log"] {
            let path = config.dir.join(sub);
            fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        }
        let dir = config
            .dir
            .canonicalize()
            .with_context(|| format!("cannot resolve {}", config.dir.display()))?;
        let _lock = process::lock(&dir)?;
        let state = State::load_or_create(&dir, config)?;

        // RabbitMQ first: it takes the longest, and the others start beside it.
        let mut order = state.servers.clone();
        order.sort_by_key(|server| *server != Server::Rabbitmq);
        for server in &order {
            launch(&state, *server)?;
        }
        for server in &order {
            wait_ready(&state, *server)?;
        }
        let addresses = state.addresses();
        addresses.write(&dir)?;
        Ok(addresses)
    }

    /// Stops every server, clients' last; data stays. Returns the servers that ran.
    ///
    /// # Errors
    /// The directory cannot be read, or a process survives even SIGKILL.
    pub fn stop(dir: &Path) -> Result<Vec<Server>> {
        let Some(state) = State::load(dir)? else {
            return Ok(Vec::new());
        };
        let _lock = process::lock(dir)?;
        let mut stopped = Vec::new();
        // Postgres after everything else; epmd after RabbitMQ. Within a group all stop at once.
        for group in [
            &[
                Server::Objects,
                Server::Mail,
                Server::Redis,
                Server::Rabbitmq,
                Server::Nats,
            ][..],
            &[Server::Postgres][..],
        ] {
            for &server in group {
                if process::signal(&state.dir, server.as_str(), server.polite_signal())? {
                    stopped.push(server);
                }
            }
            for &server in group {
                finish(&state, server)?;
            }
        }
        process::signal(&state.dir, servers::rabbitmq::EPMD, Signal::Term)?;
        process::wait_gone(&state.dir, servers::rabbitmq::EPMD, STOP_DEADLINE)?;
        Ok(stopped)
    }

    /// Stops every server and removes the directory with all data.
    ///
    /// # Errors
    /// As [`Stack::stop`], or a file cannot be removed.
    pub fn reset(dir: &Path) -> Result<()> {
        Self::stop(dir)?;
        if let Some(state) = State::load(dir)?
            && state.data_dir != state.dir
            && state.data_dir.exists()
        {
            fs::remove_dir_all(&state.data_dir)
                .with_context(|| format!("cannot remove {}", state.data_dir.display()))?;
        }
        if dir.exists() {
            fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))?;
        }
        Ok(())
    }

    /// Every server of the stack with its process and whether it answers; empty if nothing was ever started there.
    ///
    /// # Errors
    /// The state file cannot be read.
    pub fn status(dir: &Path) -> Result<Vec<ServerStatus>> {
        let Some(state) = State::load(dir)? else {
            return Ok(Vec::new());
        };
        Ok(state
            .servers
            .iter()
            .map(|&server| {
                let pid = process::running(&state.dir, server.as_str());
                ServerStatus {
                    server,
                    pid,
                    port: state.ports.main(server),
                    ready: pid.is_some() && ready::probe(&state, server).is_ok(),
                }
            })
            .collect())
    }

    /// Kills one server (SIGKILL) and waits until it is gone: a crash, for fault tests.
    ///
    /// # Errors
    /// The server does not run.
    pub fn kill(dir: &Path, server: Server) -> Result<()> {
        let state = State::require(dir)?;
        if !process::kill(&state.dir, server.as_str(), STOP_DEADLINE)? {
            bail!("{server} does not run in {}", dir.display());
        }
        Ok(())
    }

    /// Freezes (SIGSTOP) or thaws (SIGCONT) one server: connections stay open and nothing answers.
    ///
    /// # Errors
    /// The server does not run.
    pub fn freeze(dir: &Path, server: Server, frozen: bool) -> Result<()> {
        let state = State::require(dir)?;
        let signal = if frozen { Signal::Stop } else { Signal::Continue };
        if !process::signal(&state.dir, server.as_str(), signal)? {
            bail!("{server} does not run in {}", dir.display());
        }
        Ok(())
    }

    /// Stops one server politely; its data stays.
    ///
    /// # Errors
    /// A process survives even SIGKILL.
    pub fn stop_one(dir: &Path, server: Server) -> Result<()> {
        let state = State::require(dir)?;
        process::signal(&state.dir, server.as_str(), server.polite_signal())?;
        finish(&state, server)
    }

    /// Starts one server on the data it left and waits until it answers.
    ///
    /// # Errors
    /// As [`Stack::start`].
    pub fn start_one(dir: &Path, server: Server) -> Result<()> {
        let state = State::require(dir)?;
        launch(&state, server)?;
        wait_ready(&state, server)
    }
}

/// Starts the server's process unless it runs already.
fn launch(state: &State, server: Server) -> Result<()> {
    if process::running(&state.dir, server.as_str()).is_some() {
        return Ok(());
    }
    for port in state.ports.all(server) {
        ports::wait_free(port).with_context(|| format!("{server} cannot have port {port}"))?;
    }
    match server {
        Server::Postgres => servers::postgres::launch(state),
        Server::Nats => servers::nats::launch(state),
        Server::Rabbitmq => servers::rabbitmq::launch(state),
        Server::Redis => servers::redis::launch(state),
        Server::Mail => servers::mail::launch(state),
        Server::Objects => servers::objects::launch(state),
    }
    .with_context(|| format!("cannot start {server}"))
}

fn wait_ready(state: &State, server: Server) -> Result<()> {
    let deadline = Instant::now() + READY_DEADLINE;
    loop {
        let failure = match ready::probe(state, server) {
            Ok(()) => return Ok(()),
            Err(failure) => failure,
        };
        let log = || process::log_tail(&state.dir, server.as_str(), 15);
        if process::running(&state.dir, server.as_str()).is_none() {
            bail!("{server} ended while starting; its last log lines:\n{}", log());
        }
        if Instant::now() >= deadline {
            bail!(
                "{server} did not answer within {} s ({failure:#}); its last log lines:\n{}",
                READY_DEADLINE.as_secs(),
                log()
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits for a server that was asked to stop, and kills it when it takes too long.
fn finish(state: &State, server: Server) -> Result<()> {
    if process::wait_gone(&state.dir, server.as_str(), STOP_DEADLINE).is_err() {
        process::kill(&state.dir, server.as_str(), STOP_DEADLINE)?;
    }
    Ok(())
}
