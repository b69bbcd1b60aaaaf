//! Who accepted which version of the terms, and when: written once, never changed.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use sqlx::PgConnection;

use crate::error::Error;

/// Keeps the first acceptance; `false` when this version was accepted before.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    account: AccountId,
    version: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO terms_acceptances (account_id, version, accepted_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account.as_uuid(),
        version,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn exists(
    conn: &mut PgConnection,
    account: AccountId,
    version: &str,
) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        "SELECT EXISTS (SELECT 1 FROM terms_acceptances WHERE account_id = $1 AND version = $2)",
        account.as_uuid(),
        version
    )
    .fetch_one(conn)
    .await?;
    Ok(found.unwrap_or(false))
}
