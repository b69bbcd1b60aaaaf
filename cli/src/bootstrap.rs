//! `tadamon bootstrap`: makes the keys of an installation, once, and on request the first administrator. What each key is for stands in
//! `deploy/keys.md`.
//!
//! The first run makes all keys in a folder of its own and moves it into place, so that an interrupted run leaves nothing half made. A
//! second run changes nothing and says so.

mod administrator;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use platform::keys::{FIXED, RINGS, SIGNERS, make_missing};

use crate::exit::Failure;

/// One line per run that made something: when, and which files.
const HISTORY: &str = "bootstrap.log";

#[derive(clap::Args, Debug)]
pub(crate) struct BootstrapArgs {
    /// Directory for the keys: mode 0700, files 0600.
    #[arg(long, env = "TADAMON_KEYS", default_value = ".local/keys")]
    keys: PathBuf,
    /// Make the keys that a newer version needs beside the existing ones, which are never touched.
    #[arg(long)]
    add_missing: bool,
    #[command(flatten)]
    administrator: administrator::AdministratorArgs,
}

pub(crate) async fn run(args: BootstrapArgs, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    keys(&args, now)?;
    administrator::run(args.administrator, args.keys, now).await?;
    Ok(ExitCode::SUCCESS)
}

fn keys(args: &BootstrapArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let directory = &args.keys;
    let made = if !directory.join("trust.json").exists() {
        make_all(directory, now)?
    } else if args.add_missing {
        let made = make_missing(directory).context("the keys")?;
        note(directory, &made, now)?;
        made
    } else {
        Vec::new()
    };
    let missing = missing(directory);
    match (made.len(), missing.len()) {
        (0, 0) => println!(
            "the keys in {} exist already; nothing was changed",
            directory.display()
        ),
        (0, n) => println!(
            "the keys in {} exist already; nothing was changed. {n} of a newer version are missing: run again with --add-missing",
            directory.display()
        ),
        (n, _) => println!(
            "{n} keys made in {}; keep a copy where the backups are not",
            directory.display()
        ),
    }
    Ok(())
}

/// Everything at once, moved into place when it is complete.
fn make_all(directory: &Path, now: DateTime<Utc>) -> Result<Vec<String>, Failure> {
    let is_free =
        !directory.exists() || fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none());
    if !is_free {
        return Err(Failure::refused(format!(
            "{} holds other files and no keys; name an empty directory",
            directory.display()
        )));
    }
    let name = directory
        .file_name()
        .ok_or_else(|| Failure::usage("--keys must name a directory"))?;
    let mut fresh = name.to_owned();
    fresh.push(".new");
    let fresh = directory.with_file_name(fresh);
    if fresh.exists() {
        // Left by a run that was interrupted: its keys were never used.
        fs::remove_dir_all(&fresh).context("an interrupted run's folder")?;
    }
    let made = make_missing(&fresh).context("the keys")?;
    note(&fresh, &made, now)?;
    if directory.exists() {
        fs::remove_dir(directory).context("the empty directory")?;
    }
    fs::rename(&fresh, directory).context("moving the keys into place")?;
    Ok(made)
}

/// File names that this version needs and the directory does not have.
fn missing(directory: &Path) -> Vec<String> {
    let signers = SIGNERS
        .iter()
        .map(|(principal, _)| format!("{principal}.signing.pem"));
    let rings = RINGS.iter().map(|ring| format!("{ring}.ring.json"));
    let fixed = FIXED.iter().map(|key| format!("{key}.key"));
    signers
        .chain(rings)
        .chain(fixed)
        .filter(|file| !directory.join(file).exists())
        .collect()
}

fn note(directory: &Path, made: &[String], now: DateTime<Utc>) -> Result<(), Failure> {
    if made.is_empty() {
        return Ok(());
    }
    let path = directory.join(HISTORY);
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .context("the history of the keys")?;
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    writeln!(file, "{at} made {}", made.join(" ")).context("the history of the keys")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::fs::PermissionsExt as _;

    use clap::Parser as _;
    use platform::ids::uuid_v7;

    use super::*;

    fn now() -> DateTime<Utc> {
        platform::clock::Clock::system().now()
    }

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("tadamon-bootstrap-{}", uuid_v7(now()).simple()))
    }

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: BootstrapArgs,
    }

    fn make(directory: &Path, add_missing: bool) -> Result<(), Failure> {
        let directory = directory.display().to_string();
        let mut line = vec!["bootstrap", "--keys", &directory];
        line.extend(add_missing.then_some("--add-missing"));
        keys(&Line::parse_from(line).args, now())
    }

    fn contents(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        entries
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }

    #[test]
    fn a_second_run_changes_nothing_and_add_missing_leaves_the_others_as_they_are() {
        let keys = folder();
        let run_with = |add_missing| make(&keys, add_missing).unwrap();
        run_with(false);
        let first = contents(&keys);
        assert!(missing(&keys).is_empty());
        run_with(false);
        run_with(true);
        assert_eq!(contents(&keys), first);
        fs::remove_file(keys.join("membership.index.key")).unwrap();
        run_with(false);
        assert_eq!(missing(&keys), ["membership.index.key"]);
        run_with(true);
        assert!(missing(&keys).is_empty());
        assert_eq!(
            fs::read(keys.join("identity.signing.pem")).unwrap(),
            first[&keys.join("identity.signing.pem")]
        );
        fs::remove_dir_all(keys).unwrap();
    }

    #[test]
    fn only_the_owner_reads_the_keys() {
        let keys = folder();
        make(&keys, false).unwrap();
        for path in contents(&keys).into_keys() {
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600,
                "{}",
                path.display()
            );
        }
        assert_eq!(fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
        fs::remove_dir_all(keys).unwrap();
    }

    #[test]
    fn a_directory_with_other_files_is_refused() {
        let keys = folder();
        fs::create_dir(&keys).unwrap();
        fs::write(keys.join("other"), "x").unwrap();
        let refusal = make(&keys, false).unwrap_err();
        assert_eq!(refusal.code(), 65);
        fs::remove_dir_all(keys).unwrap();
    }
}
