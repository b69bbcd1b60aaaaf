//! Client assertions that gave a token: each one only once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::Error;

/// Takes an assertion; `false` when it was taken before.
pub(crate) async fn take(
    conn: &mut PgConnection,
    client: &str,
    jti: &str,
    expires_at: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO client_assertions (client_id, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        client,
        jti,
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn delete_expired(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, Error> {
    Ok(
        sqlx::query!("DELETE FROM client_assertions WHERE expires_at < $1", now)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
