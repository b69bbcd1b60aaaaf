//! The sealed papers: objects that never change, named by an id, in a folder or in a bucket. They stay sealed; their keys are in documents'
//! database, wrapped by a key that is in no backup. In a backup they are files, wherever they came from, and may be put back into either.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Component, Path};

use anyhow::Context as _;
use paper_store::{StorageSettings, Store, StoreError};

use super::manifest::{FileSum, PAPERS, PAPERS_LIST, PapersManifest, sha256, sum_of, write_private};
use super::{BackupError, refused};

/// Papers by their name in the store: size and hash.
pub(super) type Papers = BTreeMap<String, (u64, String)>;

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Misplaced(_) => Self::Refused(error.to_string()),
            StoreError::Away(_) | StoreError::TooSlow(_) => Self::Away(error.to_string()),
            other => Self::Failed(other.into()),
        }
    }
}

/// The place that settings name.
pub(super) fn open(place: &StorageSettings) -> Result<Store, BackupError> {
    let valid = place.validate().and_then(|()| place.validate_key());
    valid.map_err(|error| refused(error.to_string()))?;
    Ok(Store::open(place)?)
}

/// Copies what the copy does not have yet. Called before the database is looked at and once more after it: a paper is written before its row and
/// deleted after it, so that every row of the dump has its paper in one of the two.
pub(super) async fn copy_new(store: &Store, folder: &Path, copied: &mut Papers) -> Result<(), BackupError> {
    let to = folder.join(PAPERS);
    make_folder(&to)?;
    for paper in store.list().await? {
        let name = paper.name;
        if copied.contains_key(&name) {
            continue;
        }
        if !is_below(&name) {
            return Err(refused(format!(
                "{} has an object {name:?}, which is no paper's: take it away",
                store.shown()
            )));
        }
        let bytes = match store.get(&name).await {
            Ok(bytes) => bytes,
            // Deleted in between: so was its row, before.
            Err(StoreError::Missing) => continue,
            Err(error) => return Err(error.into()),
        };
        let file = to.join(&name);
        if let Some(parent) = file.parent() {
            make_folder(parent)?;
        }
        write_private(&file, &bytes)?;
        let size = bytes.len().try_into().context("a size")?;
        copied.insert(name, (size, sha256(&bytes)));
    }
    Ok(())
}

/// Writes the list, a line for each paper as `sha256sum` writes it, with the size before the name.
pub(super) fn write_list(folder: &Path, papers: &Papers) -> Result<PapersManifest, BackupError> {
    let mut text = String::new();
    for (name, (bytes, sha256)) in papers {
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "{sha256} {bytes} {name}");
    }
    write_private(&folder.join(PAPERS_LIST), text.as_bytes())?;
    Ok(PapersManifest {
        list: FileSum {
            file: PAPERS_LIST.to_owned(),
            bytes: text.len().try_into().context("a size")?,
            sha256: sha256(text.as_bytes()),
        },
        papers: papers.len().try_into().context("a count")?,
        bytes: papers.values().map(|(bytes, _)| bytes).sum(),
    })
}

/// The list of a backup whose list was compared already.
pub(super) fn read_list(folder: &Path) -> Result<Papers, BackupError> {
    let path = folder.join(PAPERS_LIST);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    text.lines()
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let (sha256, bytes, name) = (words.next(), words.next(), words.next());
            let bytes = bytes.and_then(|bytes| bytes.parse().ok());
            match (sha256, bytes, name.filter(|name| is_below(name))) {
                (Some(sha256), Some(bytes), Some(name)) => Ok((name.to_owned(), (bytes, sha256.to_owned()))),
                _ => Err(refused(format!("{}: {line:?} is no paper", path.display()))),
            }
        })
        .collect()
}

/// A name from elsewhere decides where something is written: below the folder, and nowhere else.
fn is_below(name: &str) -> bool {
    let path = Path::new(name);
    path.components().next().is_some()
        && path.components().all(|part| matches!(part, Component::Normal(_)))
        && !name.contains('\n')
}

/// Compares every paper of a backup with its line.
pub(super) fn compare(folder: &Path, papers: &Papers) -> Result<(), BackupError> {
    for (name, sum) in papers {
        let file = folder.join(PAPERS).join(name);
        if !file.is_file() {
            return Err(refused(format!(
                "{} is missing; take another backup",
                file.display()
            )));
        }
        if sum_of(&file)? != *sum {
            return Err(refused(format!(
                "{} is not what was written; take another backup",
                file.display()
            )));
        }
    }
    Ok(())
}

/// Puts papers into a store, each whole or not at all. What is there already under the same name must be the same.
pub(super) async fn put_into(folder: &Path, papers: &Papers, store: &Store) -> Result<(), BackupError> {
    for (name, sum) in papers {
        let there = match store.get(name).await {
            Ok(there) => Some(there),
            Err(StoreError::Missing) => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(there) = there {
            if sha256(&there) != sum.1 {
                return Err(refused(format!(
                    "{name} is in {} and is another paper than that of the backup: name an empty place",
                    store.shown()
                )));
            }
            continue;
        }
        let file = folder.join(PAPERS).join(name);
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if sha256(&bytes) != sum.1 {
            return Err(refused(format!("{name} changed while it was read")));
        }
        store.put(name, bytes).await?;
    }
    Ok(())
}

/// A folder for its owner alone; one that is there stays as it is.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    Ok(made.with_context(|| format!("cannot make {}", path.display()))?)
}
