//! Second factors and their recovery codes. The secret is sealed by the caller, codes are keyed hashes; what is open is `domain/second_factor.rs`.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use sqlx::PgConnection;

use crate::error::Error;

/// An account's factor.
#[derive(Debug)]
pub(crate) struct SecondFactorRow {
    /// Sealed.
    pub(crate) secret: Vec<u8>,
    pub(crate) confirmed: bool,
    pub(crate) last_step: Option<i64>,
}

pub(crate) async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
) -> Result<Option<SecondFactorRow>, Error> {
    let row = sqlx::query!(
        "SELECT secret, confirmed_at, last_step FROM second_factors WHERE account_id = $1",
        account.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| SecondFactorRow {
        secret: row.secret,
        confirmed: row.confirmed_at.is_some(),
        last_step: row.last_step,
    }))
}

/// Whether the account has a confirmed one.
pub(crate) async fn is_enrolled(conn: &mut PgConnection, account: AccountId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM second_factors WHERE account_id = $1 AND confirmed_at IS NOT NULL) AS "found!""#,
        account.as_uuid()
    );
    Ok(found.fetch_one(conn).await?)
}

/// Begins an enrolment, or begins it anew; `false` when there is a confirmed one.
pub(crate) async fn begin(
    conn: &mut PgConnection,
    account: AccountId,
    secret: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO second_factors (account_id, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
         WHERE second_factors.confirmed_at IS NULL",
        account.as_uuid(),
        secret,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Confirms the enrolment whose secret was proved; `false` when another was begun or confirmed meanwhile.
pub(crate) async fn confirm(
    conn: &mut PgConnection,
    account: AccountId,
    secret: &[u8],
    step: i64,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE second_factors SET confirmed_at = $4, last_step = $3 WHERE account_id = $1 AND secret = $2 AND confirmed_at IS NULL",
        account.as_uuid(),
        secret,
        step,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the code of a step; `false` when it or a later one was taken. Whoever comes second waits here and gets nothing.
pub(crate) async fn take_step(conn: &mut PgConnection, account: AccountId, step: i64) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE second_factors SET last_step = $2 WHERE account_id = $1 AND last_step < $2",
        account.as_uuid(),
        step
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn insert_recovery_codes(
    conn: &mut PgConnection,
    account: AccountId,
    hashes: &[Vec<u8>],
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO recovery_codes (account_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS hash",
        account.as_uuid(),
        hashes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those before are of no use.
pub(crate) async fn forget_recovery_codes(conn: &mut PgConnection, account: AccountId) -> Result<(), Error> {
    sqlx::query!(
        "DELETE FROM recovery_codes WHERE account_id = $1",
        account.as_uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a recovery code; `false` when it is not one of the account's or was taken.
pub(crate) async fn take_recovery_code(
    conn: &mut PgConnection,
    account: AccountId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE recovery_codes SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL",
        account.as_uuid(),
        hash,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(crate) async fn recovery_codes_left(conn: &mut PgConnection, account: AccountId) -> Result<i64, Error> {
    let left = sqlx::query_scalar!(
        r#"SELECT count(*) AS "left!" FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL"#,
        account.as_uuid()
    );
    Ok(left.fetch_one(conn).await?)
}

/// Forgets the factor, confirmed or not, and its recovery codes; `false` when there was none.
pub(crate) async fn forget(conn: &mut PgConnection, account: AccountId) -> Result<bool, Error> {
    let done = sqlx::query!(
        "DELETE FROM second_factors WHERE account_id = $1",
        account.as_uuid()
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
