//! What a backup says of itself. Written last, beside its own checksum: a folder without it is no backup.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::tables::TableSum;
use super::{BackupError, refused};

/// Moved on when an older program could not read what is written any more.
pub(super) const FORMAT: u32 = 1;
pub(super) const MANIFEST: &str = "manifest.json";
/// As `sha256sum` writes it.
pub(super) const CHECKSUM: &str = "manifest.sha256";
pub(super) const PAPERS: &str = "papers";
pub(super) const PAPERS_LIST: &str = "papers.list";

/// The whole backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The folder's name.
    pub name: String,
    /// Version of the program that made it.
    pub tadamon: String,
    /// The moment to which a restore goes back: when the last database was opened to be read.
    pub taken_at: DateTime<Utc>,
    pub services: Vec<ServiceManifest>,
    /// The list of papers; absent when documents was left out.
    pub papers: Option<PapersManifest>,
}

/// One service's database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceManifest {
    pub service: String,
    pub taken_at: DateTime<Utc>,
    /// Major version of the server.
    pub postgres: u32,
    pub migrations: i64,
    pub dump: FileSum,
    pub tables: BTreeMap<String, TableSum>,
    pub sequences: BTreeMap<String, i64>,
}

/// The papers' list, which has a line for each.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PapersManifest {
    pub list: FileSum,
    pub papers: u64,
    pub bytes: u64,
}

/// A file and what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    /// Reads the manifest of a folder; what its files hold is [`super::verify`]'s to compare.
    ///
    /// # Errors
    /// No backup, an unfinished or changed one, or one of a later program.
    pub fn read(folder: &Path) -> Result<Self, BackupError> {
        let show = folder.display();
        let Ok(text) = fs::read(folder.join(MANIFEST)) else {
            return Err(refused(format!(
                "{show} is no backup: it has no {MANIFEST}, which is written when a backup is whole"
            )));
        };
        let said = fs::read_to_string(folder.join(CHECKSUM)).unwrap_or_default();
        if said.split_whitespace().next() != Some(sha256(&text).as_str()) {
            return Err(refused(format!(
                "{show}: {MANIFEST} is not what was written; take another backup"
            )));
        }
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let unreadable = |error| refused(format!("{show}: {MANIFEST} cannot be read: {error}"));
        let Format { format } = serde_json::from_slice(&text).map_err(unreadable)?;
        if format > FORMAT {
            return Err(refused(format!(
                "{show} has format {format}, this tadamon reads up to {FORMAT}: use the version that made it, or a later one"
            )));
        }
        serde_json::from_slice(&text).map_err(unreadable)
    }

    /// Writes manifest and checksum, to the disk.
    pub(super) fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_vec_pretty(self).context("the manifest")?;
        write_private(
            &folder.join(CHECKSUM),
            format!("{}  {MANIFEST}\n", sha256(&text)).as_bytes(),
        )?;
        write_private(&folder.join(MANIFEST), &text)?;
        Ok(())
    }

    /// A service's part.
    ///
    /// # Errors
    /// The backup is without it.
    pub fn service(&self, service: &str) -> Result<&ServiceManifest, BackupError> {
        let found = self.services.iter().find(|known| known.service == service);
        found.ok_or_else(|| refused(format!("the backup {} has nothing of {service}", self.name)))
    }
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(ring::digest::digest(&SHA256, bytes))
}

/// A file's size and hash, read in pieces.
pub(super) fn sum_of(path: &Path) -> Result<(u64, String), BackupError> {
    use std::io::Read as _;
    let reading = || format!("cannot read {}", path.display());
    let mut file = fs::File::open(path).with_context(reading)?;
    let (mut context, mut bytes, mut piece) = (Context::new(&SHA256), 0_u64, vec![0; 256 * 1024]);
    loop {
        let count = file.read(&mut piece).with_context(reading)?;
        if count == 0 {
            return Ok((bytes, hex::encode(context.finish())));
        }
        context.update(&piece[..count]);
        bytes += u64::try_from(count).context("a size")?;
    }
}

/// A new file that its owner alone may read, safe on the disk.
pub(super) fn write_private(path: &Path, text: &[u8]) -> Result<(), BackupError> {
    let mut file = create_private(path)?;
    let written = file.write_all(text).and_then(|()| file.sync_all());
    Ok(written.with_context(|| format!("cannot write {}", path.display()))?)
}

pub(super) fn create_private(path: &Path) -> Result<fs::File, BackupError> {
    let made = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    Ok(made.with_context(|| format!("cannot write {}", path.display()))?)
}

/// What was renamed or made in a folder is there after a power cut.
pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(synced.with_context(|| format!("cannot write {} to the disk", folder.display()))?)
}
