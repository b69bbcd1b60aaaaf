//! A fresh link for an agent who lost theirs or forgot the password, mailed to the agent's address on file: nobody else sees it, so that nobody who
//! changes accounts can walk into one. The one before it is of no use; a repetition makes another.

use chrono::{DateTime, Utc};
use kernel::{AccountId, EmailAddress, Locale};
use platform::audit::{self, Actor, AuditEntry};
use sqlx::PgConnection;

use super::create_agent::AgentLink;
use super::issue_link::{IssuedLink, issue_link};
use super::manage_agent::{AGENT_EMAIL_PLACE, Manager, lock_open_agent};
use crate::context::Context;
use crate::domain::account_request::parse_email;
use crate::domain::email;
use crate::domain::field::WrongField;
use crate::domain::link;
use crate::error::Error;
use crate::events::published;
use crate::store::agents::{self, Standing};

/// `new_address` is empty for the one on file.
pub(crate) async fn issue_agent_link(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    id: AccountId,
    new_address: &str,
) -> Result<AgentLink, Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let agent = lock_open_agent(&mut tx, manager, id).await?;
    let email = address(context, &mut tx, manager, (id, &agent), new_address).await?;
    let issued = issue_link(context, &mut tx, id, &email, agent.locale, now).await?;
    let version = agents::next_version(&mut tx, id).await?;
    let link = hand_over(context, &mut tx, (id, version), &issued, agent.locale, false, now).await?;
    let fields: &[&'static str] = if new_address.is_empty() {
        &["link"]
    } else {
        &["link", "email"]
    };
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "agent_link_issued",
        fields,
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(AgentLink {
        account_id: id,
        link,
        expires_at: issued.expires_at,
    })
}

/// The address on file; a new one is noted when the operator names it.
async fn address(
    context: &Context,
    conn: &mut PgConnection,
    manager: Manager,
    (id, agent): (AccountId, &Standing),
    new_address: &str,
) -> Result<EmailAddress, Error> {
    let wrong = |reason, message| Error::field(WrongField::new("email", reason, message));
    if new_address.is_empty() {
        let sealed = agent
            .email
            .as_deref()
            .ok_or_else(|| wrong("EMAIL_NOT_ON_FILE", "The operator names the agent's address."))?;
        let plain = context.secrets.unseal(AGENT_EMAIL_PLACE, id.as_uuid(), sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| Error::Unreadable("accounts.email"))?;
        return email::parse(text).map_err(|_| Error::Unreadable("accounts.email"));
    }
    match manager {
        Manager::Administrator(_) => Err(wrong(
            "EMAIL_ON_FILE",
            "The link goes to the address on file; the operator changes it.",
        )),
        Manager::Operator => {
            let email = parse_email(new_address).map_err(Error::field)?;
            let sealed = context
                .secrets
                .seal(AGENT_EMAIL_PLACE, id.as_uuid(), email.as_str().as_bytes());
            agents::set_email(conn, id, &sealed).await?;
            Ok(email)
        }
    }
}

/// Gives the link to the mailer; or shows it, to the operator who makes an account and in a demonstration, where nobody reads the mail. Empty when it is
/// mailed.
pub(super) async fn hand_over(
    context: &Context,
    conn: &mut PgConnection,
    (id, version): (AccountId, i64),
    issued: &IssuedLink,
    locale: Locale,
    shown: bool,
    now: DateTime<Utc>,
) -> Result<String, Error> {
    if shown || context.settings.common.demonstration.enabled {
        return Ok(link::address(&context.settings.portal.url, locale, &issued.token));
    }
    let event = published::link_requested(now, id, version, issued.delivery);
    bus::enqueue(conn, event).await?;
    Ok(String::new())
}
