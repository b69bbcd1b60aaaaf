//! Puts a backup back: every check before the first change, then papers, then database by database. While a database is being filled it carries a
//! name that no service has, so that none runs on it and none migrates it; its own name is written with everything that a restored database must know,
//! in one transaction, after all its tables were compared.

use std::path::PathBuf;

use bus::Restore;
use chrono::{DateTime, Utc};
use paper_store::StorageSettings;
use platform::clock::Clock;
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::manifest::{Manifest, ServiceManifest};
use super::place::{Database, Programs};
use super::take::owned;
use super::verify::verify;
use super::{BackupError, papers, refused, tables};

/// Stands where a service's name stands, while a restore goes on.
const UNFINISHED: &str = "a restore that did not end";
/// Who keeps copies of another's versioned records: what is newer there would not believe what is older again.
const COPIES: [(&str, &[&str]); 1] = [("membership", &["benefits", "partnerships"])];

/// What is to be restored, and into what.
#[derive(Clone, Debug)]
pub struct Restoration {
    /// The backup.
    pub folder: PathBuf,
    /// Those that are to be restored. None: the papers alone.
    pub databases: Vec<Database>,
    /// Documents' store; needed when documents is among them, or none is.
    pub papers: Option<StorageSettings>,
    /// Throw away what the databases hold.
    pub replace: bool,
    /// How far request numbers are moved on: at least as many as may have been given since the backup, of any one kind.
    pub numbers_ahead: i64,
}

/// One service's database after it was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    pub service: &'static str,
    pub tables: usize,
    pub rows: i64,
    /// What the service itself had done, in words, and how often.
    pub steps: Vec<(String, i64)>,
}

/// Restores. `say` is told what goes on.
///
/// # Errors
/// [`BackupError::Refused`] before anything was changed; otherwise what failed: the databases that were not finished are closed to their services
/// until the restore is run again.
pub async fn put_back(
    plan: &Restoration,
    programs: &Programs,
    clock: &Clock,
    say: impl Fn(String),
) -> Result<(Manifest, Vec<Restored>), BackupError> {
    let manifest = verify(&plan.folder, programs).await?;
    say(format!(
        "the backup {} of {} is whole",
        manifest.name,
        manifest.taken_at.to_rfc3339()
    ));
    if plan.numbers_ahead < 0 {
        return Err(refused(
            "numbers are never given again: --numbers-ahead is 0 or more",
        ));
    }
    let chosen = |service: &str| {
        plan.databases
            .iter()
            .any(|database| database.service() == service)
    };
    for (owner, copies) in COPIES {
        if let Some(copy) = copies.iter().find(|copy| chosen(owner) && !chosen(copy)) {
            return Err(refused(format!(
                "{copy} keeps newer versions of {owner}'s records than the backup and would not believe older ones: restore {owner} together with {}",
                copies.join(" and ")
            )));
        }
    }
    let mut parts = Vec::new();
    for database in &plan.databases {
        let part = manifest.service(database.service())?;
        check(database, part, plan.replace, programs).await?;
        parts.push((database, part));
    }
    if chosen("documents") || plan.databases.is_empty() {
        if manifest.papers.is_none() {
            return Err(refused(format!("the backup {} has no papers", manifest.name)));
        }
        let place = plan
            .papers
            .as_ref()
            .ok_or_else(|| refused("documents is to be restored: say where papers go (--papers)"))?;
        let store = papers::open(place)?;
        store.probe().await?;
        if !plan.replace && !store.list().await?.is_empty() {
            return Err(refused(format!(
                "{} holds papers: name an empty place, or keep them with --replace",
                store.shown()
            )));
        }
        let listed = papers::read_list(&plan.folder)?;
        papers::put_into(&plan.folder, &listed, &store).await?;
        say(format!("papers: {}", listed.len()));
    }
    let mut restored = Vec::new();
    for (database, part) in parts {
        let done = restore(plan, &manifest, database, part, programs, clock).await?;
        say(format!(
            "{}: {} tables, {} rows, every checksum is that of the backup",
            done.service, done.tables, done.rows
        ));
        for (what, many) in &done.steps {
            say(format!("{}: {what} ({many})", done.service));
        }
        restored.push(done);
    }
    Ok((manifest, restored))
}

/// Databases that were put back by other means (a Cluster's own backup, a copy of a disk) are told so, as a restore would; once for each instant.
///
/// # Errors
/// A service that still runs, another service's database, one that is older than this program; then none was told but those before it.
pub async fn mark(
    databases: &[Database],
    how: &str,
    taken_at: DateTime<Utc>,
    numbers_ahead: i64,
    clock: &Clock,
    say: impl Fn(String),
) -> Result<(), BackupError> {
    if numbers_ahead < 0 || taken_at > clock.now() {
        return Err(refused(
            "--numbers-ahead is 0 or more, and --taken-at an instant of the past",
        ));
    }
    for database in databases {
        let mut conn = database.connect().await?;
        nobody_else(&mut conn, database.service()).await?;
        owned(&mut conn, database.service()).await?;
        conn.close().await?;
    }
    for database in databases {
        let mut conn = database.connect().await?;
        // Asked for twice, or together with one that was put back since: it would end sessions and drop mails of now.
        let known: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT FROM restores WHERE backup = $1 AND backup_at = $2)")
                .bind(how)
                .bind(taken_at)
                .fetch_one(&mut conn)
                .await?;
        if known {
            say(format!("{}: was told so before", database.service()));
            conn.close().await?;
            continue;
        }
        let told = Told {
            backup: how,
            backup_at: taken_at,
            numbers_ahead,
        };
        for (what, many) in finish(&mut conn, &told, database.service(), clock).await? {
            say(format!("{}: {what} ({many})", database.service()));
        }
        say(format!("{}: knows that it was put back", database.service()));
        conn.close().await?;
    }
    Ok(())
}

/// Everything that could make the restore of one database wrong, before anything is changed.
async fn check(
    database: &Database,
    part: &ServiceManifest,
    replace: bool,
    programs: &Programs,
) -> Result<(), BackupError> {
    let service = database.service();
    let mut conn = database.connect().await?;
    let postgres = programs.fit(database, &mut conn).await?;
    if postgres < part.postgres {
        return Err(refused(format!(
            "{service}: the backup was taken from Postgres {}, this server is {postgres}: a dump is not restored into an older server",
            part.postgres
        )));
    }
    nobody_else(&mut conn, service).await?;
    let owner = owner(&mut conn).await?;
    let holds = relations(&mut conn).await?;
    conn.close().await?;
    match owner.as_deref() {
        Some(UNFINISHED) => Ok(()),
        Some(other) if other != service => Err(refused(format!(
            "the database given for {service} belongs to {other}: nothing is written into it"
        ))),
        _ if holds > 0 && !replace => Err(refused(format!(
            "the database of {service} is not empty: make a new one, or throw away what it holds with --replace"
        ))),
        None if holds > 0 => Err(refused(format!(
            "the database given for {service} holds tables that are no service's: nothing is thrown away"
        ))),
        _ => Ok(()),
    }
}

/// Refuses a database on which somebody works: what was written while it is filled would be lost or in the way.
async fn nobody_else(conn: &mut PgConnection, service: &str) -> Result<(), BackupError> {
    let others: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )
    .fetch_one(conn)
    .await?;
    if others > 0 {
        return Err(refused(format!(
            "{others} others are connected to the database of {service}: stop the service, in every role and replica, and a pooler before it, first"
        )));
    }
    Ok(())
}

/// The name that a database carries, if it is one of ours.
async fn owner(conn: &mut PgConnection) -> Result<Option<String>, BackupError> {
    let known: bool = sqlx::query_scalar("SELECT to_regclass('public.service_identity') IS NOT NULL")
        .fetch_one(&mut *conn)
        .await?;
    if !known {
        return Ok(None);
    }
    let name: Option<String> = sqlx::query_scalar("SELECT service FROM service_identity")
        .fetch_optional(conn)
        .await?;
    // Our own table without a name: a restore that ended between two steps.
    Ok(Some(name.unwrap_or_else(|| UNFINISHED.to_owned())))
}

async fn restore(
    plan: &Restoration,
    manifest: &Manifest,
    database: &Database,
    part: &ServiceManifest,
    programs: &Programs,
    clock: &Clock,
) -> Result<Restored, BackupError> {
    let service = database.service();
    let mut conn = database.connect().await?;
    let dump = plan.folder.join(&part.dump.file).display().to_string();
    let into = format!("--dbname={}", database.name());
    if relations(&mut conn).await? > 0 {
        // Also what a run left that was interrupted.
        conn.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            .await?;
    }
    let step = async |sections: &[&str]| {
        let common = [
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
        ];
        let arguments = [&common[..], sections, &[&into, &dump]].concat();
        programs.run("pg_restore", Some(database), &arguments).await
    };
    // Between the two the service's name is another. Were this to end before that, there would be tables and no migration written down: `migrate`
    // fails on the first one.
    step(&["--section=pre-data"]).await?;
    sqlx::query("INSERT INTO service_identity (service) VALUES ($1)")
        .bind(UNFINISHED)
        .execute(&mut conn)
        .await?;
    step(&["--section=data", "--section=post-data"]).await?;
    conn.execute("ANALYZE").await?;

    let found = tables::sums(&mut conn).await?;
    let mut differences = tables::differences(&part.tables, &found);
    let sequences = tables::sequences(&mut conn).await?;
    for (name, value) in &part.sequences {
        if sequences.get(name).is_none_or(|found| found < value) {
            differences.push(format!("the sequence {name} is behind"));
        }
    }
    if !differences.is_empty() {
        return Err(
            anyhow::anyhow!("{service} is not what was backed up: {}", differences.join(", ")).into(),
        );
    }
    let told = Told {
        backup: &manifest.name,
        backup_at: part.taken_at,
        numbers_ahead: plan.numbers_ahead,
    };
    let steps = finish(&mut conn, &told, service, clock).await?;
    conn.close().await?;
    Ok(Restored {
        service,
        tables: found.len(),
        rows: found.values().map(|sum| sum.rows).sum(),
        steps,
    })
}

/// What is written down in a restored database.
struct Told<'a> {
    backup: &'a str,
    backup_at: DateTime<Utc>,
    numbers_ahead: i64,
}

/// What a restored database must know, and its name, at once.
async fn finish(
    conn: &mut PgConnection,
    told: &Told<'_>,
    service: &str,
    clock: &Clock,
) -> Result<Vec<(String, i64)>, BackupError> {
    let now = clock.now();
    let mut tx = conn.begin().await?;
    let restore = Restore {
        backup: told.backup,
        backup_at: told.backup_at,
        restored_at: now,
        numbers_ahead: told.numbers_ahead,
    };
    bus::write_restore(&mut tx, &restore).await?;
    let has_steps: bool =
        sqlx::query_scalar("SELECT to_regprocedure('after_restore(bigint, timestamptz)') IS NOT NULL")
            .fetch_one(&mut *tx)
            .await?;
    let steps = if has_steps {
        sqlx::query_as("SELECT what, many FROM after_restore($1, $2)")
            .bind(told.numbers_ahead)
            .bind(now)
            .fetch_all(&mut *tx)
            .await?
    } else {
        Vec::new()
    };
    sqlx::query("UPDATE service_identity SET service = $1")
        .bind(service)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(steps)
}

/// Tables, sequences and their like; none in a database that was just made.
async fn relations(conn: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('public')")
        .fetch_one(conn)
        .await
}
