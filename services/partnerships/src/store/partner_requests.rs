//! `partner_requests`: what was answered to a partner's request with an Idempotency-Key. The row is written with the work, so a second request with
//! the key waits here for the first to end.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::StoreError;

/// Names a request: which client, on which route, with which key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestName<'a> {
    pub(crate) client: &'a str,
    /// Method and path.
    pub(crate) route: &'a str,
    pub(crate) key: &'a str,
}

/// What stands under a key.
pub(crate) enum Claim {
    /// Nothing, or only what is older than `forgotten`: the row is ours until the transaction ends.
    Fresh,
    /// It was taken, and let go of since: whoever asks again finds it free.
    Gone,
    /// An earlier request and its answer.
    Answered { request_hash: Vec<u8>, answer: String },
}

/// Claims the key; rows made before `forgotten` count as gone.
pub(crate) async fn claim(
    conn: &mut PgConnection,
    name: RequestName<'_>,
    request_hash: &[u8],
    now: DateTime<Utc>,
    forgotten: DateTime<Utc>,
) -> Result<Claim, StoreError> {
    let claimed = sqlx::query!(
        "INSERT INTO partner_requests AS known (client_id, route, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (client_id, route, key) DO UPDATE
            SET request_hash = excluded.request_hash, created_at = excluded.created_at, answer = NULL
            WHERE known.created_at < $6",
        name.client,
        name.route,
        name.key,
        request_hash,
        now,
        forgotten
    )
    .execute(&mut *conn)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(Claim::Fresh);
    }
    let row = sqlx::query!(
        "SELECT request_hash, answer FROM partner_requests WHERE client_id = $1 AND route = $2 AND key = $3",
        name.client,
        name.route,
        name.key
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else {
        return Ok(Claim::Gone);
    };
    // Committed with the work or not at all: a row without an answer cannot be seen.
    let answer = row.answer.ok_or(StoreError::Corrupt {
        table: "partner_requests",
    })?;
    Ok(Claim::Answered {
        request_hash: row.request_hash,
        answer,
    })
}

/// Keeps the answer.
pub(crate) async fn complete(
    conn: &mut PgConnection,
    name: RequestName<'_>,
    answer: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE partner_requests SET answer = $4 WHERE client_id = $1 AND route = $2 AND key = $3",
        name.client,
        name.route,
        name.key,
        answer
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes what was answered before then. Returns how much.
pub(crate) async fn forget(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(
        sqlx::query!("DELETE FROM partner_requests WHERE created_at < $1", before)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}

/// Deletes what one client was answered: it speaks for nobody, or for another partner, from now on.
pub(crate) async fn forget_client(conn: &mut PgConnection, client: &str) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM partner_requests WHERE client_id = $1", client)
        .execute(conn)
        .await?;
    Ok(())
}
