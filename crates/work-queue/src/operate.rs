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

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Queued,
    Running,
    Done,
    Dead,
}

impl State {
    fn parse(text: &str) -> Result<Self, sqlx::Error> {
        match text {
            "queued" => Ok(Self::Queued),
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "dead" => Ok(Self::Dead),
            _ => Err(sqlx::Error::Decode("unknown state of a job".into())),
        }
    }
}

/// A job without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSummary {
    pub id: JobId,
    pub queue: String,
    pub state: State,
    pub attempts: i32,
    /// The class of the last failure.
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When it came into its state.
    pub updated_at: DateTime<Utc>,
    /// W3C trace context of the cause.
    pub traceparent: Option<String>,
}

struct Row {
    id: uuid::Uuid,
    queue: String,
    state: String,
    attempts: i32,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    traceparent: Option<String>,
}

impl Row {
    fn read(self) -> Result<JobSummary, sqlx::Error> {
        Ok(JobSummary {
            id: JobId::from_uuid(self.id),
            queue: self.queue,
            state: State::parse(&self.state)?,
            attempts: self.attempts,
            last_error: self.last_error,
            created_at: self.created_at,
            updated_at: self.updated_at,
            traceparent: self.traceparent,
        })
    }
}

/// Jobs that have no attempts left, the latest first.
pub async fn dead_jobs(conn: &mut PgConnection, limit: i64) -> Result<Vec<JobSummary>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, queue, state, attempts, last_error, created_at, updated_at, traceparent
           from jobs where state = 'dead' order by updated_at desc, id limit $1",
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One job, whatever its state.
pub async fn find(conn: &mut PgConnection, id: JobId) -> Result<Option<JobSummary>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "select id, queue, state, attempts, last_error, created_at, updated_at, traceparent from jobs where id = $1",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
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
