//! Facts about accounts and clients as messages. Thin: ids only; no address, no link, no name, no secret.

use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use identity_proto::events::v1::{
    AccountAccessChanged, AccountActivated, AccountLinkRequested, ClientChanged,
};
use kernel::{AccountId, DeliveryId, MemberId};
use uuid::Uuid;

use crate::domain::client::ClientKind;

/// A link was made; who mails it fetches it by the delivery id.
pub(crate) fn link_requested(
    now: DateTime<Utc>,
    account: AccountId,
    version: i64,
    delivery: DeliveryId,
) -> OutgoingEvent {
    let data = AccountLinkRequested {
        delivery_id: delivery.to_string(),
    };
    OutgoingEvent::new(
        now,
        "identity.account.link_requested.v1",
        account.as_uuid(),
        version,
        "system",
        &data,
    )
}

/// An account has a password for the first time.
pub(crate) fn activated(
    now: DateTime<Utc>,
    account: AccountId,
    version: i64,
    member: Option<MemberId>,
) -> OutgoingEvent {
    let data = AccountActivated {
        account_id: account.to_string(),
        member_id: member.map(|id| id.to_string()).unwrap_or_default(),
    };
    OutgoingEvent::new(
        now,
        "identity.account.activated.v1",
        account.as_uuid(),
        version,
        if member.is_some() { "member" } else { "agent" },
        &data,
    )
}

/// What happened to a member's way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccessChange {
    DeskCodePrinted,
    /// By such a code, on an account that had one.
    PasswordReplaced,
}

const ACCESS_CHANGED: &str = "identity.account.access_changed.v1";

/// Somebody else's hand changed a member's way in.
pub(crate) fn access_changed(
    now: DateTime<Utc>,
    account: AccountId,
    version: i64,
    member: MemberId,
    change: AccessChange,
) -> OutgoingEvent {
    let (actor, change) = match change {
        AccessChange::DeskCodePrinted => ("agent", "desk_code_printed"),
        AccessChange::PasswordReplaced => ("member", "password_replaced"),
    };
    let data = AccountAccessChanged {
        account_id: account.to_string(),
        member_id: member.to_string(),
        delivery_id: String::new(),
        change: change.to_owned(),
    };
    OutgoingEvent::new(now, ACCESS_CHANGED, account.as_uuid(), version, actor, &data)
}

/// An agent's roles, membership or second factor were changed by another; the mailer fetches the address by the delivery.
pub(crate) fn agent_changed(
    now: DateTime<Utc>,
    account: AccountId,
    version: i64,
    delivery: DeliveryId,
) -> OutgoingEvent {
    let data = AccountAccessChanged {
        account_id: account.to_string(),
        member_id: String::new(),
        delivery_id: delivery.to_string(),
        change: "agent_changed".to_owned(),
    };
    OutgoingEvent::new(now, ACCESS_CHANGED, account.as_uuid(), version, "agent", &data)
}

/// A client as it stands: made, or disabled.
pub(crate) fn client_changed(
    now: DateTime<Utc>,
    id: Uuid,
    version: i64,
    client_id: &str,
    kind: ClientKind,
    scopes: &[String],
    disabled: bool,
) -> OutgoingEvent {
    let data = ClientChanged {
        client_id: client_id.to_owned(),
        kind: kind.as_str().to_owned(),
        scopes: scopes.to_vec(),
        disabled,
    };
    OutgoingEvent::new(now, "identity.client.changed.v1", id, version, "app", &data)
}
