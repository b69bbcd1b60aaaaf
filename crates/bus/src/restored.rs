//! A database that was put back to an older state, as the bus sees it. The relay must announce an epoch that no life since the backup announced;
//! subscribers must not believe the broker's durables, which know of events whose effect is gone. Restoring itself is not done here.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

/// A restore, as it is written down in the database that was restored.
#[derive(Clone, Debug)]
pub struct Restore<'a> {
    /// The backup's name.
    pub backup: &'a str,
    /// When the state was read that the database went back to.
    pub backup_at: DateTime<Utc>,
    /// Now: later than every life of the relay since the backup.
    pub restored_at: DateTime<Utc>,
    /// How far what is counted for people is moved on.
    pub numbers_ahead: i64,
}

/// Writes a restore down, and moves the relay's epoch beyond every one that may have been announced since the backup: epochs begin as the instant
/// in nanoseconds at which the stream was made and grow by one with each life of the relay, so that the present instant is higher.
///
/// # Errors
/// The database.
pub async fn write_restore(conn: &mut PgConnection, restore: &Restore<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO restores (backup, backup_at, restored_at, numbers_ahead) VALUES ($1, $2, $3, $4)",
        restore.backup,
        restore.backup_at,
        restore.restored_at,
        restore.numbers_ahead
    )
    .execute(&mut *conn)
    .await?;
    let epoch = restore
        .restored_at
        .timestamp_nanos_opt()
        .ok_or_else(|| sqlx::Error::Encode("an instant beyond the year 2262".into()))?;
    sqlx::query!(
        "INSERT INTO relay_position (epoch, sequence, announced) VALUES ('', 0, $1)
         ON CONFLICT (only_row) DO UPDATE SET announced = greatest(relay_position.announced, $1)",
        epoch
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether what happened at this instant is older than the last restore of this database: whoever had to be told of it may have been told.
///
/// # Errors
/// The database.
pub async fn is_older_than_restore(conn: &mut PgConnection, at: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM restores WHERE restored_at > $1) AS "older!""#,
        at
    )
    .fetch_one(conn)
    .await
}

/// How many restores there were, when the subscriber has not honoured all of them.
pub(crate) async fn not_honoured(pool: &PgPool, subscriber: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "restores!" FROM restores
           HAVING count(*) > coalesce((SELECT restores FROM subscriber_places WHERE subscriber = $1), 0)"#,
        subscriber
    )
    .fetch_optional(pool)
    .await
}

/// The subscriber reads its stream from the beginning.
pub(crate) async fn honour(pool: &PgPool, subscriber: &str, restores: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO subscriber_places (subscriber, epoch, position, restores) VALUES ($1, 0, 0, $2)
         ON CONFLICT (subscriber) DO UPDATE SET position = 0, restores = $2",
        subscriber,
        restores
    )
    .execute(pool)
    .await?;
    Ok(())
}
