//! Sessions by the hash of their token. An ended session has no row. Whether one is alive is judged in `domain/session.rs`.

use chrono::{DateTime, Utc};
use kernel::{AccountId, Assurance, SessionId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::session::SessionLife;
use crate::error::Error;

/// One session, alive or not.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) account_id: AccountId,
    pub(crate) device_id: Option<Uuid>,
    pub(crate) device_label: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) life: SessionLife,
    pub(crate) assurance: Assurance,
}

/// A session to be written. It has proved one factor.
#[derive(Debug)]
pub(crate) struct NewSession<'a> {
    pub(crate) id: SessionId,
    pub(crate) account_id: AccountId,
    pub(crate) device_id: Uuid,
    pub(crate) token_hash: &'a [u8],
    pub(crate) device_label: &'a str,
    pub(crate) now: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

struct Row {
    id: Uuid,
    account_id: Uuid,
    device_id: Option<Uuid>,
    device_label: String,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    assurance: i16,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            account_id: AccountId::from_uuid(row.account_id),
            device_id: row.device_id,
            device_label: row.device_label,
            created_at: row.created_at,
            life: SessionLife {
                last_seen_at: row.last_seen_at,
                expires_at: row.expires_at,
            },
            assurance: if row.assurance == 2 {
                Assurance::Two
            } else {
                Assurance::One
            },
        }
    }
}

pub(crate) async fn insert(conn: &mut PgConnection, session: NewSession<'_>) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO sessions (id, account_id, device_id, token_hash, device_label, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        session.id.as_uuid(),
        session.account_id.as_uuid(),
        session.device_id,
        session.token_hash,
        session.device_label,
        session.now,
        session.expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn by_token(conn: &mut PgConnection, token_hash: &[u8]) -> Result<Option<Session>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, account_id, device_id, device_label, created_at, last_seen_at, expires_at, assurance FROM sessions WHERE token_hash = $1",
        token_hash
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Session::from))
}

/// The account's sessions, newest use first; fifty are more than anybody reads.
pub(crate) async fn of_account(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Session>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, account_id, device_id, device_label, created_at, last_seen_at, expires_at, assurance FROM sessions
         WHERE account_id = $1 ORDER BY last_seen_at DESC, id LIMIT 50",
        account.as_uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

pub(crate) async fn touch(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE sessions SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1",
        id.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises a session to two factors under a token of its own; `false` when it ended meanwhile or goes by another token already.
pub(crate) async fn raise(
    conn: &mut PgConnection,
    id: SessionId,
    token_hash: &[u8],
    fresh_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE sessions SET assurance = 2, token_hash = $3, last_seen_at = greatest(last_seen_at, $4) WHERE id = $1 AND token_hash = $2",
        id.as_uuid(),
        token_hash,
        fresh_hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends one session of this account; `false` when the account has no such session.
pub(crate) async fn end(conn: &mut PgConnection, account: AccountId, id: SessionId) -> Result<bool, Error> {
    let done = sqlx::query!(
        "DELETE FROM sessions WHERE id = $1 AND account_id = $2",
        id.as_uuid(),
        account.as_uuid()
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the session with this token: its id and account, if there was one.
pub(crate) async fn end_by_token(
    conn: &mut PgConnection,
    token_hash: &[u8],
) -> Result<Option<(SessionId, AccountId)>, Error> {
    let row = sqlx::query!(
        "DELETE FROM sessions WHERE token_hash = $1 RETURNING id, account_id",
        token_hash
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (SessionId::from_uuid(row.id), AccountId::from_uuid(row.account_id))))
}

/// Ends the account's sessions, but one if it is given.
pub(crate) async fn end_others(
    conn: &mut PgConnection,
    account: AccountId,
    but: Option<SessionId>,
) -> Result<(), Error> {
    sqlx::query!(
        "DELETE FROM sessions WHERE account_id = $1 AND id IS DISTINCT FROM $2",
        account.as_uuid(),
        but.map(SessionId::as_uuid)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes sessions that ended by their own dates.
pub(crate) async fn delete_ended(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    idle_since: DateTime<Utc>,
) -> Result<u64, Error> {
    let done = sqlx::query!(
        "DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2",
        now,
        idle_since
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
