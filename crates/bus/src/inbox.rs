//! What a subscriber has applied, written beside the effect in its transaction; and where it stands in the stream.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::event::IncomingEvent;
use crate::position::Place;

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

/// Where the subscriber stands in its publisher's stream, all replicas together.
pub(crate) async fn place(pool: &PgPool, subscriber: &str) -> Result<Option<Place>, sqlx::Error> {
    sqlx::query_as!(
        Place,
        "SELECT epoch, position FROM subscriber_places WHERE subscriber = $1",
        subscriber
    )
    .fetch_optional(pool)
    .await
}

/// Moves the position forward within the epoch that we know; `false` when another replica has gone on to another epoch, or there is no place yet.
pub(crate) async fn advance(pool: &PgPool, subscriber: &str, place: Place) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE subscriber_places SET position = greatest(position, $3) WHERE subscriber = $1 AND epoch = $2",
        subscriber,
        place.epoch,
        place.position
    )
    .execute(pool)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Writes a place down: position 0 begins again, otherwise an epoch never goes back, nor a position within it.
pub(crate) async fn settle(pool: &PgPool, subscriber: &str, place: Place) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO subscriber_places (subscriber, epoch, position) VALUES ($1, $2, $3)
         ON CONFLICT (subscriber) DO UPDATE SET epoch = $2, position = CASE
             WHEN $3 > 0 AND subscriber_places.epoch = $2 THEN greatest(subscriber_places.position, $3) ELSE $3 END
         WHERE subscriber_places.epoch <= $2",
        subscriber,
        place.epoch,
        place.position
    )
    .execute(pool)
    .await?;
    Ok(())
}
