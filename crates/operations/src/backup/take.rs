//! Takes a backup: all databases are opened in their order before the first is read, so that they are seen in one moment; each is dumped by the
//! snapshot in which its tables were counted. The folder has another name until all of it is there and was read again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use paper_store::StorageSettings;
use platform::clock::Clock;
use sqlx::{Executor as _, PgConnection};

use super::manifest::{CHECKSUM, FORMAT, FileSum, MANIFEST, Manifest, ServiceManifest, sum_of, sync_folder};
use super::papers::{self, Papers, make_folder};
use super::place::{Database, Programs};
use super::verify::verify;
use super::{BackupError, ORDER, refused, tables};

/// Of the folder's name while it is not whole.
const UNFINISHED: &str = ".unfinished";
/// A backup's name begins with it.
const NAME: &str = "tadamon-";

/// What is to be backed up, and where to.
#[derive(Clone, Debug)]
pub struct Plan {
    /// None: the papers alone, of databases that are backed up by other means.
    pub databases: Vec<Database>,
    /// Documents' store; needed when documents is among them, or none is.
    pub papers: Option<StorageSettings>,
    /// Backups lie in it, a folder each.
    pub to: PathBuf,
    /// Version of the program, for the manifest.
    pub version: String,
}

struct Opened<'a> {
    database: &'a Database,
    conn: PgConnection,
    snapshot: String,
    taken_at: DateTime<Utc>,
    postgres: u32,
}

/// Takes one and gives its folder. `say` is told what goes on.
///
/// # Errors
/// A database that is away, another service's or not migrated by this version; a disk that is full. Nothing is left that could pass for a backup.
pub async fn take(
    plan: &Plan,
    programs: &Programs,
    clock: &Clock,
    say: impl Fn(String),
) -> Result<(PathBuf, Manifest), BackupError> {
    make_folder(&plan.to)?;
    let begun = clock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
    let name = format!("{NAME}{}", begun.replace(['-', ':'], ""));
    let unfinished = plan.to.join(format!("{name}{UNFINISHED}"));
    fs::create_dir(&unfinished).with_context(|| format!("cannot make {}", unfinished.display()))?;
    let taken = fill(plan, programs, clock, &unfinished, &name, &say).await;
    match taken {
        Ok(manifest) => {
            let folder = plan.to.join(&name);
            fs::rename(&unfinished, &folder).with_context(|| format!("cannot name {}", folder.display()))?;
            sync_folder(&plan.to)?;
            Ok((folder, manifest))
        }
        Err(error) => {
            // What cannot be removed keeps its name, which is no backup's.
            let _best_effort = fs::remove_dir_all(&unfinished);
            Err(error)
        }
    }
}

async fn fill(
    plan: &Plan,
    programs: &Programs,
    clock: &Clock,
    folder: &Path,
    name: &str,
    say: &impl Fn(String),
) -> Result<Manifest, BackupError> {
    // For its owner alone: dumps name people by their numbers.
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .context("the folder's mode")?;
    let begun = clock.now();
    let with_papers = plan.databases.is_empty()
        || plan
            .databases
            .iter()
            .any(|database| database.service() == "documents");
    let store = match (&plan.papers, with_papers) {
        (Some(place), true) => Some(papers::open(place)?),
        (None, true) => {
            return Err(refused(
                "documents is to be backed up: say where its papers are (--papers)",
            ));
        }
        (_, false) => None,
    };
    let mut copied = Papers::new();
    if let Some(store) = &store {
        store.probe().await?;
        papers::copy_new(store, folder, &mut copied).await?;
        say(format!("papers: {} copied", copied.len()));
    }
    let mut opened = Vec::new();
    for service in ORDER {
        if let Some(database) = plan
            .databases
            .iter()
            .find(|database| database.service() == service)
        {
            opened.push(open(database, programs, clock).await?);
        }
    }
    // Papers alone fit rows of before they were looked at.
    let taken_at = opened.last().map_or(begun, |opened| opened.taken_at);
    let mut services = Vec::new();
    for opened in opened {
        let service = dump(opened, programs, folder).await?;
        let rows: i64 = service.tables.values().map(|sum| sum.rows).sum();
        say(format!(
            "{}: {} tables, {rows} rows, {} bytes",
            service.service,
            service.tables.len(),
            service.dump.bytes
        ));
        services.push(service);
    }
    let papers = match &store {
        None => None,
        Some(store) => {
            papers::copy_new(store, folder, &mut copied).await?;
            let listed = papers::write_list(folder, &copied)?;
            say(format!("papers: {}, {} bytes", listed.papers, listed.bytes));
            Some(listed)
        }
    };
    let manifest = Manifest {
        format: FORMAT,
        name: name.to_owned(),
        tadamon: plan.version.clone(),
        taken_at,
        services,
        papers,
    };
    manifest.write(folder)?;
    sync_folder(folder)?;
    // Read again: what cannot be read is no backup.
    verify(folder, programs).await
}

async fn open<'a>(
    database: &'a Database,
    programs: &Programs,
    clock: &Clock,
) -> Result<Opened<'a>, BackupError> {
    let service = database.service();
    let mut conn = database.connect().await?;
    let postgres = programs.fit(database, &mut conn).await?;
    owned(&mut conn, service).await?;
    conn.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let snapshot = sqlx::query_scalar("SELECT pg_export_snapshot()")
        .fetch_one(&mut conn)
        .await?;
    Ok(Opened {
        database,
        conn,
        snapshot,
        taken_at: clock.now(),
        postgres,
    })
}

/// The service's own database, of this version.
pub(super) async fn owned(conn: &mut PgConnection, service: &str) -> Result<(), BackupError> {
    platform::db::check_owner(conn, service).await.map_err(|error| {
        refused(format!(
            "the database given for {service} cannot be used: {error}"
        ))
    })?;
    let known: bool = sqlx::query_scalar("SELECT to_regclass('restores') IS NOT NULL")
        .fetch_one(conn)
        .await?;
    if !known {
        return Err(refused(format!(
            "the database of {service} is older than this tadamon: run `{service} migrate` of this version first"
        )));
    }
    Ok(())
}

async fn dump(
    mut opened: Opened<'_>,
    programs: &Programs,
    folder: &Path,
) -> Result<ServiceManifest, BackupError> {
    let service = opened.database.service();
    let tables = tables::sums(&mut opened.conn).await?;
    // Sequences know no snapshot: looked at before the dump looks at them, they are at most what it holds.
    let sequences = tables::sequences(&mut opened.conn).await?;
    let migrations = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations")
        .fetch_one(&mut opened.conn)
        .await?;
    let file = format!("{service}.dump");
    let path = folder.join(&file);
    // Made by us, so that it is nobody else's to read from the first byte on.
    super::manifest::create_private(&path)?;
    let snapshot = format!("--snapshot={}", opened.snapshot);
    let to = format!("--file={}", path.display());
    // The service's name is left out: a restore writes it when it is whole.
    let unnamed = format!("--exclude-table-data={}", tables::OWNER);
    let arguments = [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        &unnamed,
        &snapshot,
        &to,
    ];
    programs.run("pg_dump", Some(opened.database), &arguments).await?;
    fs::File::open(&path)
        .and_then(|file| file.sync_all())
        .context("a dump")?;
    let (bytes, sha256) = sum_of(&path)?;
    Ok(ServiceManifest {
        service: service.to_owned(),
        taken_at: opened.taken_at,
        postgres: opened.postgres,
        migrations,
        dump: FileSum { file, bytes, sha256 },
        tables,
        sequences,
    })
}

/// Removes all but the newest backups, and what runs left behind that were interrupted more than a day ago. Gives the names of what went.
///
/// # Errors
/// The folder cannot be read or written.
pub fn remove_old(to: &Path, keep: usize, clock: &Clock) -> Result<Vec<String>, BackupError> {
    let (mut whole, mut unfinished) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(to).with_context(|| format!("cannot read {}", to.display()))? {
        let entry = entry.context("an entry")?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with(NAME) {
            continue;
        }
        if name.ends_with(UNFINISHED) {
            unfinished.push(name);
        } else if entry.path().join(MANIFEST).is_file() {
            whole.push(name);
        }
    }
    // Names are instants: their order is that of time.
    whole.sort();
    let mut gone: Vec<String> = whole
        .iter()
        .take(whole.len().saturating_sub(keep))
        .cloned()
        .collect();
    let day_ago = clock.now() - chrono::TimeDelta::days(1);
    let day_ago = day_ago
        .to_rfc3339_opts(SecondsFormat::Millis, true)
        .replace(['-', ':'], "");
    gone.extend(
        unfinished
            .into_iter()
            .filter(|name| name.trim_start_matches(NAME) < day_ago.as_str()),
    );
    for name in &gone {
        let folder = to.join(name);
        // Without its manifest it is no backup any more, also when this ends half way.
        for file in [MANIFEST, CHECKSUM] {
            let _not_there = fs::remove_file(folder.join(file));
        }
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(gone)
}
