//! A service's own Postgres: pool, migrations, and the check that the database is the service's own.

use std::time::Duration;

use chrono::{DateTime, Months, Utc};
use log::LevelFilter;
use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use crate::settings::PostgresSettings;

pub(crate) mod measured;
pub mod schema;

pub use measured::count_timeout;
use schema::Schema;

/// Longest wait for a connection of the pool.
const ACQUIRE: Duration = Duration::from_secs(3);
/// A connection that lay idle for longer is asked whether it is still there. The pool asks each one when it comes back, so that one of a moment ago
/// was there a moment ago; asking again would cost every transaction a round trip.
const TRUSTED: Duration = Duration::from_secs(1);
/// Longest statement and longest wait for a lock, set on every connection.
const STATEMENT_TIMEOUT: &str = "15s";
const LOCK_TIMEOUT: &str = "5s";

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("the database belongs to the service {found}, not to {expected}; mend common.postgres.url")]
    ForeignDatabase { expected: String, found: String },
    #[error("the database was never migrated; run the command `migrate` first")]
    NotMigrated,
    #[error(
        "the database lacks {missing} migrations of this version, the first {first}; run the command `migrate` first"
    )]
    Behind { missing: usize, first: i64 },
    #[error(
        "the migration {version} in the database has other words than in this version; use the version that applied it, or restore a backup"
    )]
    ChangedMigration { version: i64 },
    #[error(
        "the database holds the migration {version}, which this version does not know and which is not newer than its own; use the version that applied it"
    )]
    UnknownMigration { version: i64 },
    #[error(
        "the migration {version} began in the database and did not end; restore a backup, or ask its author"
    )]
    UnfinishedMigration { version: i64 },
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("a migration")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

fn options(settings: &PostgresSettings, service: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options: PgConnectOptions = settings.url.expose().parse()?;
    Ok(options.application_name(service).options([
        ("statement_timeout", STATEMENT_TIMEOUT),
        ("lock_timeout", LOCK_TIMEOUT),
        // Statements here touch few rows: compiling one takes a hundred times as long as running it.
        ("jit", "off"),
    ]))
}

/// Opens the pool and refuses another service's database: at once when it answers, else at each connection that is made later. A database that is
/// merely away is not an error: the pool connects when it is back.
///
/// # Errors
/// A foreign or never migrated database, or an unreadable URL.
pub async fn connect(settings: &PostgresSettings, service: &'static str) -> Result<PgPool, DbError> {
    measured::starts();
    let pool = PgPoolOptions::new()
        .max_connections(settings.max_connections)
        .acquire_timeout(ACQUIRE)
        .acquire_time_level(LevelFilter::Debug)
        .test_before_acquire(false)
        .before_acquire(|connection, idle| {
            Box::pin(async move { Ok(idle.idle_for < TRUSTED || connection.ping().await.is_ok()) })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                check_owner(connection, service)
                    .await
                    .map_err(|error| match error {
                        DbError::Database(error) => error,
                        other => sqlx::Error::Configuration(Box::new(other)),
                    })
            })
        })
        .connect_lazy_with(options(settings, service)?);
    // The pool hides why a new connection was refused, so the first question is asked beside it.
    match PgConnection::connect_with(&options(settings, service)?).await {
        Ok(mut connection) => check_owner(&mut connection, service).await?,
        Err(error) if crate::status::is_transient_database_error(&error) => {
            tracing::warn!(%error, "the database is away; starting all the same");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(pool)
}

/// Refuses a database that lacks what this version needs, or that another line of versions made. One that is away is not an error: who migrates
/// it comes before who serves, and [`connect`] waits for it.
///
/// # Errors
/// A foreign database, missing or changed migrations.
pub async fn check(
    settings: &PostgresSettings,
    service: &'static str,
    migrations: &[Migration],
) -> Result<(), DbError> {
    let mut connection = match PgConnection::connect_with(&options(settings, service)?).await {
        Ok(connection) => connection,
        Err(error) if crate::status::is_transient_database_error(&error) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    check_owner(&mut connection, service).await?;
    Schema::look(&mut connection, migrations).await?.is_enough()?;
    connection.close().await?;
    Ok(())
}

/// Compares the name that the first migration wrote.
///
/// # Errors
/// When it is another service's database or none was written.
pub async fn check_owner(connection: &mut PgConnection, service: &str) -> Result<(), DbError> {
    match sqlx::query_scalar!("SELECT service FROM service_identity")
        .fetch_optional(connection)
        .await
    {
        Ok(Some(found)) if found == service => Ok(()),
        Ok(Some(found)) => Err(DbError::ForeignDatabase {
            expected: service.to_owned(),
            found,
        }),
        Ok(None) => Err(DbError::NotMigrated),
        // 42P01: the table does not exist.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => {
            Err(DbError::NotMigrated)
        }
        Err(error) => Err(error.into()),
    }
}

/// The migrations of this crate.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    sqlx::migrate!("./migrations").migrations.to_vec()
}

/// Puts the migrations of crates and service in one order, by version.
#[must_use]
pub fn merge(sources: Vec<Vec<Migration>>) -> Vec<Migration> {
    let mut all: Vec<Migration> = sources.into_iter().flatten().collect();
    all.sort();
    all
}

/// Migrates and writes the service's name; safe to run twice and at the same time. Partitions are made a year ahead.
///
/// # Errors
/// A foreign database or a failing migration.
pub async fn migrate(
    settings: &PostgresSettings,
    service: &str,
    migrations: Vec<Migration>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let mut connection = PgConnection::connect_with(&settings.url.expose().parse()?).await?;
    migrate_on(&mut connection, service, migrations, now).await?;
    connection.close().await?;
    Ok(())
}

/// [`migrate`] on a connection that is already open.
///
/// # Errors
/// A foreign database or a failing migration.
pub async fn migrate_on(
    connection: &mut PgConnection,
    service: &str,
    migrations: Vec<Migration>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let owned: Option<String> = match sqlx::query_scalar!("SELECT service FROM service_identity")
        .fetch_optional(&mut *connection)
        .await
    {
        Ok(found) => found,
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(found) = owned.filter(|found| found != service) {
        return Err(DbError::ForeignDatabase {
            expected: service.to_owned(),
            found,
        });
    }
    // Newer rows than ours are left alone: an older program goes back to work on a newer schema. sqlx would let older ones pass as well.
    Schema::look(connection, &migrations).await?.is_of_this_line()?;
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.set_ignore_missing(true);
    migrator.run(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO service_identity (service) VALUES ($1) ON CONFLICT DO NOTHING",
        service
    )
    .execute(&mut *connection)
    .await?;
    make_partitions(connection, now).await?;
    Ok(())
}

/// Makes the monthly partitions of every partitioned table a year ahead.
///
/// # Errors
/// When the database refuses.
pub async fn make_partitions(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<(), DbError> {
    let today = now.date_naive();
    let ahead = today.checked_add_months(Months::new(12)).unwrap_or(today);
    sqlx::query!(
        "SELECT ensure_month_partitions(relname, $1, $2) FROM pg_partitioned_table JOIN pg_class ON pg_class.oid = partrelid",
        today,
        ahead
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}
