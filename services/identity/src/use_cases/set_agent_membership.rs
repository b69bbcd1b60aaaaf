//! Notes later whether an agent is a member, and which: the rule of one's own and relatives' files rests on it. Their sessions end, since the tokens
//! carry the membership. The same again changes nothing. What was said is changed by the operator alone, who alone says too that who reviews files is no member: else an administrator would lift the rule for
//! a colleague, and put it back when the file is decided.

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};

use super::find_member::find_member;
use super::manage_agent::{Manager, lock_open_agent, may_say_no_membership};
use super::tell_agent::tell_agent;
use crate::context::Context;
use crate::domain::agent::{Membership, parse_membership};
use crate::error::Error;
use crate::store::{agents, sessions};

pub(crate) async fn set_agent_membership(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    id: AccountId,
    matricule: &str,
    no_membership: bool,
) -> Result<(), Error> {
    let said = parse_membership(matricule, no_membership).map_err(Error::field)?;
    let own_member_id = match &said {
        Membership::None => None,
        Membership::Of(matricule) => Some(
            find_member(context, matricule)
                .await?
                .ok_or(Error::MemberNotFound)?
                .id,
        ),
    };
    let now = context.now();
    let mut tx = context.begin().await?;
    let agent = lock_open_agent(&mut tx, manager, id).await?;
    if agent.membership_said() {
        if agent.own_member_id == own_member_id {
            return Ok(());
        }
        if matches!(manager, Manager::Administrator(_)) {
            return Err(Error::OperatorNeeded);
        }
    } else if own_member_id.is_none() {
        may_say_no_membership(manager, &agent.roles)?;
    }
    if let Some(member) = own_member_id
        && agents::carries(&mut tx, member, Some(id)).await?
    {
        return Err(Error::MemberIsAnAgent);
    }
    let before = match agent.own_member_id {
        Some(member) => format!("member {member}"),
        None if agent.no_membership => "no member".to_owned(),
        None => "unsaid".to_owned(),
    };
    let version = agents::set_membership(&mut tx, id, own_member_id).await?;
    sessions::end_others(&mut tx, id, None).await?;
    tell_agent(&mut tx, id, version, agent.email.is_some(), now).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "agent_membership_set",
        fields: &["own_member_id", "no_membership", "sessions"],
        reason: Some(&format!("{}; before: {before}", said.as_str())),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(())
}
