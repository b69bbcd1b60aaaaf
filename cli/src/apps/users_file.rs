//! The applications in the broker's file of users: one line each between two marks. What stands outside of the marks is written by the version
//! that is installed, from its table, and left alone here. The file holds hashes, no application's password.

use std::fs::{self, File};
use std::path::Path;

use anyhow::Context as _;
use bus::grants::{APPS_BEGIN, APPS_END};

use super::credentials::write_private;
use crate::exit::Failure;

/// The hash of a user's password, as the file has it.
pub(crate) fn password_hash(path: &Path, user: &str) -> Result<Option<String>, Failure> {
    let lines = applications(&read(path)?)?;
    let line = lines.into_iter().find(|line| is_of(line, user));
    Ok(line.and_then(|line| {
        let (_, rest) = line.split_once("password: \"")?;
        Some(rest.split_once('"')?.0.to_owned())
    }))
}

/// Puts a user's line in, in place of an earlier one. Gives the text as it was, or `None` when the line stands there already.
pub(crate) fn put(path: &Path, user: &str, line: &str) -> Result<Option<String>, Failure> {
    edit(path, |lines| {
        if lines.iter().any(|other| other == line) {
            return false;
        }
        lines.retain(|other| !is_of(other, user));
        lines.push(line.to_owned());
        true
    })
}

/// Takes a user's line out. `false` when there is none.
pub(crate) fn remove(path: &Path, user: &str) -> Result<bool, Failure> {
    let before = edit(path, |lines| {
        let before = lines.len();
        lines.retain(|line| !is_of(line, user));
        lines.len() < before
    })?;
    Ok(before.is_some())
}

/// Puts the text back that the broker understood.
pub(crate) fn put_back(path: &Path, text: &str) -> Result<(), Failure> {
    write_private(path, text)
}

fn is_of(line: &str, user: &str) -> bool {
    line.contains(&format!("user: \"{user}\","))
}

fn read(path: &Path) -> Result<String, Failure> {
    Ok(fs::read_to_string(path).with_context(|| format!("the broker's users, {}", path.display()))?)
}

fn applications(text: &str) -> Result<Vec<String>, Failure> {
    let (_, rest) = text.split_once(APPS_BEGIN).ok_or_else(no_marks)?;
    let (lines, _) = rest.split_once(APPS_END).ok_or_else(no_marks)?;
    Ok(lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect())
}

fn no_marks() -> Failure {
    Failure::refused(
        "the broker's file of users has no place for applications; start the stack of this version once",
    )
}

/// Two commands at once follow one another.
fn edit(path: &Path, change: impl FnOnce(&mut Vec<String>) -> bool) -> Result<Option<String>, Failure> {
    let lock = path.with_extension("lock");
    let lock = File::create(&lock).with_context(|| lock.display().to_string())?;
    lock.lock().context("the lock of the broker's users")?;
    let text = read(path)?;
    let mut lines = applications(&text)?;
    if !change(&mut lines) {
        return Ok(None);
    }
    let (before, _) = text.split_once(APPS_BEGIN).ok_or_else(no_marks)?;
    let (_, after) = text.split_once(APPS_END).ok_or_else(no_marks)?;
    let lines: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    write_private(path, &format!("{before}{APPS_BEGIN}\n{lines}{APPS_END}{after}"))?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use bus::grants::{app_line, users};

    use super::*;

    #[test]
    fn a_user_is_put_in_replaced_and_taken_out_and_the_rest_is_left_alone() {
        let path = std::env::temp_dir().join(format!(
            "tadamon-users-{}.conf",
            hex::encode(platform::ids::random::<8>())
        ));
        fs::write(&path, users()).unwrap();
        let line = |user: &str, hash: &str| app_line(user, hash, &[("S".to_owned(), "d".to_owned())]);
        assert!(put(&path, "app-a", &line("app-a", "$2b$one")).unwrap().is_some());
        assert!(
            put(&path, "app-ab", &line("app-ab", "$2b$other"))
                .unwrap()
                .is_some()
        );
        assert!(put(&path, "app-a", &line("app-a", "$2b$one")).unwrap().is_none());
        assert!(put(&path, "app-a", &line("app-a", "$2b$two")).unwrap().is_some());
        assert_eq!(password_hash(&path, "app-a").unwrap().as_deref(), Some("$2b$two"));
        assert_eq!(
            password_hash(&path, "app-ab").unwrap().as_deref(),
            Some("$2b$other")
        );
        assert_eq!(password_hash(&path, "admin").unwrap(), None);
        assert!(remove(&path, "app-a").unwrap());
        assert!(!remove(&path, "app-a").unwrap());
        assert!(remove(&path, "app-ab").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), users());
        fs::write(&path, "users: []\n").unwrap();
        assert_eq!(put(&path, "app-a", "x").unwrap_err().code(), 65);
        fs::remove_file(path).unwrap();
    }
}
