//! The rows of `jobs`: written by a service in its own transaction, then moved only as `schedule` decides.
//!
//! No statement decides by itself: rows are locked, read, judged by the pure state machine, and saved.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::JobId;
use sqlx::PgConnection;

use crate::handler::Job;
use crate::schedule::{Phase, Schedule};
use crate::spec::QueueSpec;

/// A job to be done.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub id: JobId,
    /// [`QueueSpec::name`] of its queue.
    pub queue: &'static str,
    /// Ids and facts that are neither personal nor secret.
    pub payload: serde_json::Value,
    pub due_at: DateTime<Utc>,
    /// One cause, one job: a second job of the queue with the same key is not written.
    pub dedupe_key: Option<String>,
    /// W3C trace context of the cause.
    pub traceparent: Option<String>,
}

/// Writes the job in the caller's transaction: it exists if and only if its cause does. `false` when the key was
/// there already.
pub async fn enqueue(conn: &mut PgConnection, job: NewJob) -> Result<bool, sqlx::Error> {
    let written = sqlx::query!(
        "insert into jobs (id, queue, payload, due_at, dedupe_key, traceparent, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict (queue, dedupe_key) where dedupe_key is not null do nothing",
        job.id.as_uuid(),
        job.queue,
        job.payload,
        job.due_at,
        job.dedupe_key,
        job.traceparent,
        written_at(&job),
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// The id is a `UUIDv7` drawn with the caller's clock; one that is not falls back on the due time.
fn written_at(job: &NewJob) -> DateTime<Utc> {
    job.id
        .as_uuid()
        .get_timestamp()
        .and_then(|stamp| {
            let (seconds, nanos) = stamp.to_unix();
            DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
        })
        .unwrap_or(job.due_at)
}

/// A job as the table holds it.
#[derive(Debug, Clone)]
pub(crate) struct JobRow {
    pub(crate) id: JobId,
    pub(crate) schedule: Schedule,
    payload: serde_json::Value,
    created_at: DateTime<Utc>,
    pub(crate) traceparent: Option<String>,
}

impl JobRow {
    /// The handler's view of the attempt that `schedule` counts.
    pub(crate) fn into_job(self, spec: &QueueSpec) -> Job {
        Job {
            id: self.id,
            payload: self.payload,
            attempt: self.schedule.attempts,
            max_attempts: spec.max_attempts,
            due_at: self.schedule.due_at,
            created_at: self.created_at,
            traceparent: self.traceparent,
        }
    }
}

struct RawRow {
    id: uuid::Uuid,
    payload: serde_json::Value,
    state: String,
    due_at: DateTime<Utc>,
    attempts: i32,
    leased_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    traceparent: Option<String>,
}

impl RawRow {
    fn read(self) -> Result<JobRow, sqlx::Error> {
        let phase = match (self.state.as_str(), self.leased_until) {
            ("queued", None) => Phase::Waiting,
            ("queued", Some(until)) => Phase::Dispatched { until },
            ("running", Some(until)) => Phase::Running { until },
            ("done", _) => Phase::Done,
            ("dead", _) => Phase::Dead,
            _ => return Err(sqlx::Error::Decode("unknown state of a job".into())),
        };
        Ok(JobRow {
            id: JobId::from_uuid(self.id),
            schedule: Schedule {
                phase,
                due_at: self.due_at,
                attempts: self.attempts,
            },
            payload: self.payload,
            created_at: self.created_at,
            traceparent: self.traceparent,
        })
    }
}

/// Locks what the dispatcher must look at: due, without an answer, or left by a dead worker. Rows that another
/// dispatcher holds are passed over.
pub(crate) async fn lock_due(
    conn: &mut PgConnection,
    queue: &str,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<JobRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        RawRow,
        "select id, payload, state, due_at, attempts, leased_until, created_at, traceparent
           from jobs
          where queue = $1
            and state in ('queued', 'running')
            and greatest(due_at, coalesce(leased_until, due_at)) <= $2
          order by greatest(due_at, coalesce(leased_until, due_at))
          limit $3
            for update skip locked",
        queue,
        now,
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(RawRow::read).collect()
}

/// Messages that are on their way to a worker.
pub(crate) async fn count_on_their_way(
    conn: &mut PgConnection,
    queue: &str,
    now: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from jobs where queue = $1 and state = 'queued' and leased_until > $2"#,
        queue,
        now,
    )
    .fetch_one(conn)
    .await
}

/// Locks one job.
pub(crate) async fn lock(conn: &mut PgConnection, id: JobId) -> Result<Option<JobRow>, sqlx::Error> {
    sqlx::query_as!(
        RawRow,
        "select id, payload, state, due_at, attempts, leased_until, created_at, traceparent
           from jobs where id = $1 for update",
        id.as_uuid(),
    )
    .fetch_optional(conn)
    .await?
    .map(RawRow::read)
    .transpose()
}

/// Saves what the state machine decided; `error` replaces the last one when given.
pub(crate) async fn save(
    conn: &mut PgConnection,
    id: JobId,
    schedule: Schedule,
    error: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (state, leased_until) = match schedule.phase {
        Phase::Waiting => ("queued", None),
        Phase::Dispatched { until } => ("queued", Some(until)),
        Phase::Running { until } => ("running", Some(until)),
        Phase::Done => ("done", None),
        Phase::Dead => ("dead", None),
    };
    sqlx::query!(
        "update jobs
            set state = $2, due_at = $3, attempts = $4, leased_until = $5,
                last_error = coalesce($6, last_error), updated_at = $7
          where id = $1",
        id.as_uuid(),
        state,
        schedule.due_at,
        schedule.attempts,
        leased_until,
        error,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes jobs that were done long ago; dead ones stay for the operator.
pub(crate) async fn purge_done(
    conn: &mut PgConnection,
    queue: &str,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    // As long as an event may come again and want its job deduplicated: the streams' 14 days and a margin.
    const KEEP_DAYS: i64 = 30;
    const AT_ONCE: i64 = 1000;
    let purged = sqlx::query!(
        "delete from jobs where id in (
             select id from jobs where queue = $1 and state = 'done' and updated_at < $2 limit $3)",
        queue,
        now - TimeDelta::days(KEEP_DAYS),
        AT_ONCE,
    )
    .execute(conn)
    .await?;
    Ok(purged.rows_affected())
}
