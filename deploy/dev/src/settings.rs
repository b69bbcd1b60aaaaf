//! Writes each service's settings for the local installation: its own `config.default.toml` with the addresses of this machine put in.
//!
//! Only keys that the service has are set, so that a service's settings are defined in one place: its own file.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use testkit::stack::{LocalPorts, StackAddresses, repository_root};
use toml::{Table, Value};

use crate::services::{SERVICES, Service};

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
    let defaults = repository_root()
        .join("services")
        .join(service.name)
        .join("config.default.toml");
    let text =
        fs::read_to_string(&defaults).with_context(|| format!("cannot read {}", defaults.display()))?;
    let mut settings: Table = text
        .parse()
        .with_context(|| format!("{} is not TOML", defaults.display()))?;
    for (key, value) in surroundings.values(service)? {
        replace(&mut settings, &key, value);
    }
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let path = dir.join(format!("{}.toml", service.name));
    let name = service.name;
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

/// Sets `a.b.c` if the settings have it.
fn replace(settings: &mut Table, key: &str, value: Value) {
    let mut parts = key.split('.');
    let Some(last) = parts.next_back() else { return };
    let mut table = Some(settings);
    for part in parts {
        table = table
            .and_then(|table| table.get_mut(part))
            .and_then(Value::as_table_mut);
    }
    if let Some(found) = table.and_then(|table| table.get_mut(last)) {
        *found = value;
    }
}

impl Surroundings<'_> {
    fn values(&self, service: Service) -> Result<Vec<(String, Value)>> {
        let text = |value: &str| Value::String(value.to_owned());
        let listen = |port: u16| Value::String(format!("127.0.0.1:{port}"));
        let path = |path: &Path| Value::String(path.display().to_string());
        let portal = format!("http://localhost:{}", self.ports.web("portal")?);

        let mut values = vec![
            ("common.admin.listen", listen(self.ports.admin(service.name)?)),
            ("common.keys.directory", path(self.keys)),
            ("common.demonstration.enabled", Value::Boolean(true)),
            ("common.nats.url", text(&self.stack.nats_url)),
            ("common.amqp.url", text(&self.stack.amqp_url)),
            ("redis.url", text(&self.stack.redis_url)),
            ("smtp.host", text(&self.stack.smtp_host)),
            ("smtp.port", Value::Integer(self.stack.smtp_port.into())),
            ("mail.portal_url", text(&portal)),
            ("links.portal_url", text(&portal)),
            ("http.listen", listen(self.ports.web("portal")?)),
            ("http.public_url", text(&portal)),
            // Without https on localhost a browser refuses cookies that insist on it.
            ("cookie.secure", Value::Boolean(false)),
            ("storage.directory", path(self.documents)),
        ];
        if service.has_database {
            let password = self
                .passwords
                .get(service.name)
                .with_context(|| format!("{} has no password", service.name))?;
            let user = self
                .stack
                .nats_services
                .get(service.name)
                .with_context(|| format!("{} has no NATS user", service.name))?;
            values.extend([
                ("common.grpc.listen", listen(self.ports.grpc(service.name)?)),
                (
                    "common.postgres.url",
                    text(&self.stack.postgres_url_as(service.name, password, service.name)),
                ),
                ("common.nats.user", text(&user.user)),
                ("common.nats.password", text(&user.password)),
            ]);
        }
        let mut values: Vec<(String, Value)> = values
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        for peer in SERVICES.iter().filter(|peer| peer.has_database) {
            values.push((
                format!("peers.{}.url", peer.name),
                Value::String(format!("http://127.0.0.1:{}", self.ports.grpc(peer.name)?)),
            ));
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_the_service_has_is_set() {
        let mut settings: Table = "[common.admin]\nlisten = 'x'".parse().unwrap();
        replace(
            &mut settings,
            "common.admin.listen",
            Value::String("y".to_owned()),
        );
        assert_eq!(settings.to_string().trim(), "[common.admin]\nlisten = \"y\"");
    }

    #[test]
    fn a_key_that_the_service_does_not_have_is_not_added() {
        let mut settings: Table = "[common]\nroles = []".parse().unwrap();
        let before = settings.clone();
        replace(&mut settings, "smtp.port", Value::Integer(1));
        replace(&mut settings, "common.smtp", Value::Integer(1));
        assert_eq!(settings, before);
    }
}
