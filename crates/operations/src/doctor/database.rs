//! A service's database, seen with its own role: whose it is, its migrations, what the role may do and what it should not, whether what was confirmed
//! survives a loss of power, and the clock. Statements ask the server's own catalogue and count; they read no row of a person.

use std::time::Duration;

use chrono::{DateTime, Months, Utc};
use platform::db::schema::Schema;
use platform::db::{DbError, check_owner};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::finding::{Finding, Kind};
use super::{Examination, Subject, calendar, clocks};

const PATIENCE: Duration = Duration::from_secs(5);
/// What must be on: with any of them off, what was confirmed may be lost.
const DURABLE: [(&str, &[&str]); 3] = [
    ("fsync", &["on"]),
    ("full_page_writes", &["on"]),
    ("synchronous_commit", &["on", "remote_apply", "remote_write"]),
];
/// An outbox or job table younger than this is at work, not standing still.
const AT_WORK_SECONDS: i64 = 60;

pub(crate) async fn examine(
    subject: &Subject,
    others: &[String],
    now: &impl Fn() -> DateTime<Utc>,
) -> Examination {
    let mut examination = Examination::default();
    let service = subject.service;
    // An error may name the server and the role, never the password.
    let unseen = |error: &sqlx::Error| format!("{service}: the database cannot be looked at: {error}");
    let pool = match open(subject).await {
        Ok(pool) => pool,
        Err(error) => {
            examination.unseen.push(unseen(&error));
            return examination;
        }
    };
    let looked = look(subject, &pool, others, now, &mut examination.findings).await;
    if let Err(error) = looked {
        examination.unseen.push(unseen(&error));
    }
    pool.close().await;
    examination
}

async fn open(subject: &Subject) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = subject.settings.common.postgres.url.expose().parse()?;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let options = options
        .application_name("tadamon doctor")
        .options([("statement_timeout", "10s"), ("lock_timeout", "2s")]);
    pool.connect_with(options).await
}

async fn look(
    subject: &Subject,
    pool: &PgPool,
    others: &[String],
    now: &impl Fn() -> DateTime<Utc>,
    findings: &mut Vec<Finding>,
) -> Result<(), sqlx::Error> {
    let service = subject.service;
    let mut conn = pool.acquire().await?;
    let before = now();
    let said: DateTime<Utc> = sqlx::query_scalar("SELECT clock_timestamp()")
        .fetch_one(&mut *conn)
        .await?;
    findings.extend(clocks::compare(service, "Postgres", (before, said, now())));
    findings.extend(durability(service, &mut conn).await?);
    findings.extend(zone(service, &mut conn).await?);
    match check_owner(&mut conn, service).await {
        Ok(()) => {}
        // What follows would be said of another's database.
        Err(DbError::ForeignDatabase { found, .. }) => {
            findings.push(Finding::new(
                Kind::ForeignDatabase,
                service,
                format!("its database belongs to {found}"),
                format!("the database of {service}"),
            ));
            return Ok(());
        }
        Err(DbError::NotMigrated) => {
            findings.push(Finding::new(
                Kind::NeverMigrated,
                service,
                "its database is empty",
                "the tables of this version",
            ));
            return Ok(());
        }
        Err(DbError::Database(error)) => return Err(error),
        Err(other) => return Err(sqlx::Error::Configuration(Box::new(other))),
    }
    let schema = Schema::look(&mut conn, &subject.migrations).await?;
    findings.extend(migrations(service, &schema));
    findings.extend(months(service, &mut conn, now()).await?);
    findings.extend(role(service, &mut conn, others).await?);
    findings.extend(tables(service, &mut conn).await?);
    findings.extend(trail(service, &mut conn).await?);
    drop(conn);
    // Tables that are not there yet, or not to be read, are told above.
    let may_count = findings.iter().all(|finding| {
        finding.service != service
            || !matches!(finding.kind, Kind::MigrationsMissing | Kind::MissingPermission)
    });
    if may_count {
        findings.extend(waiting(service, pool, now()).await?);
    }
    Ok(())
}

/// Whether the database still refuses that lines of a trail are changed, taken away or emptied, in each month, and that a chain's end goes back.
async fn trail(service: &str, conn: &mut sqlx::PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    // An older schema, before trails were guarded, is told by its missing migrations.
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT part.relid::regclass::text
         FROM unnest(ARRAY['audit', 'audit_chain', 'audit_roots', 'audit_root_leaves', 'access_log']) AS of (name)
         -- The tree has no row of a table without months.
         CROSS JOIN LATERAL (SELECT relid FROM pg_partition_tree(to_regclass(of.name)) UNION SELECT to_regclass(of.name)) AS part (relid)
         CROSS JOIN unnest(ARRAY['only_grows', 'is_not_emptied', 'goes_forward']) AS guard (name)
         WHERE to_regprocedure('refuse_change()') IS NOT NULL AND part.relid IS NOT NULL
           AND (guard.name <> 'goes_forward' OR of.name = 'audit_chain')
           AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = part.relid AND tgname = guard.name AND tgenabled IN ('O', 'A'))
         ORDER BY 1",
    )
    .fetch_all(conn)
    .await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let seen = format!("lines may be changed in {}", open.join(", "));
    let expected = "the triggers only_grows and is_not_emptied (on audit_chain goes_forward too), enabled";
    Ok(vec![Finding::new(Kind::TrailOpen, service, seen, expected)])
}

async fn durability(service: &str, conn: &mut sqlx::PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    for (name, good) in DURABLE {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(name)
            .fetch_one(&mut *conn)
            .await?;
        if !good.contains(&value.as_str()) {
            findings.push(Finding::new(
                Kind::Durability,
                service,
                format!("{name} is {value}"),
                good.join(" or "),
            ));
        }
    }
    Ok(findings)
}

/// No statement of ours decides by the server's time zones, but an operator who reads a day there would be told another one.
async fn zone(service: &str, conn: &mut sqlx::PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    let mut wrong = Vec::new();
    for (at, hours) in calendar::samples() {
        let seconds: i64 = sqlx::query_scalar(
            "SELECT extract(epoch FROM ($1 AT TIME ZONE 'Africa/Casablanca') - ($1 AT TIME ZONE 'UTC'))::bigint",
        )
        .bind(at)
        .fetch_one(&mut *conn)
        .await?;
        if seconds != hours * 3600 {
            wrong.push(at.date_naive().to_string());
        }
    }
    Ok(calendar::told(service, "Postgres", &wrong))
}

fn migrations(service: &str, schema: &Schema) -> Vec<Finding> {
    let list = |versions: &[i64]| versions.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let mut findings = Vec::new();
    let mut tell = |kind, versions: &[i64], what: &str, expected: &str| {
        if !versions.is_empty() {
            findings.push(Finding::new(
                kind,
                service,
                format!("{what}: {}", list(versions)),
                expected,
            ));
        }
    };
    let this = "the migrations of this version";
    tell(Kind::MigrationsMissing, &schema.missing, "not applied", this);
    tell(
        Kind::MigrationsNewer,
        &schema.newer,
        "newer than this version",
        this,
    );
    tell(
        Kind::MigrationsChanged,
        &schema.changed,
        "applied with other words",
        this,
    );
    tell(
        Kind::MigrationsChanged,
        &schema.unknown,
        "not known to this version and not newer than it",
        this,
    );
    tell(
        Kind::MigrationsChanged,
        &schema.unfinished,
        "begun and not ended",
        this,
    );
    findings
}

async fn months(
    service: &str,
    conn: &mut sqlx::PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<Finding>, sqlx::Error> {
    let next = now.checked_add_months(Months::new(1)).unwrap_or(now);
    let month = next.format("%Y%m").to_string();
    let without: Vec<String> = sqlx::query_scalar(
        "SELECT parent.relname::text FROM pg_partitioned_table JOIN pg_class parent ON parent.oid = partrelid
         WHERE NOT EXISTS (SELECT FROM pg_inherits JOIN pg_class part ON part.oid = inhrelid
                           WHERE inhparent = parent.oid AND part.relname = parent.relname || '_' || $1)
         ORDER BY 1",
    )
    .bind(&month)
    .fetch_all(conn)
    .await?;
    if without.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Finding::new(
        Kind::MonthsMissing,
        service,
        format!("no part for the month {month}: {}", without.join(", ")),
        "a year of months ahead",
    )])
}

async fn role(
    service: &str,
    conn: &mut sqlx::PgConnection,
    others: &[String],
) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    let attributes: Vec<String> = sqlx::query_scalar(
        "SELECT word FROM pg_roles, LATERAL (VALUES ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb),
             ('REPLICATION', rolreplication), ('BYPASSRLS', rolbypassrls)) AS attribute (word, has)
         WHERE rolname = current_user AND has",
    )
    .fetch_all(&mut *conn)
    .await?;
    if !attributes.is_empty() {
        findings.push(Finding::new(
            Kind::RoleTooStrong,
            service,
            format!("its role has {}", attributes.join(", ")),
            "a role with a login and its own database",
        ));
    }
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT datname::text FROM pg_database WHERE datname = ANY($1) AND datname <> current_database()
         AND has_database_privilege(datname, 'CONNECT') ORDER BY 1",
    )
    .bind(others)
    .fetch_all(conn)
    .await?;
    if !open.is_empty() {
        findings.push(Finding::new(
            Kind::OpensForeignDatabase,
            service,
            format!("its role may connect to {}", open.join(", ")),
            "its own database only",
        ));
    }
    Ok(findings)
}

async fn tables(service: &str, conn: &mut sqlx::PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    // Parts of a table are reached through it; the migrations' own table is written by `migrate`.
    let lacking: Vec<(String, String)> = sqlx::query_as(
        "SELECT relname::text, string_agg(word, ', ' ORDER BY word)
         FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,
              LATERAL unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS word
         WHERE nspname = current_schema() AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_sqlx_migrations'
               AND NOT has_table_privilege(pg_class.oid, word)
         GROUP BY relname ORDER BY relname",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (table, words) in lacking {
        findings.push(Finding::new(
            Kind::MissingPermission,
            service,
            format!("its role lacks {words} on {table}"),
            "SELECT, INSERT, UPDATE, DELETE",
        ));
    }
    let strangers: Vec<(String, String)> = sqlx::query_as(
        "SELECT relname::text, string_agg(DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END, ', ')
         FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, LATERAL aclexplode(relacl)
         WHERE nspname = current_schema() AND relkind IN ('r', 'p')
               AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
               AND grantee <> relowner AND grantee <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
         GROUP BY relname ORDER BY relname",
    )
    .fetch_all(conn)
    .await?;
    for (table, roles) in strangers {
        findings.push(Finding::new(
            Kind::OthersMayWrite,
            service,
            format!("{roles} may write {table}"),
            "its own role only",
        ));
    }
    Ok(findings)
}

/// What waits, as information: alerts decide when it is too much.
async fn waiting(service: &str, pool: &PgPool, now: DateTime<Utc>) -> Result<Vec<Finding>, sqlx::Error> {
    let mut findings = Vec::new();
    let unsent: Option<DateTime<Utc>> =
        sqlx::query_scalar("SELECT min(created_at) FROM outbox WHERE stream_sequence IS NULL")
            .fetch_one(pool)
            .await?;
    let seconds = unsent.map_or(0, |at| (now - at).num_seconds());
    if seconds > AT_WORK_SECONDS {
        let rows = bus::unsent(pool).await?;
        findings.push(Finding::new(
            Kind::OutboxWaits,
            service,
            format!("{rows} events wait, the oldest for {seconds} s"),
            "published within a second while the broker answers",
        ));
    }
    let parked = bus::count_dead_letters(pool).await?;
    if parked > 0 {
        findings.push(Finding::new(
            Kind::EventsParked,
            service,
            format!("{parked} events are parked"),
            "none",
        ));
    }
    let has_jobs: bool = sqlx::query_scalar("SELECT to_regclass('jobs') IS NOT NULL")
        .fetch_one(pool)
        .await?;
    if has_jobs {
        let (due, dead): (i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE state = 'queued' AND due_at < $1), count(*) FILTER (WHERE state = 'dead') FROM jobs",
        )
        .bind(now - chrono::TimeDelta::seconds(AT_WORK_SECONDS))
        .fetch_one(pool)
        .await?;
        if due > 0 {
            let seen = format!("{due} jobs are due for more than {AT_WORK_SECONDS} s");
            findings.push(Finding::new(Kind::JobsDue, service, seen, "none"));
        }
        if dead > 0 {
            findings.push(Finding::new(
                Kind::JobsDead,
                service,
                format!("{dead} jobs are given up"),
                "none",
            ));
        }
    }
    Ok(findings)
}
