//! Agents' accounts: made by operators, never by the account form. Their login lies in the same column as a member's, so one login is one account.

use chrono::{DateTime, Utc};
use kernel::{AccountId, Locale, MemberId, Role};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{duties, first_administrator};
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

/// Every administrator whose account is open, seen by somebody who asks for this login.
pub(crate) async fn administrators(
    conn: &mut PgConnection,
    login_index: &[u8],
) -> Result<Vec<first_administrator::Standing>, Error> {
    let rows = sqlx::query!(
        r#"SELECT id, password_hash IS NOT NULL AS "has_password!", matricule_index IS NOT DISTINCT FROM $2 AS "same_login!"
           FROM accounts WHERE kind = 'agent' AND disabled_at IS NULL AND $1 = ANY (roles) ORDER BY id"#,
        Role::Administrator.as_str(),
        login_index
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| first_administrator::Standing {
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
    /// Sealed.
    pub(crate) login: &'a [u8],
    /// Sealed.
    pub(crate) email: &'a [u8],
    pub(crate) own_member_id: Option<MemberId>,
    /// Said to be no member.
    pub(crate) no_membership: bool,
    pub(crate) roles: &'a [Role],
    pub(crate) locale: Locale,
    pub(crate) now: DateTime<Utc>,
}

/// Makes the account; `false` when the login is somebody's already.
pub(crate) async fn insert(conn: &mut PgConnection, new: NewAgentAccount<'_>) -> Result<bool, Error> {
    let done = sqlx::query!(
        "INSERT INTO accounts (id, kind, matricule_index, login_sealed, own_member_id, roles, locale, created_at, email_sealed, no_membership)
         VALUES ($1, 'agent', $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (matricule_index) DO NOTHING",
        new.id.as_uuid(),
        new.login_index,
        new.login,
        new.own_member_id.map(MemberId::as_uuid),
        &words(new.roles),
        new.locale.as_str(),
        new.now,
        new.email,
        new.no_membership
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

fn words(roles: &[Role]) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}

/// An agent as administrators change one.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) locale: Locale,
    pub(crate) disabled: bool,
    /// The roles' words.
    pub(crate) roles: Vec<String>,
    /// The member that they are.
    pub(crate) own_member_id: Option<MemberId>,
    /// Said to be no member.
    pub(crate) no_membership: bool,
    /// Sealed; none for an account that was made before addresses were kept.
    pub(crate) email: Option<Vec<u8>>,
}

impl Standing {
    /// Whether they are a member, or that they are none.
    pub(crate) fn membership_said(&self) -> bool {
        self.own_member_id.is_some() || self.no_membership
    }
}

/// The agent with this id, locked until the transaction ends.
pub(crate) async fn locked(conn: &mut PgConnection, id: AccountId) -> Result<Option<Standing>, Error> {
    let row = sqlx::query!(
        r#"SELECT locale, roles, email_sealed, own_member_id, no_membership, disabled_at IS NOT NULL AS "disabled!"
           FROM accounts
           WHERE id = $1 AND kind = 'agent' FOR NO KEY UPDATE"#,
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Standing {
            locale: Locale::parse(&row.locale).map_err(|_| Error::Unreadable("accounts.locale"))?,
            disabled: row.disabled,
            roles: row.roles,
            own_member_id: row.own_member_id.map(MemberId::from_uuid),
            no_membership: row.no_membership,
            email: row.email_sealed,
        })
    })
    .transpose()
}

/// Whether the agent holds the role now and it counts, whatever their token says; keeps it so until the transaction ends.
pub(crate) async fn still_holds(conn: &mut PgConnection, id: AccountId, role: Role) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT $2 = ANY (roles) AND disabled_at IS NULL AND (own_member_id IS NOT NULL OR no_membership OR NOT $3) AS "holds!"
           FROM accounts WHERE id = $1 AND kind = 'agent' FOR SHARE"#,
        id.as_uuid(),
        role.as_str(),
        duties::need_membership(&[role])
    );
    Ok(found.fetch_optional(conn).await?.unwrap_or(false))
}

/// Whether an open account other than `but` carries this membership.
pub(crate) async fn carries(
    conn: &mut PgConnection,
    member: MemberId,
    but: Option<AccountId>,
) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM accounts WHERE own_member_id = $1 AND disabled_at IS NULL AND id IS DISTINCT FROM $2) AS "found!""#,
        member.as_uuid(),
        but.map(AccountId::as_uuid)
    );
    Ok(found.fetch_one(conn).await?)
}

/// The account's new version.
pub(crate) async fn set_roles(conn: &mut PgConnection, id: AccountId, roles: &[Role]) -> Result<i64, Error> {
    let version = sqlx::query_scalar!(
        "UPDATE accounts SET roles = $2, version = version + 1 WHERE id = $1 RETURNING version",
        id.as_uuid(),
        &words(roles)
    );
    Ok(version.fetch_one(conn).await?)
}

/// Notes the agent's membership, or that there is none; the account's new version.
pub(crate) async fn set_membership(
    conn: &mut PgConnection,
    id: AccountId,
    member: Option<MemberId>,
) -> Result<i64, Error> {
    let version = sqlx::query_scalar!(
        "UPDATE accounts SET own_member_id = $2, no_membership = $2::uuid IS NULL, version = version + 1 WHERE id = $1 RETURNING version",
        id.as_uuid(),
        member.map(MemberId::as_uuid)
    );
    Ok(version.fetch_one(conn).await?)
}

/// Moves the account's version on, for an event about something that stands elsewhere.
pub(crate) async fn next_version(conn: &mut PgConnection, id: AccountId) -> Result<i64, Error> {
    let version = sqlx::query_scalar!(
        "UPDATE accounts SET version = version + 1 WHERE id = $1 RETURNING version",
        id.as_uuid()
    );
    Ok(version.fetch_one(conn).await?)
}

/// Replaces the address on file.
pub(crate) async fn set_email(conn: &mut PgConnection, id: AccountId, sealed: &[u8]) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE accounts SET email_sealed = $2 WHERE id = $1",
        id.as_uuid(),
        sealed
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes the account for good: without a password nothing opens it.
pub(crate) async fn disable(conn: &mut PgConnection, id: AccountId, now: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE accounts SET disabled_at = $2, password_hash = NULL, password_set_at = NULL, version = version + 1 WHERE id = $1",
        id.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An agent in the list.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) id: AccountId,
    /// Sealed; none for an account that was made before logins were kept.
    pub(crate) login: Option<Vec<u8>>,
    pub(crate) roles: Vec<String>,
    pub(crate) locale: String,
    pub(crate) own_member_id: Option<Uuid>,
    pub(crate) no_membership: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) activated_at: Option<DateTime<Utc>>,
    pub(crate) disabled_at: Option<DateTime<Utc>>,
    pub(crate) second_factor: bool,
    pub(crate) recovery_codes_left: i64,
}

/// Agents after a place in the order of their making.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: (DateTime<Utc>, Uuid),
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let rows = sqlx::query!(
        r#"SELECT id, login_sealed, roles, locale, own_member_id, no_membership, created_at, activated_at, disabled_at,
                  EXISTS (SELECT FROM second_factors AS f WHERE f.account_id = accounts.id AND f.confirmed_at IS NOT NULL) AS "second_factor!",
                  (SELECT count(*) FROM recovery_codes AS c WHERE c.account_id = accounts.id AND c.used_at IS NULL) AS "left!"
           FROM accounts WHERE kind = 'agent' AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3"#,
        after.0,
        after.1,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            id: AccountId::from_uuid(row.id),
            login: row.login_sealed,
            roles: row.roles,
            locale: row.locale,
            own_member_id: row.own_member_id,
            no_membership: row.no_membership,
            created_at: row.created_at,
            activated_at: row.activated_at,
            disabled_at: row.disabled_at,
            second_factor: row.second_factor,
            recovery_codes_left: row.left,
        })
        .collect())
}
