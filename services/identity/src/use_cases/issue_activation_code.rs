//! Prints a code at the desk for a member without a usable address, whom an agent identified; the member is told. An account that has a password
//! already is opened by two agents only: the first one's identification is written down and refused, the second one prints. A newer code voids the one
//! before; so does a repetition, and so does every password that its owner chooses.

use chrono::{DateTime, Utc};
use kernel::{AccountId, MemberId, Role};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::{random, uuid_v7};

use super::find_member::find_member_beside;
use crate::context::Context;
use crate::domain::account_request::parse_matricule;
use crate::domain::desk::{Cause, parse_identification};
use crate::domain::printed_code::ActivationCode;
use crate::error::Error;
use crate::events::published::{self, AccessChange};
use crate::store::accounts::{self, NewMemberAccount};
use crate::store::activation_codes::{self, NewCode};
use crate::store::{agents, desk_identifications};

/// What an activation code is hashed as.
pub(crate) const ACTIVATION_PURPOSE: &str = "identity.activation";
/// How long the first agent's identification waits for the second.
const SECOND_WITHIN: chrono::Duration = chrono::Duration::minutes(30);
/// Characters in a group, as printed.
const GROUP: usize = 4;

/// Who prints.
pub(crate) struct DeskAgent {
    pub(crate) account: AccountId,
    pub(crate) own_member_id: Option<MemberId>,
}

/// The call as it came.
pub(crate) struct TypedIssue<'a> {
    pub(crate) matricule: &'a str,
    pub(crate) identification: &'a str,
    pub(crate) cause: &'a str,
}

/// The code for the printer.
pub(crate) struct IssuedCode {
    pub(crate) code: String,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn issue_activation_code(
    context: &Context,
    agent: &DeskAgent,
    actor: &Actor,
    typed: TypedIssue<'_>,
) -> Result<IssuedCode, Error> {
    let matricule = parse_matricule(typed.matricule);
    let (identification, cause) = (
        parse_identification(typed.identification),
        Cause::parse(typed.cause),
    );
    let (matricule, identification, cause) = match (matricule, identification, cause) {
        (Ok(matricule), Ok(identification), Ok(cause)) => (matricule, identification, cause),
        (matricule, identification, cause) => {
            let wrong = [matricule.err(), identification.err(), cause.err()];
            return Err(Error::Fields(wrong.into_iter().flatten().collect()));
        }
    };
    let member = find_member_beside(context, &matricule, agent.own_member_id)
        .await?
        .ok_or(Error::MemberNotFound)?;
    if agent.own_member_id == Some(member.id) || member.is_relative {
        return Err(Error::OwnAccount);
    }
    if !cause.allows(member.has_address) {
        return Err(Error::MemberHasAddress);
    }

    let now = context.now();
    let login_index = context.secrets.login_index(&matricule);
    let code = ActivationCode::from_random(&random::<64>()).ok_or(Error::Unreadable("random bytes"))?;
    let expires_at = now + chrono::Duration::days(i64::from(context.settings.desk.code_days));
    let mut tx = context.begin().await?;
    if !agents::still_holds(&mut tx, agent.account, Role::FrontDesk).await? {
        return Err(Error::RoleEnded);
    }
    // An operator gave this payroll number to an agent as a login: the member cannot have it until that is sorted out.
    if agents::has_login(&mut tx, &login_index).await? {
        return Err(Error::LoginTaken);
    }
    let new = NewMemberAccount {
        id: AccountId::from_uuid(uuid_v7(now)),
        member_id: member.id,
        login_index: &login_index,
        locale: member.locale,
        now,
    };
    let (account_id, version) = accounts::find_or_create(&mut tx, new).await?;
    let mut shown = format!("{identification}, {}", cause.as_str());
    let two_agents = accounts::has_password(&mut tx, account_id).await?;
    if two_agents {
        let since = now - SECOND_WITHIN;
        match desk_identifications::take_of_another(&mut tx, account_id, agent.account, since).await? {
            Some(first) if agents::still_holds(&mut tx, first, Role::FrontDesk).await? => {
                shown = format!("{shown}, second agent after {first}");
            }
            _ => {
                desk_identifications::note(&mut tx, account_id, agent.account, now).await?;
                audit::record(
                    &mut tx,
                    line(account_id, actor, "identified_at_desk", &[], &shown, now),
                )
                .await?;
                tx.commit().await?;
                return Err(Error::SecondAgentNeeded);
            }
        }
    }
    activation_codes::void_open(&mut tx, account_id, now).await?;
    let printed = NewCode {
        id: uuid_v7(now),
        account_id,
        code_hash: &context
            .secrets
            .code_hash(ACTIVATION_PURPOSE, account_id, code.as_str()),
        two_agents,
        now,
        expires_at,
    };
    activation_codes::insert(&mut tx, printed).await?;
    let told = published::access_changed(now, account_id, version, member.id, AccessChange::DeskCodePrinted);
    bus::enqueue(&mut tx, told).await?;
    let (action, fields) = ("activation_code_issued", &["activation_code"]);
    audit::record(&mut tx, line(account_id, actor, action, fields, &shown, now)).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(IssuedCode {
        code: code.grouped(GROUP),
        expires_at,
    })
}

fn line<'a>(
    account: AccountId,
    actor: &'a Actor,
    action: &'static str,
    fields: &'a [&'static str],
    reason: &'a str,
    at: DateTime<Utc>,
) -> AuditEntry<'a> {
    AuditEntry {
        record_kind: "account",
        record_id: account.as_uuid(),
        actor,
        action,
        fields,
        reason: Some(reason),
        at,
    }
}
