//! Codes that the desk printed: one open one per account, found through the login, counted with every attempt.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::desk::CodeLife;
use crate::error::Error;

/// An open code without the code, which is not stored.
#[derive(Debug)]
pub(crate) struct OpenCode {
    pub(crate) id: Uuid,
    pub(crate) account_id: AccountId,
    pub(crate) code_hash: Vec<u8>,
    pub(crate) life: CodeLife,
    /// Two agents identified the member.
    pub(crate) two_agents: bool,
}

/// A code to be written.
#[derive(Debug)]
pub(crate) struct NewCode<'a> {
    pub(crate) id: Uuid,
    pub(crate) account_id: AccountId,
    pub(crate) code_hash: &'a [u8],
    pub(crate) two_agents: bool,
    pub(crate) now: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Voids the account's open code, if any: another is printed, or its owner chose a password. The account's row is locked by the caller.
pub(crate) async fn void_open(
    conn: &mut PgConnection,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE activation_codes SET voided_at = $2 WHERE account_id = $1 AND used_at IS NULL AND voided_at IS NULL",
        account.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert(conn: &mut PgConnection, code: NewCode<'_>) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO activation_codes (id, account_id, code_hash, created_at, expires_at, two_agents) VALUES ($1, $2, $3, $4, $5, $6)",
        code.id,
        code.account_id.as_uuid(),
        code.code_hash,
        code.now,
        code.expires_at,
        code.two_agents
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts an attempt on the open code of a login, before anybody looks whether it is right; none: there is no such code. One statement either way.
pub(crate) async fn count_attempt(
    conn: &mut PgConnection,
    login_index: &[u8],
) -> Result<Option<OpenCode>, Error> {
    let row = sqlx::query!(
        "UPDATE activation_codes SET attempts = attempts + 1
         WHERE used_at IS NULL AND voided_at IS NULL
           AND account_id = (SELECT id FROM accounts WHERE matricule_index = $1 AND kind = 'member')
         RETURNING id, account_id, code_hash, attempts, expires_at, two_agents",
        login_index
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| OpenCode {
        id: row.id,
        account_id: AccountId::from_uuid(row.account_id),
        code_hash: row.code_hash,
        life: CodeLife {
            expires_at: row.expires_at,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        },
        two_agents: row.two_agents,
    }))
}

/// Uses the code if it is still open; `false` when somebody was first or a newer one was printed.
pub(crate) async fn use_up(conn: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE activation_codes SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND voided_at IS NULL",
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes codes made before a date.
pub(crate) async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    Ok(
        sqlx::query!("DELETE FROM activation_codes WHERE created_at < $1", before)
            .execute(conn)
            .await?
            .rows_affected(),
    )
}
