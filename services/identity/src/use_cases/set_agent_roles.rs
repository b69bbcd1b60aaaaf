//! Replaces an agent's roles. Their sessions end, so that nothing goes on under the old ones. Setting the same roles again changes nothing more. While nobody said
//! whether the agent is a member, they are given nothing but the administration of accounts.

use std::collections::BTreeSet;

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};

use super::manage_agent::{Manager, lock_open_agent, may_give};
use super::tell_agent::tell_agent;
use crate::context::Context;
use crate::domain::agent::parse_roles;
use crate::domain::duties;
use crate::error::Error;
use crate::store::{agents, sessions};

pub(crate) async fn set_agent_roles(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    id: AccountId,
    roles: &[String],
) -> Result<(), Error> {
    let roles = parse_roles(roles).map_err(Error::field)?;
    let now = context.now();
    let mut tx = context.begin().await?;
    let agent = lock_open_agent(&mut tx, manager, id).await?;
    may_give(manager, &roles, &agent.roles, agent.no_membership)?;
    if !agent.membership_said() && duties::need_membership(&roles) {
        return Err(Error::MembershipFirst);
    }
    let held: BTreeSet<&str> = agent.roles.iter().map(String::as_str).collect();
    if roles.iter().map(|role| role.as_str()).collect::<BTreeSet<_>>() == held {
        return Ok(());
    }
    let version = agents::set_roles(&mut tx, id, &roles).await?;
    sessions::end_others(&mut tx, id, None).await?;
    tell_agent(&mut tx, id, version, agent.email.is_some(), now).await?;
    let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "agent_roles_set",
        fields: &["roles", "sessions"],
        reason: Some(&words.join(" ")),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(())
}
