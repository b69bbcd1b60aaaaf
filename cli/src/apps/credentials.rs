//! The file that an application's developer gets: where the broker is, who they are there, and from which durables they receive. Mode 0600.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub(crate) struct AppCredentials {
    pub(crate) url: String,
    pub(crate) user: String,
    pub(crate) password: String,
    /// Where answers and events come: the only subjects that the user may subscribe to.
    pub(crate) inbox: String,
    pub(crate) durables: Vec<Durable>,
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Eq)]
pub(crate) struct Durable {
    pub(crate) stream: String,
    pub(crate) durable: String,
}

/// What an earlier run wrote; a file of somebody else is not overwritten.
pub(crate) fn read(path: &Path, user: &str) -> Result<Option<AppCredentials>, Failure> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(anyhow::Error::from(error)
                .context(path.display().to_string())
                .into());
        }
    };
    match serde_json::from_slice::<AppCredentials>(&text) {
        Ok(found) if found.user == user => Ok(Some(found)),
        _ => Err(Failure::refused(format!(
            "{} exists and holds something else; name another file with --out",
            path.display()
        ))),
    }
}

/// Writes a file that only its owner reads, whole or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    let partial = Path::new(&name);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(partial)
        .with_context(|| format!("cannot write {}", partial.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write {}", partial.display()))?;
    fs::rename(partial, path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

pub(crate) fn write(path: &Path, credentials: &AppCredentials) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(credentials).map_err(anyhow::Error::from)?;
    write_private(path, &format!("{text}\n"))
}
