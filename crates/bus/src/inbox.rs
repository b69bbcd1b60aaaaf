//! What a subscriber has applied, written beside the effect in its transaction; and where it stands in the stream.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::event::IncomingEvent;
use crate::position::Place;

/// What a subscriber asks about a chunk that is not wholly new.
pub(crate) struct Look {
    /// Events that were applied or parked before.
    pub(crate) seen: HashSet<Uuid>,
    /// Records of which an event is parked.
    pub(crate) parked: HashSet<Uuid>,
    /// No replica has gone on to another epoch; `true` without a place.
    pub(crate) here: bool,
}

/// Looks at what is known of these events.
pub(crate) async fn look(
    pool: &PgPool,
    subscriber: &str,
    events: &[IncomingEvent],
    place: Option<Place>,
) -> Result<Look, sqlx::Error> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    let records: Vec<Uuid> = events.iter().map(|event| event.aggregate).collect();
    // So that only the months of these events are looked at. What is asked about stands in subselects, so that no plan is cheaper for what it is: the
    // server then makes one plan and keeps it, which for a table of many months is dearer than the look.
    let times = || events.iter().map(time_of);
    let row = sqlx::query!(
        r#"SELECT EXISTS (SELECT 1 FROM subscriber_places WHERE subscriber = $1 AND epoch = $6) AS "here!",
            ARRAY(SELECT event_id FROM inbox
                  WHERE subscriber = $1 AND event_id = ANY((SELECT $2::uuid[])::uuid[]) AND event_time >= (SELECT $4::timestamptz) AND event_time <= (SELECT $5::timestamptz)
                  UNION ALL SELECT event_id FROM dead_letters WHERE subscriber = $1 AND event_id = ANY((SELECT $2::uuid[])::uuid[])) AS "seen!",
            ARRAY(SELECT aggregate FROM dead_letters WHERE subscriber = $1 AND aggregate = ANY((SELECT $3::uuid[])::uuid[])) AS "parked!""#,
        subscriber,
        &ids,
        &records,
        times().min(),
        times().max(),
        place.map(|place| place.epoch)
    )
    .fetch_one(pool)
    .await?;
    Ok(Look {
        seen: row.seen.into_iter().collect(),
        parked: row.parked.into_iter().collect(),
        here: row.here || place.is_none(),
    })
}

/// The time under which an event stands in the inbox, which is that of the id itself: the same event always meets the same partition.
fn time_of(event: &IncomingEvent) -> DateTime<Utc> {
    platform::ids::instant_of(event.id).unwrap_or(event.time)
}

/// Writes the events down as applied, in the transaction of their effect; `false` when any was applied or parked before, or stands behind a parked one:
/// then the transaction is to be given up.
pub(crate) async fn claim(
    conn: &mut PgConnection,
    subscriber: &str,
    events: &[IncomingEvent],
) -> Result<bool, sqlx::Error> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    let times: Vec<DateTime<Utc>> = events.iter().map(time_of).collect();
    let records: Vec<Uuid> = events.iter().map(|event| event.aggregate).collect();
    let row = sqlx::query!(
        r#"WITH marked AS (INSERT INTO inbox (subscriber, event_id, event_time) SELECT $1, * FROM UNNEST($2::uuid[], $3::timestamptz[])
                           ON CONFLICT DO NOTHING RETURNING 1)
           SELECT (SELECT count(*) FROM marked) AS "marked!",
                  EXISTS (SELECT 1 FROM dead_letters WHERE subscriber = $1 AND aggregate = ANY((SELECT $4::uuid[])::uuid[]))
                  OR EXISTS (SELECT 1 FROM dead_letters WHERE subscriber = $1 AND event_id = ANY((SELECT $2::uuid[])::uuid[])) AS "parked!""#,
        subscriber,
        &ids,
        &times,
        &records
    )
    .fetch_one(conn)
    .await?;
    Ok(!row.parked && row.marked == i64::try_from(events.len()).unwrap_or(i64::MAX))
}

/// Writes the events down as applied; `false` when another replica was first with one of them.
pub(crate) async fn mark(
    conn: &mut PgConnection,
    subscriber: &str,
    events: &[IncomingEvent],
) -> Result<bool, sqlx::Error> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    let times: Vec<DateTime<Utc>> = events.iter().map(time_of).collect();
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
pub(crate) async fn advance(
    conn: &mut PgConnection,
    subscriber: &str,
    place: Place,
) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query!(
        "UPDATE subscriber_places SET position = greatest(position, $3) WHERE subscriber = $1 AND epoch = $2",
        subscriber,
        place.epoch,
        place.position
    )
    .execute(conn)
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
