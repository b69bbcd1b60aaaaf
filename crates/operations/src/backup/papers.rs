//! The sealed papers: a folder of files that never change, named by an id. They stay sealed; their keys are in documents' database, wrapped by
//! a key that is in no backup.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;

use super::manifest::{
    FileSum, PAPERS, PAPERS_LIST, PapersManifest, copy_or_sum, create_private, sha256, sum_of, sync_folder,
    write_private,
};
use super::{BackupError, refused};

/// Papers by their path below the store: size and hash.
pub(super) type Papers = BTreeMap<PathBuf, (u64, String)>;

/// Copies what the copy does not have yet. Called before the database is looked at and once more after it: a paper is written before its row and
/// deleted after it, so that every row of the dump has its paper in one of the two.
pub(super) fn copy_new(store: &Path, folder: &Path, copied: &mut Papers) -> Result<(), BackupError> {
    let to = folder.join(PAPERS);
    make_folder(&to)?;
    for paper in list(store)? {
        if copied.contains_key(&paper) {
            continue;
        }
        // Deleted in between: so was its row, before.
        if let Some(sum) = copy(&store.join(&paper), &to.join(&paper))? {
            copied.insert(paper, sum);
        }
    }
    Ok(())
}

/// Files below a folder, by their path from there. A file that is being written has another name until it is whole (`#`, as the store does).
fn list(store: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(below) = waiting.pop() {
        let folder = store.join(&below);
        let reading = || format!("cannot read {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(reading)? {
            let entry = entry.with_context(reading)?;
            let path = below.join(entry.file_name());
            let kind = entry.file_type().with_context(reading)?;
            if kind.is_dir() && entry.file_name() != "lost+found" {
                waiting.push(path);
            } else if kind.is_file() && !entry.file_name().to_string_lossy().contains('#') {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn copy(from: &Path, to: &Path) -> Result<Option<(u64, String)>, BackupError> {
    if !from.exists() {
        return Ok(None);
    }
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    let mut file = create_private(to)?;
    let sum = copy_or_sum(from, Some(&mut file))?;
    file.sync_all()
        .with_context(|| format!("cannot write {}", to.display()))?;
    Ok(Some(sum))
}

/// Writes the list, a line for each paper as `sha256sum` writes it, with the size before the name.
pub(super) fn write_list(folder: &Path, papers: &Papers) -> Result<PapersManifest, BackupError> {
    let mut text = String::new();
    for (path, (bytes, sha256)) in papers {
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "{sha256} {bytes} {}", path.display());
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
            // A name from a file decides where something is written: below the folder, and nowhere else.
            let path = name.map(PathBuf::from).filter(|path| {
                path.components().next().is_some()
                    && path.components().all(|part| matches!(part, Component::Normal(_)))
            });
            match (sha256, bytes, path) {
                (Some(sha256), Some(bytes), Some(path)) => Ok((path, (bytes, sha256.to_owned()))),
                _ => Err(refused(format!("{}: {line:?} is no paper", path_of(folder)))),
            }
        })
        .collect()
}

fn path_of(folder: &Path) -> String {
    folder.join(PAPERS_LIST).display().to_string()
}

/// Compares every paper of a backup with its line.
pub(super) fn compare(folder: &Path, papers: &Papers) -> Result<(), BackupError> {
    for (path, sum) in papers {
        let file = folder.join(PAPERS).join(path);
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
pub(super) fn put_into(folder: &Path, papers: &Papers, store: &Path) -> Result<(), BackupError> {
    for (path, sum) in papers {
        let to = store.join(path);
        if to.exists() {
            if sum_of(&to)? != *sum {
                return Err(refused(format!(
                    "{} is there and is another paper than that of the backup: name an empty folder",
                    to.display()
                )));
            }
            continue;
        }
        let Some(parent) = to.parent() else { continue };
        make_folder(parent)?;
        let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // The store itself takes a name with # for unfinished.
        let unfinished = parent.join(format!("{name}#restore"));
        let _left_by_a_run_that_was_interrupted = fs::remove_file(&unfinished);
        let copied = copy(&folder.join(PAPERS).join(path), &unfinished)?;
        if copied.as_ref() != Some(sum) {
            return Err(refused(format!("{} changed while it was read", path.display())));
        }
        fs::rename(&unfinished, &to).with_context(|| format!("cannot write {}", to.display()))?;
        sync_folder(parent)?;
    }
    Ok(())
}

/// Nothing is in the store.
pub(super) fn is_empty(store: &Path) -> Result<bool, BackupError> {
    Ok(list(store)?.is_empty())
}

/// A folder for its owner alone; one that is there stays as it is.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    Ok(made.with_context(|| format!("cannot make {}", path.display()))?)
}
