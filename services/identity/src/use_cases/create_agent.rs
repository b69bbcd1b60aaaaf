//! Makes an agent's account and mails the link that sets its password to its owner; the operator is shown it instead. A repetition finds the login taken.

use chrono::{DateTime, Utc};
use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;

use super::find_member::find_member;
use super::issue_agent_link::hand_over;
use super::issue_link::issue_link;
use super::manage_agent::{AGENT_EMAIL_PLACE, LOGIN_PLACE, Manager, hold_authority, may_give};
use crate::context::Context;
use crate::domain::agent::{Membership, NewAgent, TypedAgent};
use crate::error::Error;
use crate::store::agents::{self, NewAgentAccount};

/// The account and the way into it.
pub(crate) struct AgentLink {
    pub(crate) account_id: AccountId,
    /// Empty: it was mailed.
    pub(crate) link: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn create_agent(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    typed: TypedAgent<'_>,
) -> Result<AgentLink, Error> {
    let new = NewAgent::check(typed).map_err(Error::Fields)?;
    let no_membership = matches!(new.membership, Membership::None);
    may_give(manager, &new.roles, &[], no_membership)?;
    // A member's payroll number stays the member's login.
    if find_member(context, &new.login).await?.is_some() {
        return Err(Error::LoginTaken);
    }
    let own_member_id = match &new.membership {
        Membership::None => None,
        Membership::Of(matricule) => Some(
            find_member(context, matricule)
                .await?
                .ok_or(Error::MemberNotFound)?
                .id,
        ),
    };

    let now = context.now();
    let id = AccountId::from_uuid(uuid_v7(now));
    let mut tx = context.begin().await?;
    hold_authority(&mut tx, manager).await?;
    // Before the membership is looked at, so that a repetition is told what it is.
    if agents::has_login(&mut tx, &context.secrets.login_index(&new.login)).await? {
        return Err(Error::LoginTaken);
    }
    if let Some(member) = own_member_id
        && agents::carries(&mut tx, member, None).await?
    {
        return Err(Error::MemberIsAnAgent);
    }
    let account = NewAgentAccount {
        id,
        login_index: &context.secrets.login_index(&new.login),
        login: &context
            .secrets
            .seal(LOGIN_PLACE, id.as_uuid(), new.login.as_str().as_bytes()),
        email: &context
            .secrets
            .seal(AGENT_EMAIL_PLACE, id.as_uuid(), new.email.as_str().as_bytes()),
        own_member_id,
        no_membership: own_member_id.is_none(),
        roles: &new.roles,
        locale: new.locale,
        now,
    };
    if !agents::insert(&mut tx, account).await? {
        return Err(Error::LoginTaken);
    }
    let issued = issue_link(context, &mut tx, id, &new.email, new.locale, now).await?;
    let shown = matches!(manager, Manager::Operator);
    let link = hand_over(context, &mut tx, (id, 1), &issued, new.locale, shown, now).await?;
    let roles: Vec<&str> = new.roles.iter().map(|role| role.as_str()).collect();
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "agent_created",
        fields: &["login", "roles", "own_member_id", "link"],
        reason: Some(&roles.join(" ")),
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
