//! Single-use links: one open one per account, found by the hash of the token or by the delivery id.

use chrono::{DateTime, Utc};
use kernel::{AccountId, DeliveryId, Locale};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::link::LinkLife;
use crate::error::Error;

/// A link without its token, which is not stored.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) id: DeliveryId,
    pub(crate) account_id: AccountId,
    pub(crate) nonce: Vec<u8>,
    pub(crate) email: Option<Vec<u8>>,
    pub(crate) locale: Locale,
    pub(crate) life: LinkLife,
}

/// A link to be written.
#[derive(Debug)]
pub(crate) struct NewLink<'a> {
    pub(crate) id: DeliveryId,
    pub(crate) account_id: AccountId,
    pub(crate) nonce: &'a [u8],
    pub(crate) token_hash: &'a [u8],
    /// Sealed.
    pub(crate) email: &'a [u8],
    pub(crate) locale: Locale,
    pub(crate) now: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

struct Row {
    id: Uuid,
    account_id: Uuid,
    nonce: Vec<u8>,
    email: Option<Vec<u8>>,
    locale: String,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    voided_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Link {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: DeliveryId::from_uuid(row.id),
            account_id: AccountId::from_uuid(row.account_id),
            nonce: row.nonce,
            email: row.email,
            locale: Locale::parse(&row.locale).map_err(|_| Error::Unreadable("links.locale"))?,
            life: LinkLife {
                expires_at: row.expires_at,
                used_at: row.used_at,
                voided_at: row.voided_at,
            },
        })
    }
}

/// Voids the account's open link, if any. The account's row is locked by the caller.
pub(crate) async fn void_open(
    conn: &mut PgConnection,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "UPDATE links SET voided_at = $2, email = NULL WHERE account_id = $1 AND used_at IS NULL AND voided_at IS NULL",
        account.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert(conn: &mut PgConnection, link: NewLink<'_>) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO links (id, account_id, nonce, token_hash, email, locale, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        link.id.as_uuid(),
        link.account_id.as_uuid(),
        link.nonce,
        link.token_hash,
        link.email,
        link.locale.as_str(),
        link.now,
        link.expires_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn by_token(conn: &mut PgConnection, token_hash: &[u8]) -> Result<Option<Link>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, account_id, nonce, email, locale, expires_at, used_at, voided_at FROM links WHERE token_hash = $1",
        token_hash
    )
    .fetch_optional(conn)
    .await?;
    row.map(Link::try_from).transpose()
}

pub(crate) async fn by_id(conn: &mut PgConnection, id: DeliveryId) -> Result<Option<Link>, Error> {
    let row = sqlx::query_as!(
        Row,
        "SELECT id, account_id, nonce, email, locale, expires_at, used_at, voided_at FROM links WHERE id = $1",
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(Link::try_from).transpose()
}

/// Uses the link if it is still open; `false` when somebody was first or it expired meanwhile.
pub(crate) async fn use_up(
    conn: &mut PgConnection,
    id: DeliveryId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "UPDATE links SET used_at = $2, email = NULL WHERE id = $1 AND used_at IS NULL AND voided_at IS NULL AND expires_at > $2",
        id.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets the addresses of links that expired.
pub(crate) async fn forget_addresses(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64, Error> {
    let done = sqlx::query!(
        "UPDATE links SET email = NULL WHERE expires_at <= $1 AND email IS NOT NULL",
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Removes links made before a date.
pub(crate) async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    Ok(sqlx::query!("DELETE FROM links WHERE created_at < $1", before)
        .execute(conn)
        .await?
        .rows_affected())
}
