//! The file of the demonstration's agents: whose second factor has which secret. Mode 0600, only in a demonstration's own folder; an agent of a real
//! installation has the secret in a telephone and nowhere else.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::cast::DemoAgent;
use crate::exit::Failure;

const FILE: &str = "agents.json";

/// What is kept, and where these agents are agents.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct KeptAgents {
    pub(crate) token_url: String,
    agents: BTreeMap<String, KeptAgent>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptAgent {
    login: String,
    /// Base32.
    totp_secret: String,
}

impl KeptAgents {
    /// What the folder holds; nothing when there is no file.
    pub(crate) fn read(directory: &Path) -> Result<Self, Failure> {
        let path = directory.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => {
                Ok(serde_json::from_str(&text)
                    .with_context(|| format!("{} is not readable", path.display()))?)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failure::refused(format!(
                "cannot read {}: {error}",
                path.display()
            ))),
        }
    }

    pub(crate) fn secret(&self, name: &str) -> Option<&str> {
        self.agents.get(name).map(|agent| agent.totp_secret.as_str())
    }

    pub(crate) fn keep(&mut self, agent: &DemoAgent, totp_secret: String) {
        let kept = KeptAgent {
            login: agent.login.to_owned(),
            totp_secret,
        };
        self.agents.insert(agent.name.to_owned(), kept);
    }

    /// Written aside and moved into place, for its owner alone.
    pub(crate) fn write(&self, directory: &Path) -> Result<(), Failure> {
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
        let (path, aside) = (directory.join(FILE), directory.join("agents.json.new"));
        let text = serde_json::to_string_pretty(self).context("the agents as JSON")?;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&aside)
            .with_context(|| format!("cannot write {}", aside.display()))?;
        file.write_all(text.as_bytes())
            .and_then(|()| fs::rename(&aside, &path))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::cast;
    use super::*;

    #[test]
    fn secrets_are_kept_for_their_owner_alone_and_read_back() {
        let directory = std::env::temp_dir().join(format!("tadamon-kept-{}", std::process::id()));
        let mut kept = KeptAgents::read(&directory).unwrap();
        assert!(kept.secret("validator").is_none());
        let agents = cast::agents();
        let validator = agents.iter().find(|agent| agent.name == "validator").unwrap();
        kept.keep(validator, "GEZDGNBV".to_owned());
        kept.write(&directory).unwrap();
        let again = KeptAgents::read(&directory).unwrap();
        let mode = fs::metadata(directory.join(FILE)).unwrap().permissions().mode();
        fs::remove_dir_all(&directory).unwrap();
        assert_eq!(again.secret("validator"), Some("GEZDGNBV"));
        assert_eq!(mode & 0o777, 0o600);
    }
}
