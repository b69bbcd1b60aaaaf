//! The table `roster_imports`, and the lock that lets one import run at a time.

use chrono::{DateTime, Utc};
use platform::audit::Actor;
use sqlx::PgConnection;
use uuid::Uuid;

/// Names the lock; any number that no other lock of this database has.
const IMPORT_LOCK: i64 = 0x0e05_7e12;

/// Takes the lock for as long as the connection lives; `false` when another import has it.
pub(crate) async fn try_lock(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock($1) AS "locked!""#, IMPORT_LOCK)
        .fetch_one(conn)
        .await
}

/// Lets the lock go at once.
pub(crate) async fn unlock(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!("SELECT pg_advisory_unlock($1)", IMPORT_LOCK)
        .fetch_one(conn)
        .await?;
    Ok(())
}

pub(crate) async fn start(
    conn: &mut PgConnection,
    import: Uuid,
    file_sha256: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO roster_imports (import_id, file_sha256, actor_kind, actor_id, started_at, outcome)
         VALUES ($1, $2, $3, $4, $5, 'running')",
        import,
        file_sha256,
        actor.kind,
        actor.id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What came of an import.
pub(crate) struct End {
    /// `finished` or `interrupted`.
    pub(crate) outcome: &'static str,
    pub(crate) lines_read: u32,
    pub(crate) lines_bad: u32,
    pub(crate) registered: u32,
    pub(crate) changed: u32,
    pub(crate) unchanged: u32,
}

pub(crate) async fn end(
    conn: &mut PgConnection,
    import: Uuid,
    end: &End,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    sqlx::query!(
        "UPDATE roster_imports SET finished_at = $2, outcome = $3, lines_read = $4, lines_bad = $5, members_registered = $6,
             members_changed = $7, members_unchanged = $8
         WHERE import_id = $1",
        import,
        now,
        end.outcome,
        count(end.lines_read),
        count(end.lines_bad),
        count(end.registered),
        count(end.changed),
        count(end.unchanged)
    )
    .execute(conn)
    .await?;
    Ok(())
}
