//! What a stack remembers between two commands: its ports, secrets and where its data lies (`stack.json`, mode 0600).
//!
//! Secrets are made anew for every stack directory and never leave it except in the addresses that are handed out.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bus::grants::SERVICES;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::addresses::{NatsUser, ObjectsAddress, StackAddresses};
use super::ports::LocalPorts;
use super::{Server, StackConfig, process};

/// The bucket of the object store.
pub(crate) const BUCKET: &str = "papers";

#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    base_port: u16,
    fsync: bool,
    servers: Vec<Server>,
    data_dir: PathBuf,
    secrets: Secrets,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) postgres: String,
    pub(crate) nats_admin: String,
    /// Made when a stack of an earlier version is started again.
    #[serde(default = "secret")]
    pub(crate) nats_system: String,
    pub(crate) nats_services: BTreeMap<String, String>,
    pub(crate) rabbitmq: String,
    pub(crate) erlang_cookie: String,
    pub(crate) redis: String,
    #[serde(default = "secret")]
    pub(crate) objects: String,
}

/// A leading letter: NATS reads a password from the environment as a value of its configuration, and 12e5 would be a number.
fn secret() -> String {
    format!("s{}", Uuid::new_v4().simple())
}

impl Secrets {
    fn generate() -> Self {
        Self {
            postgres: secret(),
            nats_admin: secret(),
            nats_system: secret(),
            nats_services: SERVICES
                .iter()
                .map(|service| ((*service).to_owned(), secret()))
                .collect(),
            rabbitmq: secret(),
            erlang_cookie: secret(),
            redis: secret(),
            objects: secret(),
        }
    }
}

/// One stack directory, resolved.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) dir: PathBuf,
    /// Where Postgres keeps its data: `dir`, unless its user cannot enter it.
    pub(crate) data_dir: PathBuf,
    pub(crate) ports: LocalPorts,
    pub(crate) fsync: bool,
    pub(crate) servers: Vec<Server>,
    pub(crate) secrets: Secrets,
}

impl State {
    /// The state of an earlier start, with the wanted servers, fsync and (unless some still run) ports; or a new one.
    pub(crate) fn load_or_create(dir: &Path, config: &StackConfig) -> Result<Self> {
        let earlier = Self::load(dir)?;
        // Servers that run keep the ports that they have, whatever is asked for now.
        let running = earlier
            .as_ref()
            .filter(|state| state.runs())
            .map(|state| state.ports.clone());
        let (data_dir, secrets) = match earlier {
            Some(state) => (state.data_dir, state.secrets),
            None => (process::data_dir_for_servers(dir)?, Secrets::generate()),
        };
        let state = Self {
            dir: dir.to_owned(),
            data_dir,
            ports: running.unwrap_or_else(|| config.ports.clone()),
            fsync: config.fsync,
            servers: config.servers.clone(),
            secrets,
        };
        state.save()?;
        Ok(state)
    }

    pub(crate) fn load(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join("stack.json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let saved: Saved = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a stack's state", path.display()))?;
        Ok(Some(Self {
            dir: dir
                .canonicalize()
                .with_context(|| format!("cannot resolve {}", dir.display()))?,
            data_dir: saved.data_dir,
            ports: LocalPorts::from_base(saved.base_port)?,
            fsync: saved.fsync,
            servers: saved.servers,
            secrets: saved.secrets,
        }))
    }

    pub(crate) fn require(dir: &Path) -> Result<Self> {
        Self::load(dir)?.with_context(|| format!("no stack was ever started in {}", dir.display()))
    }

    fn runs(&self) -> bool {
        self.servers
            .iter()
            .any(|server| process::running(&self.dir, server.as_str()).is_some())
    }

    fn save(&self) -> Result<()> {
        let saved = Saved {
            base_port: self.ports.base(),
            fsync: self.fsync,
            servers: self.servers.clone(),
            data_dir: self.data_dir.clone(),
            secrets: self.secrets.clone(),
        };
        write_private(&self.dir.join("stack.json"), &serde_json::to_vec_pretty(&saved)?)
    }

    pub(crate) fn addresses(&self) -> StackAddresses {
        let Secrets {
            postgres,
            nats_admin,
            nats_system,
            nats_services,
            rabbitmq,
            redis,
            objects,
            ..
        } = &self.secrets;
        let port = |server| self.ports.main(server);
        StackAddresses {
            dir: self.dir.clone(),
            postgres_url: format!(
                "postgres://postgres:{postgres}@127.0.0.1:{}/postgres",
                port(Server::Postgres)
            ),
            nats_url: format!("nats://127.0.0.1:{}", port(Server::Nats)),
            nats_monitor_url: format!("http://127.0.0.1:{}", self.ports.server("nats_monitor")),
            nats_admin: NatsUser {
                user: "admin".to_owned(),
                password: nats_admin.clone(),
            },
            nats_system: NatsUser {
                user: "system".to_owned(),
                password: nats_system.clone(),
            },
            nats_services: nats_services
                .iter()
                .map(|(service, password)| {
                    (
                        service.clone(),
                        NatsUser {
                            user: service.clone(),
                            password: password.clone(),
                        },
                    )
                })
                .collect(),
            amqp_url: format!(
                "amqp://tadamon:{rabbitmq}@127.0.0.1:{}/tadamon",
                port(Server::Rabbitmq)
            ),
            redis_url: format!("redis://:{redis}@127.0.0.1:{}/0", port(Server::Redis)),
            smtp_host: "127.0.0.1".to_owned(),
            smtp_port: port(Server::Mail),
            mail_url: format!("http://127.0.0.1:{}", self.ports.mail_page()),
            objects: ObjectsAddress {
                endpoint: format!("http://127.0.0.1:{}", port(Server::Objects)),
                bucket: BUCKET.to_owned(),
                access_key_id: "documents".to_owned(),
                secret_access_key: objects.clone(),
                files: format!("http://127.0.0.1:{}/buckets", self.ports.server("objects_filer")),
            },
        }
    }
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("partial");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)
        .with_context(|| format!("cannot write {}", partial.display()))?;
    file.write_all(bytes)
        .with_context(|| format!("cannot write {}", partial.display()))?;
    fs::rename(&partial, path).with_context(|| format!("cannot rename {}", partial.display()))
}
