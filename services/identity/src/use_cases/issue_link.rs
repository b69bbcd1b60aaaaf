//! Makes the single-use link of an account and voids the one before it. A part of other operations: the caller holds the account's row and
//! commits; who gets the link, the mailer or an operator, is the caller's choice.

use chrono::{DateTime, Utc};
use kernel::{AccountId, DeliveryId, EmailAddress, Locale};
use platform::ids::{random, uuid_v7};
use sqlx::PgConnection;

use crate::context::Context;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::links::{self, NewLink};

/// Where a link's address is sealed for.
pub(crate) const EMAIL_PLACE: &str = "links.email";

/// A fresh link.
pub(crate) struct IssuedLink {
    pub(crate) delivery: DeliveryId,
    pub(crate) token: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn issue_link(
    context: &Context,
    conn: &mut PgConnection,
    account_id: AccountId,
    email: &EmailAddress,
    locale: Locale,
    now: DateTime<Utc>,
) -> Result<IssuedLink, Error> {
    links::void_open(conn, account_id, now).await?;
    let delivery = DeliveryId::from_uuid(uuid_v7(now));
    let nonce: [u8; 16] = random();
    let token = context.secrets.link_token(delivery, &nonce);
    let expires_at = now + chrono::Duration::minutes(i64::from(context.settings.account.link_minutes));
    let link = NewLink {
        id: delivery,
        account_id,
        nonce: &nonce,
        token_hash: &hash_of_token(&token),
        email: &context
            .secrets
            .seal(EMAIL_PLACE, delivery.as_uuid(), email.as_str().as_bytes()),
        locale,
        now,
        expires_at,
    };
    links::insert(conn, link).await?;
    Ok(IssuedLink {
        delivery,
        token,
        expires_at,
    })
}
