//! Asks membership whether a waiting request is one person of the staff file; if so, makes the link and says so on the bus. If not, the
//! request is closed and nothing else happens. Run again, a closed request does nothing.

use kernel::{AccountId, EmailAddress, MemberId};
use membership_proto::v1::MatchStaffRecordRequest;
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;
use uuid::Uuid;

use super::issue_link::issue_link;
use super::request_link::{PAYLOAD_PLACE, Payload};
use crate::context::Context;
use crate::domain::account_request::AccountRequest;
use crate::domain::email;
use crate::error::Error;
use crate::events::published;
use crate::store::account_requests::{self, Outcome};
use crate::store::accounts::{self, NewMemberAccount};
use crate::store::agents;

struct Match {
    member_id: MemberId,
    email: EmailAddress,
}

pub(crate) async fn match_account_request(context: &Context, request_id: Uuid) -> Result<(), Error> {
    let Some(sealed) =
        account_requests::waiting_payload(&mut *context.pool.acquire().await?, request_id).await?
    else {
        return Ok(());
    };
    let plain = context.secrets.unseal(PAYLOAD_PLACE, request_id, &sealed)?;
    let payload: Payload =
        serde_json::from_slice(&plain).map_err(|_| Error::Unreadable("account_requests.payload"))?;
    let request = payload
        .into_request()
        .ok_or(Error::Unreadable("account_requests.payload"))?;
    match ask_membership(context, &request).await? {
        Some(found) => make_link(context, request_id, &request, found).await,
        None => close(context, request_id, Outcome::Unmatched).await,
    }
}

/// Closes a request that could not be asked about for too long.
pub(crate) async fn close(context: &Context, request_id: Uuid, outcome: Outcome) -> Result<(), Error> {
    account_requests::close(
        &mut *context.pool.acquire().await?,
        request_id,
        outcome,
        context.now(),
    )
    .await?;
    Ok(())
}

async fn ask_membership(context: &Context, request: &AccountRequest) -> Result<Option<Match>, Error> {
    let question = MatchStaffRecordRequest {
        matricule: request.matricule.as_str().to_owned(),
        cin: request.cin.as_str().to_owned(),
        position: request.position.as_str().to_owned(),
        pension_number: request
            .pension_number
            .as_ref()
            .map(|number| number.as_str().to_owned())
            .unwrap_or_default(),
        email: request.email.as_str().to_owned(),
    };
    let answer = context.staff_records.clone().match_staff_record(question).await;
    let answer = answer
        .map_err(|status| Error::Membership(Box::new(status)))?
        .into_inner();
    if !answer.matched {
        return Ok(None);
    }
    Ok(Some(Match {
        member_id: answer
            .member_id
            .parse()
            .map_err(|_| Error::Unreadable("membership's member id"))?,
        email: email::parse(&answer.email).map_err(|_| Error::Unreadable("membership's address"))?,
    }))
}

async fn make_link(
    context: &Context,
    request_id: Uuid,
    request: &AccountRequest,
    found: Match,
) -> Result<(), Error> {
    let now = context.now();
    let login_index = context.secrets.login_index(&request.matricule);
    let mut tx = context.begin().await?;
    // An operator gave this payroll number to an agent as a login. The member cannot have it; the desk, which the page names, can sort it out.
    if agents::has_login(&mut tx, &login_index).await? {
        tracing::warn!(%request_id, "a member's payroll number is an agent's login; no account is opened");
        account_requests::close(&mut tx, request_id, Outcome::Unmatched, now).await?;
        tx.commit().await?;
        return Ok(());
    }
    if !account_requests::close(&mut tx, request_id, Outcome::Matched, now).await? {
        return Ok(());
    }
    let new = NewMemberAccount {
        id: AccountId::from_uuid(uuid_v7(now)),
        member_id: found.member_id,
        login_index: &login_index,
        locale: request.locale,
        now,
    };
    let (account_id, version) = accounts::find_or_create(&mut tx, new).await?;
    let link = issue_link(context, &mut tx, account_id, &found.email, request.locale, now).await?;
    bus::enqueue(
        &mut tx,
        published::link_requested(now, account_id, version, link.delivery),
    )
    .await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: account_id.as_uuid(),
        actor: &Actor::system("match-account-request"),
        action: "link_requested",
        fields: &["link"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(())
}
