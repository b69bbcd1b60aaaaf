//! Where the servers of a stack are and how to sign in to them: the one thing that tests and services need to know.
//!
//! Written as `addresses.json` (mode 0600) into the stack's directory. It does not say whether the servers run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bus::grants::SERVICES;
use serde::{Deserialize, Serialize};

use super::state::write_private;

/// Names the file with the addresses of the stack that tests use.
pub const ADDRESSES_VARIABLE: &str = "TADAMON_TEST_STACK";

/// A user of NATS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatsUser {
    pub user: String,
    pub password: String,
}

/// The object store of a stack that has one, its bucket and a key that may read, write, list and delete there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectsAddress {
    pub endpoint: String,
    pub bucket: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// The same objects as files, without a key, for a test that spoils one: `<files>/<bucket>/<name>`.
    pub files: String,
}

/// Addresses and credentials of one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackAddresses {
    pub dir: PathBuf,
    /// The superuser, in the database `postgres`.
    pub postgres_url: String,
    /// Without credentials; see `nats_admin` and `nats_services`.
    pub nats_url: String,
    pub nats_monitor_url: String,
    /// May do everything in the platform's account, also make streams.
    pub nats_admin: NatsUser,
    /// Of the server's own account: may tell it to read its configuration again. Absent in the addresses of an earlier version.
    #[serde(default)]
    pub nats_system: NatsUser,
    /// By service name; each may publish only its own facts.
    pub nats_services: BTreeMap<String, NatsUser>,
    /// With user, password and virtual host.
    pub amqp_url: String,
    /// With password.
    pub redis_url: String,
    pub smtp_host: String,
    pub smtp_port: u16,
    /// The mail catcher's page; its JSON is under `/api/email?to.address=somebody@x.example`.
    pub mail_url: String,
    /// Nothing runs there unless the stack was asked for one. Absent in the addresses of an earlier version.
    #[serde(default)]
    pub objects: ObjectsAddress,
}

impl StackAddresses {
    /// The superuser in another database.
    pub fn postgres_url_of(&self, database: &str) -> String {
        let (server, _) = self
            .postgres_url
            .rsplit_once('/')
            .expect("the address ends with a database");
        format!("{server}/{database}")
    }

    /// Another role in another database.
    pub fn postgres_url_as(&self, role: &str, password: &str, database: &str) -> String {
        let (_, host) = self
            .postgres_url
            .rsplit_once('@')
            .expect("the address has a user");
        let (host, _) = host.split_once('/').expect("the address ends with a database");
        format!("postgres://{role}:{password}@{host}/{database}")
    }

    /// NATS with a user in the address.
    pub fn nats_url_as(&self, user: &NatsUser) -> String {
        let host = self.nats_url.trim_start_matches("nats://");
        format!("nats://{}:{}@{host}", user.user, user.password)
    }

    /// Addresses of a stack that does not run, for tests of what is written from them.
    pub fn example() -> Self {
        let user = |name: &str| NatsUser {
            user: name.to_owned(),
            password: "pw".to_owned(),
        };
        Self {
            dir: PathBuf::from("/somewhere"),
            postgres_url: "postgres://postgres:secret@127.0.0.1:26040/postgres".to_owned(),
            nats_url: "nats://127.0.0.1:26041".to_owned(),
            nats_monitor_url: "http://127.0.0.1:26042".to_owned(),
            nats_admin: user("admin"),
            nats_system: user("system"),
            nats_services: SERVICES.map(|name| (name.to_owned(), user(name))).into(),
            amqp_url: "amqp://tadamon:pw@127.0.0.1:26043/tadamon".to_owned(),
            redis_url: "redis://:pw@127.0.0.1:26046/0".to_owned(),
            smtp_host: "127.0.0.1".to_owned(),
            smtp_port: 26047,
            mail_url: "http://127.0.0.1:26001".to_owned(),
            objects: ObjectsAddress::default(),
        }
    }

    /// Where the addresses of a stack directory lie.
    pub fn file(dir: &Path) -> PathBuf {
        dir.join("addresses.json")
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        write_private(&Self::file(dir), &serde_json::to_vec_pretty(self)?)
    }
}

/// The addresses in a file.
///
/// # Errors
/// The file is missing or is not a stack's addresses.
pub fn read_addresses(file: &Path) -> Result<StackAddresses> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text)
        .with_context(|| format!("{} does not hold a stack's addresses", file.display()))
}

/// The addresses of the stack that tests share.
///
/// # Errors
/// `TADAMON_TEST_STACK` is not set, or names a file that cannot be read; the error says what to run.
pub fn test_addresses() -> Result<StackAddresses> {
    let Some(file) = std::env::var_os(ADDRESSES_VARIABLE) else {
        bail!(
            "{ADDRESSES_VARIABLE} is not set: run ./justw test, or ./justw test-stack once and export what it prints"
        );
    };
    read_addresses(Path::new(&file))
        .context("the test stack is not there: run ./justw test, or ./justw test-stack once")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> StackAddresses {
        StackAddresses::example()
    }

    #[test]
    fn another_database_keeps_server_and_user() {
        assert_eq!(
            addresses().postgres_url_of("benefits"),
            "postgres://postgres:secret@127.0.0.1:26040/benefits"
        );
    }

    #[test]
    fn another_role_keeps_the_server_only() {
        assert_eq!(
            addresses().postgres_url_as("benefits", "x", "b1"),
            "postgres://benefits:x@127.0.0.1:26040/b1"
        );
    }

    #[test]
    fn a_nats_user_stands_in_the_address() {
        let addresses = addresses();
        assert_eq!(
            addresses.nats_url_as(&addresses.nats_admin),
            "nats://admin:pw@127.0.0.1:26041"
        );
    }

    #[test]
    fn addresses_survive_a_round_trip() {
        let text = serde_json::to_string(&addresses()).unwrap();
        assert_eq!(
            serde_json::from_str::<StackAddresses>(&text).unwrap(),
            addresses()
        );
    }
}
