//! What an operator, a health check or a test asks about the queue: how much is open, what is dead, run it again.
//!
//! It shows no payload and no error text beyond the class, so that its answers may be printed.

use chrono::{DateTime, Utc};
use kernel::JobId;
use sqlx::PgConnection;

use crate::store;

/// How many jobs stand in each state, and since when the oldest due one waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub queue: String,
    pub queued: i64,
    pub running: i64,
    pub dead: i64,
    pub oldest_due: Option<DateTime<Utc>>,
}

/// One row per queue that has jobs which are not done.
pub async fn counts(conn: &mut PgConnection) -> Result<Vec<Counts>, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"select queue,
                  count(*) filter (where state = 'queued') as "queued!",
                  count(*) filter (where state = 'running') as "running!",
                  count(*) filter (where state = 'dead') as "dead!",
                  min(due_at) filter (where state in ('queued', 'running')) as oldest_due
             from jobs where state <> 'done' group by queue order by queue"#
    )
    .fetch_all(conn)
    .await
}

/// A job that has no attempts left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    pub id: JobId,
    pub queue: String,
    pub attempts: i32,
    /// The class of the last failure.
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub died_at: DateTime<Utc>,
}

/// Dead jobs, the latest first.
pub async fn dead_jobs(conn: &mut PgConnection, limit: i64) -> Result<Vec<DeadJob>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, queue, attempts, last_error, created_at, updated_at
           from jobs where state = 'dead' order by updated_at desc, id limit $1",
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DeadJob {
            id: JobId::from_uuid(row.id),
            queue: row.queue,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: row.created_at,
            died_at: row.updated_at,
        })
        .collect())
}

/// Gives a dead job all its attempts again; `false` when it is not dead. Run it in a transaction.
pub async fn replay(conn: &mut PgConnection, id: JobId, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let Some(row) = store::lock(conn, id).await? else {
        return Ok(false);
    };
    let Some(next) = row.schedule.replay(now) else {
        return Ok(false);
    };
    store::save(conn, id, next, None, now).await?;
    Ok(true)
}
