//! Gives the mailer address and link at the moment of sending. The token is made again from the key; the bus never carried it. A notice carries no
//! link of its own: it leads to where one signs in.

use chrono::{DateTime, Utc};
use kernel::{DeliveryId, Locale};

use super::issue_link::EMAIL_PLACE;
use super::manage_agent::AGENT_EMAIL_PLACE;
use crate::context::Context;
use crate::domain::link;
use crate::error::Error;
use crate::store::{links, notices};

/// What goes into the mail.
pub(crate) struct Delivery {
    pub(crate) email: String,
    pub(crate) locale: Locale,
    pub(crate) link: String,
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

pub(crate) async fn fetch_delivery(context: &Context, id: DeliveryId) -> Result<Delivery, Error> {
    let mut conn = context.pool.acquire().await?;
    let found = links::by_id(&mut conn, id).await?;
    if found.is_none()
        && let Some(notice) = notices::addressee(&mut conn, id).await?
    {
        let account = notice.account_id.as_uuid();
        let email = context
            .secrets
            .unseal(AGENT_EMAIL_PLACE, account, &notice.email)?;
        return Ok(Delivery {
            email: String::from_utf8(email.to_vec()).map_err(|_| Error::Unreadable("accounts.email"))?,
            locale: notice.locale,
            link: context.settings.portal.url.trim_end_matches('/').to_owned(),
            expires_at: None,
        });
    }
    drop(conn);
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
        expires_at: Some(found.life.expires_at),
    })
}
