//! A fresh link for an agent who lost theirs or forgot the password. The one before it is of no use; a repetition makes another.

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};

use super::create_agent::AgentLink;
use super::issue_link::issue_link;
use super::manage_agent::{Manager, lock_open_agent};
use crate::context::Context;
use crate::domain::account_request::parse_email;
use crate::domain::link;
use crate::error::Error;

pub(crate) async fn issue_agent_link(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    id: AccountId,
    email: &str,
) -> Result<AgentLink, Error> {
    let email = parse_email(email).map_err(Error::field)?;
    let now = context.now();
    let mut tx = context.begin().await?;
    let agent = lock_open_agent(&mut tx, manager, id).await?;
    let issued = issue_link(context, &mut tx, id, &email, agent.locale, now).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "agent_link_issued",
        fields: &["link"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(AgentLink {
        account_id: id,
        link: link::address(&context.settings.portal.url, agent.locale, &issued.token),
        expires_at: issued.expires_at,
    })
}
