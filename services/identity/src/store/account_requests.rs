//! Account forms that wait to be matched. The payload is sealed by the caller and gone once the request is closed.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Error;

/// How a request ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Matched,
    Unmatched,
    GivenUp,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Unmatched => "unmatched",
            Self::GivenUp => "given_up",
        }
    }
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    id: Uuid,
    payload: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO account_requests (id, payload, state, created_at) VALUES ($1, $2, 'waiting', $3)",
        id,
        payload,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The sealed payload while the request waits.
pub(crate) async fn waiting_payload(conn: &mut PgConnection, id: Uuid) -> Result<Option<Vec<u8>>, Error> {
    let row = sqlx::query_scalar!(
        "SELECT payload FROM account_requests WHERE id = $1 AND state = 'waiting'",
        id
    );
    Ok(row.fetch_optional(conn).await?.flatten())
}

/// Closes a waiting request; `false` when another run was first.
pub(crate) async fn close(
    conn: &mut PgConnection,
    id: Uuid,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE account_requests SET state = $2, payload = NULL, closed_at = $3 WHERE id = $1 AND state = 'waiting'",
        id,
        outcome.as_str(),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes requests made before a date.
pub(crate) async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    Ok(
        sqlx::query!("DELETE FROM account_requests WHERE created_at < $1", before)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
