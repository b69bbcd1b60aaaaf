//! Agents' accounts: made by operators, never by the account form. Their login lies in the same column as a member's, so one login is one account.

use chrono::{DateTime, Utc};
use kernel::{AccountId, Locale, Role};
use sqlx::PgConnection;

use crate::domain::first_administrator::Standing;
use crate::error::Error;

/// Names the lock; any number that no other lock of this database has.
const ADMINISTRATION_LOCK: i64 = 0x1d_ad31;

/// Lets one after the other decide about administrators, until the transaction ends: there may be no row yet that could be locked.
pub(crate) async fn lock_administration(conn: &mut PgConnection) -> Result<(), Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", ADMINISTRATION_LOCK)
        .execute(conn)
        .await?;
    Ok(())
}

/// Every administrator, seen by somebody who asks for this login.
pub(crate) async fn administrators(
    conn: &mut PgConnection,
    login_index: &[u8],
) -> Result<Vec<Standing>, Error> {
    let rows = sqlx::query!(
        r#"SELECT id, password_hash IS NOT NULL AS "has_password!", matricule_index IS NOT DISTINCT FROM $2 AS "same_login!"
           FROM accounts WHERE kind = 'agent' AND $1 = ANY (roles) ORDER BY id"#,
        Role::Administrator.as_str(),
        login_index
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Standing {
            id: AccountId::from_uuid(row.id),
            has_password: row.has_password,
            same_login: row.same_login,
        })
        .collect())
}

/// What an agent's account begins with.
#[derive(Debug)]
pub(crate) struct NewAgentAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) login_index: &'a [u8],
    pub(crate) roles: &'a [Role],
    pub(crate) locale: Locale,
    pub(crate) now: DateTime<Utc>,
}

/// Makes the account; `false` when the login is somebody's already.
pub(crate) async fn insert(conn: &mut PgConnection, new: NewAgentAccount<'_>) -> Result<bool, Error> {
    let roles: Vec<String> = new.roles.iter().map(ToString::to_string).collect();
    let done = sqlx::query!(
        "INSERT INTO accounts (id, kind, matricule_index, roles, locale, created_at) VALUES ($1, 'agent', $2, $3, $4, $5)
         ON CONFLICT (matricule_index) DO NOTHING",
        new.id.as_uuid(),
        new.login_index,
        &roles,
        new.locale.as_str(),
        new.now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a login is an agent's: the account form never takes such a one over.
pub(crate) async fn has_login(conn: &mut PgConnection, login_index: &[u8]) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM accounts WHERE matricule_index = $1 AND kind = 'agent') AS "found!""#,
        login_index
    );
    Ok(found.fetch_one(conn).await?)
}
