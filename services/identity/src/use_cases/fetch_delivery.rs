//! Gives the mailer address and link at the moment of sending. The token is made again from the key; the bus never carried it.

use chrono::{DateTime, Utc};
use kernel::{DeliveryId, Locale};

use super::issue_link::EMAIL_PLACE;
use crate::context::Context;
use crate::domain::link;
use crate::error::Error;
use crate::store::links;

/// What goes into the mail.
pub(crate) struct Delivery {
    pub(crate) email: String,
    pub(crate) locale: Locale,
    pub(crate) link: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn fetch_delivery(context: &Context, id: DeliveryId) -> Result<Delivery, Error> {
    let found = links::by_id(&mut *context.pool.acquire().await?, id).await?;
    let found = found
        .filter(|found| found.life.is_usable(context.now()))
        .ok_or(Error::DeliveryNotFound)?;
    let sealed = found.email.as_deref().ok_or(Error::DeliveryNotFound)?;
    let email = context.secrets.unseal(EMAIL_PLACE, id.as_uuid(), sealed)?;
    let email = String::from_utf8(email.to_vec()).map_err(|_| Error::Unreadable("links.email"))?;
    let token = context.secrets.link_token(id, &found.nonce);
    Ok(Delivery {
        email,
        locale: found.locale,
        link: link::address(&context.settings.portal.url, found.locale, &token),
        expires_at: found.life.expires_at,
    })
}
