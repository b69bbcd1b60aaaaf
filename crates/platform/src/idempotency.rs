//! A request that changes something executes once: the key is claimed in the transaction that does the work, and only committed outcomes are
//! kept. Keys are UUIDv7, so that one older than the rows' life is refused rather than executed again.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use prometheus_client::metrics::counter::Counter;
use ring::digest;
use sqlx::PgConnection;
use tonic::Code;
use uuid::Uuid;

use crate::ids;
use crate::metrics::counter;
use crate::status::Problem;

/// How long an outcome is kept and a key accepted.
const LIFE: TimeDelta = TimeDelta::hours(72);
/// How far ahead a caller's clock may be.
const LEEWAY: TimeDelta = TimeDelta::minutes(5);

static REPLAYS: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "idempotency_replays",
        "Requests that came again and were answered with what the first one made",
    )
});
static CONFLICTS: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "idempotency_conflicts",
        "Requests that were refused because their key belongs to another request",
    )
});

/// Shows what has not happened yet as 0.
pub(crate) fn counts() {
    for count in [&REPLAYS, &CONFLICTS] {
        LazyLock::force(count);
    }
}

/// Names a request: who asks, which method, the key that the caller drew.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyKey<'a> {
    pub caller: &'a str,
    pub method: &'static str,
    pub key: &'a str,
}

/// Whether the work is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Do it, then [`complete`] in the same transaction.
    Begin,
    /// It was done; answer from the record named.
    Replay { result_id: Uuid },
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    #[error("the idempotency key is not a UUIDv7")]
    KeyMalformed,
    #[error("the idempotency key is older than 72 hours")]
    KeyTooOld,
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error("the idempotency table")]
    Database(#[from] sqlx::Error),
}

impl IdempotencyError {
    /// The refusal to answer; `None` when the database failed and the service's own conversion applies.
    #[must_use]
    pub fn to_problem(&self) -> Option<Problem> {
        let (code, reason) = match self {
            Self::KeyMalformed => (Code::InvalidArgument, "IDEMPOTENCY_KEY_MALFORMED"),
            Self::KeyTooOld => (Code::FailedPrecondition, "IDEMPOTENCY_KEY_TOO_OLD"),
            Self::KeyReused => (Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED"),
            Self::Database(_) => return None,
        };
        Some(Problem::new(code, reason).message(self.to_string()).field(
            "idempotency_key",
            reason,
            "draw a new UUIDv7",
        ))
    }
}

/// SHA-256 of a request message, to notice a key that comes back with another request.
#[must_use]
pub fn hash_of(request: &impl prost::Message) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, &request.encode_to_vec()).as_ref());
    hash
}

/// Claims the key inside the caller's transaction. A second transaction with the same key waits here for the first to end.
///
/// # Errors
/// A malformed, outdated or reused key, or the database.
pub async fn claim(
    conn: &mut PgConnection,
    key: IdempotencyKey<'_>,
    request_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Claim, IdempotencyError> {
    claim_with(conn, key, request_hash, now, None).await
}

/// The same for a request that knows beforehand which record it leads to: claim and outcome are one row, which commits with the work or not at all,
/// and nothing is left to [`complete`].
///
/// # Errors
/// As [`claim`].
pub async fn claim_for(
    conn: &mut PgConnection,
    key: IdempotencyKey<'_>,
    request_hash: &[u8],
    now: DateTime<Utc>,
    result_id: Uuid,
) -> Result<Claim, IdempotencyError> {
    claim_with(conn, key, request_hash, now, Some(result_id)).await
}

async fn claim_with(
    conn: &mut PgConnection,
    key: IdempotencyKey<'_>,
    request_hash: &[u8],
    now: DateTime<Utc>,
    result_id: Option<Uuid>,
) -> Result<Claim, IdempotencyError> {
    let (id, at) = parse(key.key, now)?;
    let inserted = sqlx::query!(
        "INSERT INTO idempotency (caller, method, key, key_time, request_hash, result_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        key.caller,
        key.method,
        id,
        at,
        request_hash,
        result_id
    )
    .execute(&mut *conn)
    .await?;
    if inserted.rows_affected() == 1 {
        return Ok(Claim::Begin);
    }
    let row = sqlx::query!(
        "SELECT request_hash, result_id FROM idempotency WHERE caller = $1 AND method = $2 AND key = $3 AND key_time = $4 FOR UPDATE",
        key.caller,
        key.method,
        id,
        at
    )
    .fetch_one(&mut *conn)
    .await?;
    if row.request_hash != request_hash {
        CONFLICTS.inc();
        return Err(IdempotencyError::KeyReused);
    }
    match (row.result_id, result_id) {
        (Some(result_id), _) => {
            REPLAYS.inc();
            Ok(Claim::Replay { result_id })
        }
        // A committed row without a result means that the first request committed nothing else: it is done anew.
        (None, Some(result_id)) => {
            complete(conn, key, result_id).await?;
            Ok(Claim::Begin)
        }
        (None, None) => Ok(Claim::Begin),
    }
}

/// Writes down what the request made.
///
/// # Errors
/// A malformed key or the database.
pub async fn complete(
    conn: &mut PgConnection,
    key: IdempotencyKey<'_>,
    result_id: Uuid,
) -> Result<(), IdempotencyError> {
    let id = Uuid::parse_str(key.key).map_err(|_| IdempotencyError::KeyMalformed)?;
    let at = ids::instant_of(id).ok_or(IdempotencyError::KeyMalformed)?;
    sqlx::query!(
        "UPDATE idempotency SET result_id = $5 WHERE caller = $1 AND method = $2 AND key = $3 AND key_time = $4",
        key.caller,
        key.method,
        id,
        at,
        result_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn parse(key: &str, now: DateTime<Utc>) -> Result<(Uuid, DateTime<Utc>), IdempotencyError> {
    let id = Uuid::parse_str(key).map_err(|_| IdempotencyError::KeyMalformed)?;
    let at = ids::instant_of(id).ok_or(IdempotencyError::KeyMalformed)?;
    if at > now + LEEWAY {
        return Err(IdempotencyError::KeyMalformed);
    }
    if now - at > LIFE {
        return Err(IdempotencyError::KeyTooOld);
    }
    Ok((id, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default() + TimeDelta::hours(hours)
    }

    #[test]
    fn a_key_older_than_its_row_is_refused_rather_than_executed_again() {
        let key = ids::uuid_v7(at(0)).to_string();
        assert!(parse(&key, at(71)).is_ok());
        assert!(matches!(parse(&key, at(73)), Err(IdempotencyError::KeyTooOld)));
    }

    #[test]
    fn only_a_uuid_of_version_7_is_a_key() {
        for key in [
            "",
            "1",
            "00000000-0000-4000-8000-000000000000",
            "not a key at all but quite long, longer than a key",
        ] {
            assert!(
                matches!(parse(key, at(0)), Err(IdempotencyError::KeyMalformed)),
                "{key}"
            );
        }
    }
}
