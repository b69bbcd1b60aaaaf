//! What a subscriber has applied and what it could not: rows beside the effect, in its transaction.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::event::IncomingEvent;

/// An event that could not be applied.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    pub subscriber: String,
    pub event_id: Uuid,
    pub aggregate: Uuid,
    pub event_type: String,
    pub cause: String,
    pub parked_at: DateTime<Utc>,
}

/// Parked events, newest first.
///
/// # Errors
/// The database.
pub async fn list_dead_letters(pool: &PgPool, limit: i64) -> Result<Vec<DeadLetter>, sqlx::Error> {
    sqlx::query_as!(
        DeadLetter,
        "SELECT subscriber, event_id, aggregate, event_type, cause, parked_at FROM dead_letters ORDER BY parked_at DESC LIMIT $1",
        limit
    )
    .fetch_all(pool)
    .await
}

/// Which of these events were applied or parked before.
pub(crate) async fn seen(
    pool: &PgPool,
    subscriber: &str,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"SELECT event_id AS "event_id!" FROM inbox WHERE subscriber = $1 AND event_id = ANY($2)
           UNION SELECT event_id FROM dead_letters WHERE subscriber = $1 AND event_id = ANY($2)"#,
        subscriber,
        ids
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Writes the events down as applied; `false` when another replica was first with one of them.
pub(crate) async fn mark(
    conn: &mut PgConnection,
    subscriber: &str,
    events: &[IncomingEvent],
) -> Result<bool, sqlx::Error> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    // The month of the row is that of the id itself: the same event always meets the same partition.
    let times: Vec<DateTime<Utc>> = events
        .iter()
        .map(|event| platform::ids::instant_of(event.id).unwrap_or(event.time))
        .collect();
    let inserted = sqlx::query!(
        "INSERT INTO inbox (subscriber, event_id, event_time) SELECT $1, * FROM UNNEST($2::uuid[], $3::timestamptz[]) ON CONFLICT DO NOTHING",
        subscriber,
        &ids,
        &times
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == u64::try_from(events.len()).unwrap_or(u64::MAX))
}

/// Parks an event with its cause.
pub(crate) async fn park(
    pool: &PgPool,
    subscriber: &str,
    event: &IncomingEvent,
    cause: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO dead_letters (subscriber, event_id, aggregate, event_type, sequence, event_time, data, traceparent, cause, parked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        subscriber,
        event.id,
        event.aggregate,
        event.event_type,
        event.sequence,
        event.time,
        event.data,
        event.traceparent,
        cause,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Records of which an event is parked: later ones wait behind it.
pub(crate) async fn parked_aggregates(
    pool: &PgPool,
    subscriber: &str,
    aggregates: &[Uuid],
) -> Result<HashSet<Uuid>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "SELECT DISTINCT aggregate FROM dead_letters WHERE subscriber = $1 AND aggregate = ANY($2)",
        subscriber,
        aggregates
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}
