//! Events that could not be applied, and those that wait behind them: rows that a subscriber parks and an operator puts in again. The data
//! of an event is never shown; who applies it again is the subscriber itself ([`crate::release`]), so that replaying takes one path only.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::event::IncomingEvent;

/// The cause of what is held.
const BEHIND: &str = "an earlier event of this record is parked";

/// An event that could not be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub subscriber: String,
    pub event_id: Uuid,
    pub aggregate: Uuid,
    /// Empty for a message that could not be read as an event.
    pub event_type: String,
    pub sequence: i64,
    pub event_time: DateTime<Utc>,
    pub traceparent: Option<String>,
    pub cause: String,
    pub parked_at: DateTime<Utc>,
    /// It did not fail itself: an earlier event of its record did.
    pub held: bool,
    pub replay_requested_at: Option<DateTime<Utc>>,
}

/// What became of a wish to put a parked event in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayRequest {
    /// The subscriber applies it next, then the events held behind it.
    Requested {
        held_behind: i64,
    },
    /// Somebody asked before, and it is not applied yet.
    AlreadyRequested {
        held_behind: i64,
    },
    /// It was applied.
    AlreadyDone,
    /// It waits behind an earlier event: that one is to be replayed.
    Held,
    Unknown,
}

/// Parked events, newest first.
///
/// # Errors
/// The database.
pub async fn list_dead_letters(pool: &PgPool, limit: i64) -> Result<Vec<DeadLetter>, sqlx::Error> {
    sqlx::query_as!(
        DeadLetter,
        "SELECT subscriber, event_id, aggregate, event_type, sequence, event_time, traceparent, cause, parked_at, held, replay_requested_at
         FROM dead_letters ORDER BY parked_at DESC, sequence DESC, event_id LIMIT $1",
        limit
    )
    .fetch_all(pool)
    .await
}

/// How many events are parked.
///
/// # Errors
/// The database.
pub async fn count_dead_letters(pool: &PgPool) -> Result<i64, sqlx::Error> {
    Ok(sqlx::query_scalar!("SELECT count(*) FROM dead_letters")
        .fetch_one(pool)
        .await?
        .unwrap_or_default())
}

/// One parked event.
///
/// # Errors
/// The database.
pub async fn find_dead_letter(
    pool: &PgPool,
    subscriber: &str,
    event_id: Uuid,
) -> Result<Option<DeadLetter>, sqlx::Error> {
    sqlx::query_as!(
        DeadLetter,
        "SELECT subscriber, event_id, aggregate, event_type, sequence, event_time, traceparent, cause, parked_at, held, replay_requested_at
         FROM dead_letters WHERE subscriber = $1 AND event_id = $2",
        subscriber,
        event_id
    )
    .fetch_optional(pool)
    .await
}

/// Asks the subscriber to apply a parked event again. Run it in a transaction.
///
/// # Errors
/// The database.
pub async fn request_replay(
    conn: &mut PgConnection,
    subscriber: &str,
    event_id: Uuid,
    now: DateTime<Utc>,
) -> Result<ReplayRequest, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT aggregate, held, replay_requested_at FROM dead_letters WHERE subscriber = $1 AND event_id = $2 FOR UPDATE",
        subscriber,
        event_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        let applied = sqlx::query_scalar!(
            "SELECT count(*) FROM inbox WHERE subscriber = $1 AND event_id = $2",
            subscriber,
            event_id
        )
        .fetch_one(conn)
        .await?;
        return Ok(match applied {
            Some(1..) => ReplayRequest::AlreadyDone,
            _ => ReplayRequest::Unknown,
        });
    };
    if row.held {
        return Ok(ReplayRequest::Held);
    }
    let held_behind = sqlx::query_scalar!(
        "SELECT count(*) FROM dead_letters WHERE subscriber = $1 AND aggregate = $2 AND held",
        subscriber,
        row.aggregate
    )
    .fetch_one(&mut *conn)
    .await?
    .unwrap_or_default();
    if row.replay_requested_at.is_some() {
        return Ok(ReplayRequest::AlreadyRequested { held_behind });
    }
    sqlx::query!(
        "UPDATE dead_letters SET replay_requested_at = $3 WHERE subscriber = $1 AND event_id = $2",
        subscriber,
        event_id,
        now
    )
    .execute(conn)
    .await?;
    Ok(ReplayRequest::Requested { held_behind })
}

/// Parks an event with its cause; without one it is held behind another.
pub(crate) async fn park(
    pool: &PgPool,
    subscriber: &str,
    event: &IncomingEvent,
    cause: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO dead_letters (subscriber, event_id, aggregate, event_type, sequence, event_time, data, traceparent, cause, parked_at, held)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        subscriber,
        event.id,
        event.aggregate,
        event.event_type,
        event.sequence,
        event.time,
        event.data,
        event.traceparent,
        printable(cause.unwrap_or(BEHIND)),
        now,
        cause.is_none()
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A message that could not be read as an event, as it came.
pub(crate) struct Unread<'a> {
    /// Made from the place in the stream: what the message calls itself cannot be believed.
    pub(crate) id: Uuid,
    pub(crate) subject: &'a str,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) payload: &'a [u8],
}

/// Parks a message that is no event of ours.
pub(crate) async fn park_unread(
    pool: &PgPool,
    subscriber: &str,
    message: &Unread<'_>,
    cause: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let headers = serde_json::to_vec(&message.headers).unwrap_or_default();
    // Foreign bytes may hold what a database's text cannot.
    let data = json!({
        "subject": STANDARD.encode(message.subject),
        "headers": STANDARD.encode(headers),
        "payload": STANDARD.encode(message.payload),
    });
    sqlx::query!(
        "INSERT INTO dead_letters (subscriber, event_id, aggregate, event_type, sequence, event_time, data, cause, parked_at, unread)
         VALUES ($1, $2, $2, '', 0, $5, $3, $4, $5, true) ON CONFLICT DO NOTHING",
        subscriber,
        message.id,
        data,
        printable(cause),
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A cause may quote foreign bytes: on one line, without control characters.
fn printable(cause: &str) -> String {
    cause
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(500)
        .collect()
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

/// What can be applied now.
pub(crate) struct Releasable {
    /// The row's id: that of the event, or of the place of an unread message.
    pub(crate) id: Uuid,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Event(IncomingEvent),
    Unread {
        subject: String,
        headers: Vec<(String, String)>,
        payload: Vec<u8>,
    },
}

/// The first parked event of each record in which no failed one waits for an operator.
pub(crate) async fn releasable(pool: &PgPool, subscriber: &str) -> Result<Vec<Releasable>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (aggregate) event_id, aggregate, event_type, sequence, event_time, data, traceparent, unread
         FROM dead_letters AS letter
         WHERE subscriber = $1 AND NOT EXISTS (
             SELECT FROM dead_letters AS failed
             WHERE failed.subscriber = $1 AND failed.aggregate = letter.aggregate
               AND NOT failed.held AND failed.replay_requested_at IS NULL)
         ORDER BY aggregate, sequence, event_id LIMIT 100",
        subscriber
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Releasable {
            id: row.event_id,
            content: if row.unread {
                unread(&row.data)
            } else {
                Content::Event(IncomingEvent {
                    id: row.event_id,
                    event_type: row.event_type,
                    aggregate: row.aggregate,
                    sequence: row.sequence,
                    time: row.event_time,
                    traceparent: row.traceparent,
                    data: row.data,
                })
            },
        })
        .collect())
}

/// What [`park_unread`] wrote.
fn unread(data: &serde_json::Value) -> Content {
    let bytes = |name: &str| {
        data.get(name)
            .and_then(serde_json::Value::as_str)
            .and_then(|text| STANDARD.decode(text).ok())
            .unwrap_or_default()
    };
    Content::Unread {
        subject: String::from_utf8_lossy(&bytes("subject")).into_owned(),
        headers: serde_json::from_slice(&bytes("headers")).unwrap_or_default(),
        payload: bytes("payload"),
    }
}

/// Takes a parked event out in the transaction that applies it; `false` when it is gone or an earlier one of its record is still there.
pub(crate) async fn take(
    conn: &mut PgConnection,
    subscriber: &str,
    event_id: Uuid,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query!(
        "DELETE FROM dead_letters AS letter
         WHERE subscriber = $1 AND event_id = $2 AND NOT EXISTS (
             SELECT FROM dead_letters AS earlier
             WHERE earlier.subscriber = $1 AND earlier.aggregate = letter.aggregate
               AND (earlier.sequence, earlier.event_id) < (letter.sequence, letter.event_id))",
        subscriber,
        event_id
    )
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// It failed again: it waits for an operator once more.
pub(crate) async fn fail_again(
    pool: &PgPool,
    subscriber: &str,
    event_id: Uuid,
    cause: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE dead_letters SET held = false, replay_requested_at = NULL, cause = $3, parked_at = $4
         WHERE subscriber = $1 AND event_id = $2",
        subscriber,
        event_id,
        printable(cause),
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}
