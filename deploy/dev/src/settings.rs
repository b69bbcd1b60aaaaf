//! Writes each service's settings for the local installation: its own `config.default.toml` with the addresses of this machine put in.
//!
//! Only keys that the service has can be set, so that a service's settings are defined in one place: its own file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use testkit::stack::{LocalPorts, StackAddresses, repository_root};
use toml::{Table, Value};

use crate::services::Service;

/// What the settings are made of.
pub(crate) struct Surroundings<'a> {
    pub(crate) ports: &'a LocalPorts,
    pub(crate) stack: &'a StackAddresses,
    /// Database passwords by service.
    pub(crate) passwords: &'a BTreeMap<String, String>,
    pub(crate) keys: &'a Path,
    /// Where documents keeps encrypted papers.
    pub(crate) documents: &'a Path,
}

/// Writes the file (mode 0600: it holds passwords) and gives its path.
pub(crate) fn write(dir: &Path, service: Service, surroundings: &Surroundings<'_>) -> Result<PathBuf> {
    let settings = surroundings.settings_of(service)?;
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let name = service.name;
    let path = dir.join(format!("{name}.toml"));
    let note = format!(
        "# Written by `tadamon-dev up`, anew each time: change services/{name}/config.default.toml instead."
    );
    write_private(&path, &format!("{note}\n{settings}"))?;
    Ok(path)
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Sets `a.b.c`, which must be there.
fn replace(settings: &mut Table, key: &str, value: Value) -> Result<()> {
    let (sections, last) = key.rsplit_once('.').unwrap_or(("", key));
    let mut table = Some(settings);
    for section in sections.split('.').filter(|section| !section.is_empty()) {
        table = table
            .and_then(|table| table.get_mut(section))
            .and_then(Value::as_table_mut);
    }
    let found = table
        .and_then(|table| table.get_mut(last))
        .with_context(|| format!("there is no setting {key}"))?;
    *found = value;
    Ok(())
}

impl Surroundings<'_> {
    fn settings_of(&self, service: Service) -> Result<Table> {
        let defaults = repository_root()
            .join("services")
            .join(service.name)
            .join("config.default.toml");
        let text =
            fs::read_to_string(&defaults).with_context(|| format!("cannot read {}", defaults.display()))?;
        let mut settings: Table = text
            .parse()
            .with_context(|| format!("{} is not TOML", defaults.display()))?;
        for (key, value) in self.values(service)? {
            replace(&mut settings, key, value).with_context(|| defaults.display().to_string())?;
        }
        self.set_peers(&mut settings)?;
        Ok(settings)
    }

    /// Every key that this machine decides. A key that the service does not have (any more) is an error: a default would be used in silence.
    fn values(&self, service: Service) -> Result<Vec<(&'static str, Value)>> {
        let mut values = vec![
            ("common.admin.listen", listen(self.ports.admin(service.name)?)),
            ("common.keys.directory", path(self.keys)),
            ("common.demonstration.enabled", Value::Boolean(true)),
        ];
        if service.has_database {
            let name = service.name;
            let password = self
                .passwords
                .get(name)
                .with_context(|| format!("{name} has no password"))?;
            let user = self
                .stack
                .nats_services
                .get(name)
                .with_context(|| format!("{name} has no NATS user"))?;
            values.extend([
                ("common.grpc.listen", listen(self.ports.grpc(name)?)),
                (
                    "common.postgres.url",
                    text(&self.stack.postgres_url_as(name, password, name)),
                ),
                ("common.nats.url", text(&self.stack.nats_url)),
                ("common.nats.user", text(&user.user)),
                ("common.nats.password", text(&user.password)),
                ("common.amqp.url", text(&self.stack.amqp_url)),
            ]);
        }
        values.extend(self.own_values(service.name)?);
        Ok(values)
    }

    /// The keys of one service alone.
    fn own_values(&self, service: &str) -> Result<Vec<(&'static str, Value)>> {
        let portal = format!("http://localhost:{}", self.ports.web("portal")?);
        Ok(match service {
            "identity" => vec![
                ("http.listen", listen(self.ports.http("identity")?)),
                ("oauth.token_url", text(&token_url(self.ports)?)),
                ("redis.url", text(&self.stack.redis_url)),
                ("portal.url", text(&portal)),
            ],
            // Plainly synthetic: a health benefit needs a reference to open.
            "benefits" => vec![("privacy.cndp_reference", text("DEMO-0000/0000"))],
            "documents" => vec![
                ("storage.directory", path(self.documents)),
                ("scanner.clamd_address", text(&clamd_if_present())),
                // Most machines that show the demonstration have no scanner: agents could open nothing.
                ("review.require_scan", Value::Boolean(false)),
            ],
            "partnerships" => vec![
                ("gateway.listen", listen(self.ports.web("gateway")?)),
                ("redis.url", text(&self.stack.redis_url)),
            ],
            "notifications" => vec![
                ("smtp.host", text(&self.stack.smtp_host)),
                ("smtp.port", Value::Integer(self.stack.smtp_port.into())),
                ("mail.portal_url", text(&portal)),
            ],
            "portal" => vec![
                ("http.listen", listen(self.ports.web("portal")?)),
                ("http.public_url", text(&portal)),
                // Without https a browser refuses cookies that insist on it.
                ("cookie.secure", Value::Boolean(false)),
            ],
            _ => Vec::new(),
        })
    }

    /// The services that this one calls: exactly those that its settings name.
    fn set_peers(&self, settings: &mut Table) -> Result<()> {
        let Some(peers) = settings.get_mut("peers").and_then(Value::as_table_mut) else {
            return Ok(());
        };
        for (name, peer) in peers {
            let url = format!("http://127.0.0.1:{}", self.ports.grpc(name)?);
            peer.as_table_mut()
                .with_context(|| format!("peers.{name} is not a section"))?
                .insert("url".to_owned(), text(&url));
        }
        Ok(())
    }
}

/// The malware scanner of this machine, when one listens where it does by default; papers are "not scanned" without.
fn clamd_if_present() -> String {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 3310));
    match TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        Ok(_) => address.to_string(),
        Err(_) => String::new(),
    }
}

/// Where apps and the operator's program ask identity for tokens.
pub(crate) fn token_url(ports: &LocalPorts) -> Result<String> {
    Ok(format!(
        "http://127.0.0.1:{}/oauth2/token",
        ports.http("identity")?
    ))
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

fn listen(port: u16) -> Value {
    Value::String(format!("127.0.0.1:{port}"))
}

fn path(path: &Path) -> Value {
    Value::String(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use crate::services::SERVICES;

    use super::*;

    #[test]
    fn a_key_that_the_service_has_is_set() {
        let mut settings: Table = "[common.admin]\nlisten = 'x'".parse().unwrap();
        replace(&mut settings, "common.admin.listen", text("y")).unwrap();
        assert_eq!(settings.to_string().trim(), "[common.admin]\nlisten = \"y\"");
    }

    #[test]
    fn a_key_that_the_service_does_not_have_is_an_error_that_names_it() {
        let mut settings: Table = "[common]\nroles = []".parse().unwrap();
        for key in ["smtp.port", "common.smtp", "common.roles.first"] {
            let error = replace(&mut settings, key, Value::Integer(1)).unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
        }
    }

    #[test]
    fn every_service_has_the_keys_that_the_local_installation_sets() {
        let stack = testkit::stack::StackAddresses::example();
        let passwords = SERVICES
            .iter()
            .map(|service| (service.name.to_owned(), "secret".to_owned()))
            .collect();
        let ports = LocalPorts::from_base(20_000).unwrap();
        let surroundings = Surroundings {
            ports: &ports,
            stack: &stack,
            passwords: &passwords,
            keys: Path::new("/keys"),
            documents: Path::new("/documents"),
        };
        for service in SERVICES {
            let settings = surroundings.settings_of(service).unwrap();
            assert!(settings.contains_key("common"), "{}", service.name);
        }
    }
}
