//! Whether a backup is what was written: manifest, dumps and papers, byte by byte; and whether Postgres' own program, where it is needed at all, can read
//! each dump.

use std::path::Path;

use super::manifest::{FileSum, Manifest, PAPERS_LIST, sum_of};
use super::place::Programs;
use super::{BackupError, papers, refused};

/// Reads all of it.
///
/// # Errors
/// No backup, or one that is not whole any more: the sentence names the file.
pub async fn verify(folder: &Path, programs: &Programs) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(folder)?;
    for service in &manifest.services {
        if service.dump.file != format!("{}.dump", service.service) {
            return Err(refused(format!(
                "{}: the manifest names a dump that is not its own",
                folder.display()
            )));
        }
        compare(folder, &service.dump)?;
        if programs.are_there() {
            let dump = folder.join(&service.dump.file).display().to_string();
            programs.run("pg_restore", None, &["--list", &dump]).await?;
        }
    }
    if let Some(listed) = &manifest.papers {
        if listed.list.file != PAPERS_LIST {
            return Err(refused(format!(
                "{}: the manifest names a list that is not its own",
                folder.display()
            )));
        }
        compare(folder, &listed.list)?;
        papers::compare(folder, &papers::read_list(folder)?)?;
    }
    Ok(manifest)
}

fn compare(folder: &Path, file: &FileSum) -> Result<(), BackupError> {
    let path = folder.join(&file.file);
    if !path.is_file() {
        return Err(refused(format!(
            "{} is missing; take another backup",
            path.display()
        )));
    }
    if sum_of(&path)? != (file.bytes, file.sha256.clone()) {
        return Err(refused(format!(
            "{} is not what was written; take another backup",
            path.display()
        )));
    }
    Ok(())
}
