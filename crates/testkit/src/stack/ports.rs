//! Ports of a local installation: one base and the committed table of offsets (`deploy/local/ports.toml`).
//!
//! It deliberately never uses a server's default port, nor the range that the kernel hands out for outgoing connections.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use super::Server;

const TABLE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../deploy/local/ports.toml"
));
/// Wide enough for every offset of the table.
const WIDTH: u16 = 60;
/// Stacks that choose their own base take one from here.
const OWN_BASES: std::ops::Range<u16> = 26_000..32_600;

#[derive(Debug, Clone, Deserialize)]
struct Table {
    base: u16,
    web: BTreeMap<String, u16>,
    admin: BTreeMap<String, u16>,
    grpc: BTreeMap<String, u16>,
    http: BTreeMap<String, u16>,
    servers: BTreeMap<String, u16>,
}

/// What the parts of the object store say to one another, and the door of its files.
const OBJECTS: [&str; 7] = [
    "objects_grpc",
    "objects_filer",
    "objects_filer_grpc",
    "objects_volume",
    "objects_volume_grpc",
    "objects_master",
    "objects_master_grpc",
];

/// The bases from which every port is free to use and exists.
const BASES: std::ops::RangeInclusive<u16> = 1024..=u16::MAX - WIDTH;

/// A base from which the ports cannot be counted: a wrong setting, for whoever typed it.
#[derive(Debug, thiserror::Error)]
#[error("base port {given} must be between {} and {} (TADAMON_BASE_PORT or --base-port)", BASES.start(), BASES.end())]
pub struct BadBasePort {
    given: String,
}

/// The ports that follow from one base.
#[derive(Debug, Clone)]
pub struct LocalPorts {
    base: u16,
    table: Table,
}

impl LocalPorts {
    /// # Errors
    /// The base is privileged, or so high that an offset would not fit.
    pub fn from_base(base: u16) -> Result<Self> {
        ensure!(
            BASES.contains(&base),
            BadBasePort {
                given: base.to_string()
            }
        );
        Ok(Self {
            base,
            table: table()?,
        })
    }

    /// The table's own base, or `TADAMON_BASE_PORT`.
    ///
    /// # Errors
    /// The variable is not a usable port.
    pub fn from_environment() -> Result<Self> {
        let base = match std::env::var("TADAMON_BASE_PORT") {
            Ok(text) => text.trim().parse().map_err(|_| BadBasePort { given: text })?,
            Err(_) => table()?.base,
        };
        Self::from_base(base)
    }

    pub fn base(&self) -> u16 {
        self.base
    }

    /// `portal`, `mail_page` or `gateway`.
    ///
    /// # Errors
    /// The table has no such name.
    pub fn web(&self, name: &str) -> Result<u16> {
        self.look_up(&self.table.web, "web", name)
    }

    /// The port of a service's health and metrics pages.
    ///
    /// # Errors
    /// The table has no such service.
    pub fn admin(&self, service: &str) -> Result<u16> {
        self.look_up(&self.table.admin, "admin", service)
    }

    /// The port of a service's gRPC server.
    ///
    /// # Errors
    /// The table has no such service.
    pub fn grpc(&self, service: &str) -> Result<u16> {
        self.look_up(&self.table.grpc, "grpc", service)
    }

    /// The port of a service's own HTTP server, besides its gRPC server.
    ///
    /// # Errors
    /// The table has no such service.
    pub fn http(&self, service: &str) -> Result<u16> {
        self.look_up(&self.table.http, "http", service)
    }

    fn look_up(&self, section: &BTreeMap<String, u16>, title: &str, name: &str) -> Result<u16> {
        let offset = section
            .get(name)
            .with_context(|| format!("deploy/local/ports.toml has no {name} under [{title}]"))?;
        Ok(self.base + offset)
    }

    pub(crate) fn server(&self, name: &str) -> u16 {
        self.base
            + self
                .table
                .servers
                .get(name)
                .copied()
                .expect("the tests below name every server port that the code uses")
    }

    pub(crate) fn mail_page(&self) -> u16 {
        self.base
            + self
                .table
                .web
                .get("mail_page")
                .copied()
                .expect("the tests below check the mail page's port")
    }

    /// The port that clients use.
    pub(crate) fn main(&self, server: Server) -> u16 {
        self.server(match server {
            Server::Postgres => "postgres",
            Server::Nats => "nats",
            Server::Rabbitmq => "amqp",
            Server::Redis => "redis",
            Server::Mail => "smtp",
            Server::Objects => "objects",
        })
    }

    /// Every port that the server listens on.
    pub(crate) fn all(&self, server: Server) -> Vec<u16> {
        let mut ports = vec![self.main(server)];
        match server {
            Server::Nats => ports.push(self.server("nats_monitor")),
            // Not epmd's: it may outlive a killed RabbitMQ and is ours then.
            Server::Rabbitmq => ports.push(self.server("rabbitmq_distribution")),
            Server::Mail => ports.push(self.mail_page()),
            Server::Objects => ports.extend(OBJECTS.map(|name| self.server(name))),
            Server::Postgres | Server::Redis => {}
        }
        ports
    }
}

fn table() -> Result<Table> {
    toml::from_str(TABLE).context("deploy/local/ports.toml")
}

pub(crate) fn require_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!(
                "another process listens on 127.0.0.1:{port}; stop it, or set TADAMON_BASE_PORT to move every port"
            )
        }
        Err(error) => Err(error).context("cannot listen on 127.0.0.1"),
    }
}

/// As [`require_free`], with a little patience: a killed process keeps its sockets until its last thread is gone.
pub(crate) fn wait_free(port: u16) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(3);
    loop {
        match require_free(port) {
            Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
            outcome => return outcome,
        }
    }
}

/// A base whose ports are all free now. It starts at a place that depends on the directory, so that two clones seldom meet.
///
/// # Errors
/// No free range is left.
pub fn free_base_port(dir: &Path) -> Result<u16> {
    let span = (OWN_BASES.end - OWN_BASES.start) / WIDTH;
    let start = dir
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(5381_u32, |hash, byte| hash.wrapping_mul(33) ^ u32::from(*byte));
    let start = u16::try_from(start % u32::from(span)).expect("a remainder of a u16 fits in a u16");
    (0..span)
        .map(|step| OWN_BASES.start + (start + step) % span * WIDTH)
        .find(|base| (*base..base + WIDTH).all(|port| require_free(port).is_ok()))
        .context("no free range of ports is left between 26000 and 32600")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_base_that_leaves_no_room_is_a_wrong_setting() {
        for base in [0, 80, 1023, u16::MAX] {
            let refused = LocalPorts::from_base(base).unwrap_err();
            assert!(refused.is::<BadBasePort>(), "{refused:#}");
            assert!(refused.to_string().contains("TADAMON_BASE_PORT"));
        }
        assert!(LocalPorts::from_base(1024).is_ok());
    }

    #[test]
    fn every_offset_is_used_once_and_fits_the_width() {
        let table = table().unwrap();
        let mut seen = BTreeSet::new();
        for section in [&table.web, &table.admin, &table.grpc, &table.http, &table.servers] {
            for (name, offset) in section {
                assert!(seen.insert(*offset), "{name} shares its offset {offset}");
                assert!(*offset < WIDTH, "{name} lies outside the range");
            }
        }
    }

    #[test]
    fn every_server_port_that_the_code_names_is_in_the_table() {
        let ports = LocalPorts::from_base(20_000).unwrap();
        for server in Server::ALL.into_iter().chain([Server::Objects]) {
            assert!(!ports.all(server).is_empty());
        }
        assert_ne!(ports.server("epmd"), ports.mail_page());
    }

    #[test]
    fn a_privileged_or_too_high_base_is_refused() {
        assert!(LocalPorts::from_base(80).is_err());
        assert!(LocalPorts::from_base(65_530).is_err());
    }

    #[test]
    fn no_port_is_a_default_port_of_its_server() {
        let ports = LocalPorts::from_base(table().unwrap().base).unwrap();
        let used: Vec<u16> = Server::ALL
            .into_iter()
            .chain([Server::Objects])
            .flat_map(|server| ports.all(server))
            .collect();
        for default in [
            5432, 4222, 8222, 5672, 25_672, 4369, 6379, 1025, 1080, 8333, 8888, 9333, 8080,
        ] {
            assert!(!used.contains(&default));
        }
    }
}
