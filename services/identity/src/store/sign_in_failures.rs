//! Wrong passwords per login and device. In Postgres and not in Redis, so that a flush does not open the door to guessing.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::lockout::Failures;
use crate::error::Error;

/// All strangers together share one count.
pub(crate) const STRANGERS: Uuid = Uuid::nil();

/// The failures so far. The row is locked until the transaction ends, also when it had to be made, so that parallel attempts follow one another.
pub(crate) async fn locked(
    conn: &mut PgConnection,
    login_index: &[u8],
    device: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Failures>, Error> {
    let row = sqlx::query!(
        "INSERT INTO sign_in_failures (login_index, device_id, count, last_at, slow_until) VALUES ($1, $2, 0, $3, $3)
         ON CONFLICT (login_index, device_id) DO UPDATE SET count = sign_in_failures.count
         RETURNING count, last_at, slow_until",
        login_index,
        device,
        now
    )
    .fetch_one(conn)
    .await?;
    let count = u32::try_from(row.count).map_err(|_| Error::Unreadable("sign_in_failures.count"))?;
    Ok((count > 0).then_some(Failures {
        count,
        last_at: row.last_at,
        slow_until: row.slow_until,
    }))
}

pub(crate) async fn save(
    conn: &mut PgConnection,
    login_index: &[u8],
    device: Uuid,
    failures: Failures,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE sign_in_failures SET count = $3, last_at = $4, slow_until = $5 WHERE login_index = $1 AND device_id = $2",
        login_index,
        device,
        i32::try_from(failures.count).unwrap_or(i32::MAX),
        failures.last_at,
        failures.slow_until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The right password was given from this device.
pub(crate) async fn forget(conn: &mut PgConnection, login_index: &[u8], device: Uuid) -> Result<(), Error> {
    sqlx::query!(
        "DELETE FROM sign_in_failures WHERE login_index = $1 AND device_id = $2",
        login_index,
        device
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The password was replaced by the link: all counts of the login begin anew.
pub(crate) async fn forget_all(conn: &mut PgConnection, login_index: &[u8]) -> Result<(), Error> {
    sqlx::query!("DELETE FROM sign_in_failures WHERE login_index = $1", login_index)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    Ok(
        sqlx::query!("DELETE FROM sign_in_failures WHERE last_at < $1", before)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
