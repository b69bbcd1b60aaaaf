//! Deliveries of mails without a link: the mailer fetches the address by the id.

use chrono::{DateTime, Utc};
use kernel::{AccountId, DeliveryId, Locale};
use sqlx::PgConnection;

use crate::error::Error;

/// Whom a notice is for.
#[derive(Debug)]
pub(crate) struct Addressee {
    pub(crate) account_id: AccountId,
    /// Sealed.
    pub(crate) email: Vec<u8>,
    pub(crate) locale: Locale,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    id: DeliveryId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "INSERT INTO notices (id, account_id, created_at) VALUES ($1, $2, $3)",
        id.as_uuid(),
        account.as_uuid(),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// None when there is no such notice, or no address on file.
pub(crate) async fn addressee(conn: &mut PgConnection, id: DeliveryId) -> Result<Option<Addressee>, Error> {
    let row = sqlx::query!(
        r#"SELECT a.id, a.email_sealed AS "email!", a.locale FROM notices AS n JOIN accounts AS a ON a.id = n.account_id
           WHERE n.id = $1 AND a.email_sealed IS NOT NULL"#,
        id.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Addressee {
            account_id: AccountId::from_uuid(row.id),
            email: row.email,
            locale: Locale::parse(&row.locale).map_err(|_| Error::Unreadable("accounts.locale"))?,
        })
    })
    .transpose()
}

/// Removes notices made before a date.
pub(crate) async fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>) -> Result<u64, Error> {
    Ok(sqlx::query!("DELETE FROM notices WHERE created_at < $1", before)
        .execute(conn)
        .await?
        .rows_affected())
}
