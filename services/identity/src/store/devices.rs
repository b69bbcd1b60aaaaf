//! Browsers from which an account signed in before, by the hash of their token.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Error;

/// Whether this browser is known for this account.
pub(crate) async fn is_known(
    conn: &mut PgConnection,
    account: AccountId,
    device: Uuid,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM devices WHERE id = $1 AND account_id = $2 AND token_hash = $3 AND expires_at > $4)",
        device,
        account.as_uuid(),
        token_hash,
        now
    )
    .fetch_one(conn)
    .await?;
    Ok(found.unwrap_or(false))
}

/// A sign-in from the browser: known from now on until `expires_at`.
pub(crate) async fn remember(
    conn: &mut PgConnection,
    account: AccountId,
    device: Uuid,
    token_hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO devices (id, account_id, token_hash, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)
         ON CONFLICT (id) DO UPDATE SET last_used_at = $4, expires_at = $5",
        device,
        account.as_uuid(),
        token_hash,
        now,
        expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the account's browsers, but one if it is given.
pub(crate) async fn forget_others(
    conn: &mut PgConnection,
    account: AccountId,
    but: Option<Uuid>,
) -> Result<(), Error> {
    sqlx::query!(
        "DELETE FROM devices WHERE account_id = $1 AND id IS DISTINCT FROM $2",
        account.as_uuid(),
        but
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn delete_expired(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, Error> {
    Ok(sqlx::query!("DELETE FROM devices WHERE expires_at <= $1", now)
        .execute(conn)
        .await?
        .rows_affected())
}
