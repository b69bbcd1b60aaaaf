//! `tadamon backup` and `tadamon restore`: which databases, which folders; what is done with them is `operations::backup`'s. With `doctor` the only
//! commands that open a database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use operations::backup::{self, BackupError, Database, ORDER, Plan, Programs};
use paper_store::StorageSettings;
use platform::clock::Clock;
use platform::settings::{self, SettingsError, Validate};
use toml::Table;

use crate::exit::Failure;

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct BackupArgs {
    #[command(subcommand)]
    command: Option<BackupCommand>,
    #[command(flatten)]
    take: TakeArgs,
}

#[derive(Subcommand, Debug)]
enum BackupCommand {
    /// Read a backup again: whether every file is what was written.
    Verify {
        /// A backup's folder.
        folder: PathBuf,
        #[command(flatten)]
        programs: ProgramArgs,
    },
}

#[derive(clap::Args, Debug)]
struct TakeArgs {
    /// Where backups lie, a folder each, readable by you alone.
    #[arg(long, value_name = "DIR", required = true)]
    to: Option<PathBuf>,
    /// Remove all but the newest so many backups there, once this one was read again.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
    /// Write when this backup ended, as Prometheus' node exporter reads files (tadamon_backup_last_success_timestamp_seconds).
    #[arg(long, value_name = "FILE")]
    measure: Option<PathBuf>,
    /// The papers and no database, for databases that have backups of their own.
    #[arg(long, conflicts_with = "services")]
    papers_only: bool,
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    programs: ProgramArgs,
}

/// Which databases, and where the papers are.
#[derive(clap::Args, Debug)]
pub(crate) struct SourceArgs {
    /// One service only; may be repeated. Default: all.
    #[arg(long = "service", value_name = "NAME")]
    services: Vec<String>,
    /// The services' settings, a file <service>.toml each. A variable TADAMON_DATABASE_<SERVICE> with the database's URL stands over it.
    #[arg(long, value_name = "DIR", default_value = ".local/services/settings")]
    settings: PathBuf,
    /// The folder where documents keeps its papers. Default: what its settings and the variables TADAMON_STORAGE__... say, a folder or a bucket.
    #[arg(long, value_name = "DIR")]
    papers: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct ProgramArgs {
    /// The folder with pg_dump and pg_restore, of the server's version or a later one. Default: the newest below /usr/lib/postgresql.
    #[arg(long, value_name = "DIR", env = "TADAMON_PG_BIN")]
    pg_bin: Option<PathBuf>,
}

impl ProgramArgs {
    pub(crate) async fn find(&self) -> Result<Programs, Failure> {
        Programs::find(self.pg_bin.as_deref()).await.map_err(failure)
    }

    /// The same, or none when it is about the papers alone: those are copied without Postgres.
    pub(crate) async fn unless(&self, papers_only: bool) -> Result<Programs, Failure> {
        if papers_only {
            Ok(Programs::none())
        } else {
            self.find().await
        }
    }
}

/// The one section of documents' settings that is looked at here; what is wrong in it is said when it is used.
#[derive(serde::Deserialize)]
struct Place {
    storage: StorageSettings,
}

impl Validate for Place {
    fn validate(&self) -> Result<(), SettingsError> {
        Ok(())
    }
}

/// What documents' settings are without a file.
const DOCUMENTS: &str = include_str!("../../services/documents/config.default.toml");

pub(crate) fn failure(error: BackupError) -> Failure {
    match error {
        BackupError::Refused(sentence) => Failure::refused(sentence),
        BackupError::Away(sentence) => Failure::unavailable(sentence),
        BackupError::Failed(error) => error.into(),
    }
}

impl SourceArgs {
    /// The same, or none when it is about the papers alone.
    pub(crate) fn unless(&self, papers_only: bool) -> Result<Vec<Database>, Failure> {
        if papers_only {
            Ok(Vec::new())
        } else {
            self.databases()
        }
    }

    /// Databases in the order of a backup.
    pub(crate) fn databases(&self) -> Result<Vec<Database>, Failure> {
        if let Some(unknown) = self.services.iter().find(|name| !ORDER.contains(&name.as_str())) {
            return Err(Failure::usage(format!(
                "no service with a database is called {unknown:?}; there are {}",
                ORDER.join(", ")
            )));
        }
        let chosen = ORDER
            .into_iter()
            .filter(|service| self.services.is_empty() || self.services.iter().any(|name| name == service));
        chosen
            .map(|service| Database::new(service, &self.url(service)?).map_err(failure))
            .collect()
    }

    fn url(&self, service: &str) -> Result<String, Failure> {
        let variable = format!("TADAMON_DATABASE_{}", service.to_uppercase());
        if let Ok(url) = std::env::var(&variable) {
            return Ok(url);
        }
        let found = self.setting(service, &["common", "postgres", "url"])?;
        found.ok_or_else(|| {
            Failure::usage(format!(
                "where is the database of {service}? {} does not say common.postgres.url, and {variable} is not set",
                self.file(service).display()
            ))
        })
    }

    /// Documents' store; none when nobody says where it is.
    pub(crate) fn papers(&self) -> Result<Option<StorageSettings>, Failure> {
        if let Some(folder) = &self.papers {
            return Ok(Some(StorageSettings::disk(folder)));
        }
        let file = self.file("documents");
        let file = file.is_file().then_some(file.as_path());
        let found: Place =
            settings::load(DOCUMENTS, file).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(Some(found.storage).filter(StorageSettings::names_a_place))
    }

    fn file(&self, service: &str) -> PathBuf {
        self.settings.join(format!("{service}.toml"))
    }

    /// A text of a service's settings; none when there is no file, or it does not say.
    fn setting(&self, service: &str, keys: &[&str]) -> Result<Option<String>, Failure> {
        let file = self.file(service);
        let Ok(text) = std::fs::read_to_string(&file) else {
            return Ok(None);
        };
        let table: Table = text
            .parse()
            .map_err(|_| Failure::refused(format!("{} is not TOML", file.display())))?;
        let mut found = Some(&toml::Value::Table(table)).cloned();
        for key in keys {
            found = found.and_then(|value| value.get(key).cloned());
        }
        Ok(found.and_then(|value| value.as_str().map(str::to_owned)))
    }
}

pub(crate) async fn run(args: BackupArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    match args.command {
        Some(BackupCommand::Verify { folder, programs }) => {
            let manifest = backup::verify(&folder, &programs.find().await?)
                .await
                .map_err(failure)?;
            let rows: i64 = manifest
                .services
                .iter()
                .flat_map(|service| service.tables.values())
                .map(|sum| sum.rows)
                .sum();
            println!(
                "{} is whole: {} services, {rows} rows, {} papers, of {}, by tadamon {}",
                manifest.name,
                manifest.services.len(),
                manifest.papers.map_or(0, |papers| papers.papers),
                manifest.taken_at.to_rfc3339_opts(SecondsFormat::Secs, true),
                manifest.tadamon
            );
        }
        None => take(args.take, clock).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn take(args: TakeArgs, clock: &Clock) -> Result<(), Failure> {
    let to = args
        .to
        .ok_or_else(|| Failure::usage("say where backups lie (--to)"))?;
    let programs = args.programs.unless(args.papers_only).await?;
    let plan = Plan {
        databases: args.source.unless(args.papers_only)?,
        papers: args.source.papers()?,
        to: to.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let (folder, _) = backup::take(&plan, &programs, clock, |line| println!("{line}"))
        .await
        .map_err(failure)?;
    println!("{}", folder.display());
    if let Some(file) = &args.measure {
        write_measure(file, clock.now())?;
    }
    if let Some(keep) = args.keep {
        for name in backup::remove_old(&to, keep.into(), clock).map_err(failure)? {
            println!("removed {name}");
        }
    }
    Ok(())
}

/// Whole or not at all: somebody reads it at any moment.
fn write_measure(file: &Path, now: DateTime<Utc>) -> Result<(), Failure> {
    let name = "tadamon_backup_last_success_timestamp_seconds";
    let text = format!(
        "# HELP {name} When the last backup ended that was read again.\n# TYPE {name} gauge\n{name} {}\n",
        now.timestamp()
    );
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(".new");
    std::fs::write(&unfinished, text)
        .and_then(|()| std::fs::rename(&unfinished, file))
        .map_err(|error| Failure::refused(format!("{}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use platform::ids::uuid_v7;

    use super::*;

    #[derive(clap::Parser, Debug)]
    struct Line {
        #[command(flatten)]
        args: BackupArgs,
    }

    fn source(words: &[&str]) -> SourceArgs {
        let line = [&["backup", "--to", "somewhere"], words].concat();
        Line::parse_from(line).args.take.source
    }

    #[test]
    fn a_backup_needs_a_place_and_a_verification_a_folder() {
        assert!(Line::try_parse_from(["backup"]).is_err());
        assert!(Line::try_parse_from(["backup", "--to", "x", "--keep", "0"]).is_err());
        assert!(Line::try_parse_from(["backup", "verify"]).is_err());
        assert!(Line::try_parse_from(["backup", "verify", "x"]).is_ok());
    }

    #[test]
    fn databases_come_from_the_services_settings_and_nothing_is_guessed() {
        let folder = std::env::temp_dir().join(format!(
            "tadamon-sources-{}",
            uuid_v7(Clock::system().now()).simple()
        ));
        std::fs::create_dir(&folder).unwrap();
        let settings = folder.to_str().unwrap();
        let missing = source(&["--settings", settings, "--service", "documents"])
            .databases()
            .unwrap_err();
        assert_eq!(missing.code(), 64);
        let text = "[common.postgres]\nurl = 'postgres://documents:x@127.0.0.1:1/documents'\n[storage]\ndirectory = '/papers'\n";
        std::fs::write(folder.join("documents.toml"), text).unwrap();
        let found = source(&["--settings", settings, "--service", "documents"]);
        assert_eq!(found.databases().unwrap().len(), 1);
        assert_eq!(
            found.papers().unwrap().unwrap().directory,
            PathBuf::from("/papers")
        );
        let text = "[storage]\nkind = 's3'\n[storage.s3]\nbucket = 'papers'\n";
        let folder_of_another = folder.join("other");
        std::fs::create_dir(&folder_of_another).unwrap();
        std::fs::write(folder_of_another.join("documents.toml"), text).unwrap();
        let in_a_bucket = source(&["--settings", folder_of_another.to_str().unwrap()]);
        assert_eq!(in_a_bucket.papers().unwrap().unwrap().s3.bucket, "papers");
        let nowhere = source(&["--settings", folder.join("none").to_str().unwrap()]);
        assert!(nowhere.papers().unwrap().is_none());
        assert_eq!(
            source(&["--settings", settings]).databases().unwrap_err().code(),
            64
        );
        assert_eq!(
            source(&["--service", "portal"]).databases().unwrap_err().code(),
            64
        );
        std::fs::write(folder.join("documents.toml"), "no settings").unwrap();
        assert_eq!(found.databases().unwrap_err().code(), 65);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
