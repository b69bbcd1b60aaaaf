//! Writing events into the outbox: the only way to publish. There is no "send after commit": state and event commit together or not at all.

use chrono::{DateTime, Utc};
use platform::fault_points::{self, FaultPoint};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::event::OutgoingEvent;
use crate::stream::MAX_MESSAGE;

/// Bytes of an event's data at most: the stream takes [`MAX_MESSAGE`] with the headers.
const MAX_DATA: usize = 48 * 1024;
const _: () = assert!(MAX_DATA + 4 * 1024 < MAX_MESSAGE);

#[derive(Debug, thiserror::Error)]
#[error("an event of {0} bytes: what is that large belongs to its owner, the event names it by an id")]
struct TooLarge(usize);

/// Writes an event in the caller's transaction.
///
/// # Errors
/// The database; `Encode` for an event that no stream would take, and that would hold up all that follow.
pub async fn enqueue(conn: &mut PgConnection, event: OutgoingEvent) -> Result<(), sqlx::Error> {
    enqueue_many(conn, &[event]).await
}

/// Writes many events in one statement.
///
/// # Errors
/// As [`enqueue`].
pub async fn enqueue_many(conn: &mut PgConnection, events: &[OutgoingEvent]) -> Result<(), sqlx::Error> {
    for event in events {
        let bytes = event.data.to_string().len();
        if bytes > MAX_DATA {
            return Err(sqlx::Error::Encode(Box::new(TooLarge(bytes))));
        }
    }
    let column = |f: fn(&OutgoingEvent) -> Uuid| events.iter().map(f).collect::<Vec<_>>();
    let at: Vec<DateTime<Utc>> = events.iter().map(|event| event.at).collect();
    let lanes: Vec<i16> = events.iter().map(|event| i16::from(event.bulk)).collect();
    let restricted: Vec<bool> = events.iter().map(|event| event.restricted).collect();
    let types: Vec<String> = events.iter().map(|event| event.event_type.to_owned()).collect();
    let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    let actors: Vec<String> = events.iter().map(|event| event.actor_kind.clone()).collect();
    let data: Vec<serde_json::Value> = events.iter().map(|event| event.data.clone()).collect();
    let traces: Vec<Option<String>> = events.iter().map(|event| event.traceparent.clone()).collect();
    sqlx::query!(
        "INSERT INTO outbox (id, created_at, lane, restricted, event_type, aggregate, sequence, actor_kind, data, traceparent)
         SELECT * FROM UNNEST($1::uuid[], $2::timestamptz[], $3::smallint[], $4::boolean[], $5::text[], $6::uuid[], $7::bigint[],
                              $8::text[], $9::jsonb[], $10::text[])",
        &column(|event| event.id),
        &at,
        &lanes,
        &restricted,
        &types,
        &column(|event| event.aggregate),
        &sequences,
        &actors,
        &data,
        &traces as &[Option<String>]
    )
    .execute(conn)
    .await?;
    for event in events {
        fault_points::pass(FaultPoint::InTransaction, event.event_type);
    }
    Ok(())
}

/// How many events wait to be published.
///
/// # Errors
/// The database.
pub async fn unsent(pool: &PgPool) -> Result<i64, sqlx::Error> {
    Ok(
        sqlx::query_scalar!("SELECT count(*) FROM outbox WHERE stream_sequence IS NULL")
            .fetch_one(pool)
            .await?
            .unwrap_or_default(),
    )
}
