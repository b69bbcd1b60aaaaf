//! Accounts: found by login or membership, never listed. The login is a blind index; no name or number is here.

use chrono::{DateTime, Utc};
use kernel::{AccountId, Locale, MemberId, Role};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::duties;
use crate::error::Error;

/// Who signs in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    /// A member's account has the membership; an agent's has roles.
    pub(crate) member_id: Option<MemberId>,
    /// An agent's own membership, as staff; never a way to act as that member.
    pub(crate) own_member_id: Option<MemberId>,
    /// Those that count: while nobody said whether the agent is a member, what opens files does not.
    pub(crate) roles: Vec<Role>,
    pub(crate) locale: Locale,
    pub(crate) password_hash: Option<String>,
    pub(crate) login_index: Option<Vec<u8>>,
}

impl Account {
    /// Agents have no membership by which they sign in.
    pub(crate) fn is_agent(&self) -> bool {
        self.member_id.is_none()
    }
}

struct Row {
    id: Uuid,
    kind: String,
    member_id: Option<Uuid>,
    own_member_id: Option<Uuid>,
    no_membership: bool,
    matricule_index: Option<Vec<u8>>,
    roles: Vec<String>,
    locale: String,
    password_hash: Option<String>,
}

impl TryFrom<Row> for Account {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let roles: Result<Vec<Role>, _> = row.roles.iter().map(|role| Role::parse(role)).collect();
        let roles = roles.map_err(|_| Error::Unreadable("accounts.roles"))?;
        let membership_said = row.own_member_id.is_some() || row.no_membership;
        Ok(Self {
            id: AccountId::from_uuid(row.id),
            member_id: row
                .member_id
                .filter(|_| row.kind == "member")
                .map(MemberId::from_uuid),
            own_member_id: row.own_member_id.map(MemberId::from_uuid),
            roles: duties::in_force(roles, membership_said),
            locale: Locale::parse(&row.locale).map_err(|_| Error::Unreadable("accounts.locale"))?,
            password_hash: row.password_hash,
            login_index: row.matricule_index,
        })
    }
}

/// The account of a login.
pub(crate) async fn by_login(conn: &mut PgConnection, login_index: &[u8]) -> Result<Option<Account>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, kind, member_id, own_member_id, no_membership, matricule_index, roles, locale, password_hash FROM accounts WHERE matricule_index = $1",
        login_index
    )
    .fetch_optional(conn)
    .await?;
    row.map(Account::try_from).transpose()
}

/// The account with this id.
pub(crate) async fn by_id(conn: &mut PgConnection, id: AccountId) -> Result<Account, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, kind, member_id, own_member_id, no_membership, matricule_index, roles, locale, password_hash FROM accounts WHERE id = $1",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.ok_or(Error::AccountNotFound)?.try_into()
}

/// What a matched person's account begins with.
#[derive(Debug)]
pub(crate) struct NewMemberAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) member_id: MemberId,
    pub(crate) login_index: &'a [u8],
    pub(crate) locale: Locale,
    pub(crate) now: DateTime<Utc>,
}

/// The member's account, made when there is none; its login becomes the present one. Locks the row and moves its version on: id and version.
pub(crate) async fn find_or_create(
    conn: &mut PgConnection,
    new: NewMemberAccount<'_>,
) -> Result<(AccountId, i64), Error> {
    // A payroll number that passed to another member no longer opens the old account.
    sqlx::query!(
        "UPDATE accounts SET matricule_index = NULL WHERE matricule_index = $1 AND member_id IS DISTINCT FROM $2",
        new.login_index,
        new.member_id.as_uuid()
    )
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query!(
        "INSERT INTO accounts (id, kind, member_id, matricule_index, locale, created_at) VALUES ($1, 'member', $2, $3, $4, $5)
         ON CONFLICT (member_id) DO UPDATE SET matricule_index = excluded.matricule_index, version = accounts.version + 1
         RETURNING id, version",
        new.id.as_uuid(),
        new.member_id.as_uuid(),
        new.login_index,
        new.locale.as_str(),
        new.now
    )
    .fetch_one(conn)
    .await?;
    Ok((AccountId::from_uuid(row.id), row.version))
}

/// Whether a password opens the account.
pub(crate) async fn has_password(conn: &mut PgConnection, id: AccountId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT password_hash IS NOT NULL AS "has_password!" FROM accounts WHERE id = $1"#,
        id.as_uuid()
    );
    found.fetch_optional(conn).await?.ok_or(Error::AccountNotFound)
}

/// A password was stored: whether it is the first one, and what the event needs.
#[derive(Debug)]
pub(crate) struct PasswordStored {
    pub(crate) first: bool,
    pub(crate) version: i64,
    pub(crate) member_id: Option<MemberId>,
    pub(crate) login_index: Option<Vec<u8>>,
}

/// Replaces the password.
pub(crate) async fn set_password(
    conn: &mut PgConnection,
    id: AccountId,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<PasswordStored, Error> {
    let row = sqlx::query!(
        "UPDATE accounts SET password_hash = $2, password_set_at = $3, activated_at = coalesce(accounts.activated_at, $3),
                version = accounts.version + 1
         FROM (SELECT id, activated_at FROM accounts WHERE id = $1 FOR NO KEY UPDATE) AS old
         WHERE accounts.id = old.id
         RETURNING accounts.version, accounts.member_id, accounts.matricule_index, old.activated_at IS NULL AS first",
        id.as_uuid(),
        hash,
        now
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::AccountNotFound)?;
    Ok(PasswordStored {
        first: row.first.unwrap_or(false),
        version: row.version,
        member_id: row.member_id.map(MemberId::from_uuid),
        login_index: row.matricule_index,
    })
}

/// Locks the account before anything that hangs on it, so that writers of one account follow one another in one order.
pub(crate) async fn lock(conn: &mut PgConnection, id: AccountId) -> Result<(), Error> {
    let row = sqlx::query_scalar!(
        "SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|_| ()).ok_or(Error::AccountNotFound)
}

/// Whether the password that was just verified is still the account's; keeps it so until the transaction ends. Hashing takes a while, and a
/// password that was replaced meanwhile must open nothing.
pub(crate) async fn still_has(
    conn: &mut PgConnection,
    id: AccountId,
    verified: Option<&str>,
) -> Result<bool, Error> {
    let present = sqlx::query_scalar!(
        "SELECT password_hash FROM accounts WHERE id = $1 FOR SHARE",
        id.as_uuid()
    );
    let present = present.fetch_optional(conn).await?.flatten();
    Ok(present.is_some() && present.as_deref() == verified)
}

/// The language of a member's messages, by the membership.
pub(crate) async fn locale_of_member(conn: &mut PgConnection, member: MemberId) -> Result<Locale, Error> {
    let locale = sqlx::query_scalar!(
        "SELECT locale FROM accounts WHERE member_id = $1",
        member.as_uuid()
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::AccountNotFound)?;
    Locale::parse(&locale).map_err(|_| Error::Unreadable("accounts.locale"))
}

/// The language of the person's messages.
pub(crate) async fn set_locale(conn: &mut PgConnection, id: AccountId, locale: Locale) -> Result<(), Error> {
    let done = sqlx::query!(
        "UPDATE accounts SET locale = $2, version = version + 1 WHERE id = $1",
        id.as_uuid(),
        locale.as_str()
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::AccountNotFound)
    }
}
