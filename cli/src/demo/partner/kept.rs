//! The file of the sandbox client: lines that a shell reads (`. .local/demonstration/partner.env`). Mode 0600, only in a demonstration's own folder.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::exit::Failure;

const FILE: &str = "partner.env";

/// The client, and where this demonstration answers.
pub(super) struct KeptClient {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) token_url: String,
    pub(super) gateway: String,
    pub(super) identity: String,
    pub(super) partnerships: String,
    pub(super) keys: PathBuf,
}

impl KeptClient {
    /// What the folder holds; nothing when there is no whole file.
    pub(super) fn read(directory: &Path) -> Result<Option<Self>, Failure> {
        let path = directory.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::refused(format!(
                "cannot read {}: {error}",
                path.display()
            ))),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let values: HashMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
            .map(|(name, value)| (name, value.trim_matches('\'')))
            .collect();
        let value = |name: &str| values.get(name).map(|value| (*value).to_owned());
        Some(Self {
            client_id: value("PARTNER_CLIENT_ID")?,
            client_secret: value("PARTNER_CLIENT_SECRET")?,
            token_url: value("PARTNER_TOKEN_URL")?,
            gateway: value("PARTNER_GATEWAY")?,
            identity: value("TADAMON_IDENTITY_URL")?,
            partnerships: value("TADAMON_PARTNERSHIPS_URL")?,
            keys: value("TADAMON_KEYS")?.into(),
        })
    }

    fn text(&self) -> String {
        let keys = self.keys.display().to_string();
        let lines = [
            ("PARTNER_CLIENT_ID", self.client_id.as_str()),
            ("PARTNER_CLIENT_SECRET", &self.client_secret),
            ("PARTNER_TOKEN_URL", &self.token_url),
            ("PARTNER_GATEWAY", &self.gateway),
            // Where `tadamon demo card-code` asks.
            ("TADAMON_IDENTITY_URL", &self.identity),
            ("TADAMON_PARTNERSHIPS_URL", &self.partnerships),
            ("TADAMON_KEYS", &keys),
        ];
        lines
            .iter()
            .map(|(name, value)| format!("export {name}='{value}'\n"))
            .collect()
    }

    /// Written aside and moved into place, for its owner alone.
    pub(super) fn write(&self, directory: &Path) -> Result<(), Failure> {
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
        let (path, aside) = (directory.join(FILE), directory.join("partner.env.new"));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&aside)
            .with_context(|| format!("cannot write {}", aside.display()))?;
        file.write_all(self.text().as_bytes())
            .with_context(|| format!("cannot write {}", aside.display()))?;
        Ok(fs::rename(&aside, &path).with_context(|| format!("cannot write {}", path.display()))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_and_half_a_file_is_none() {
        let kept = KeptClient {
            client_id: "c".to_owned(),
            client_secret: "s-1_x".to_owned(),
            token_url: "http://127.0.0.1:1/oauth2/token".to_owned(),
            gateway: "http://localhost:2".to_owned(),
            identity: "http://127.0.0.1:3".to_owned(),
            partnerships: "http://127.0.0.1:4".to_owned(),
            keys: PathBuf::from("/keys"),
        };
        let text = kept.text();
        assert_eq!(KeptClient::parse(&text).unwrap().text(), text);
        let half: String = text.lines().take(3).collect::<Vec<_>>().join("\n");
        assert!(KeptClient::parse(&half).is_none());
    }
}
