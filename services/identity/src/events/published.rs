//! Facts about accounts as messages. Thin: ids only; no address, no link, no name.

use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use identity_proto::events::v1::{AccountActivated, AccountLinkRequested};
use kernel::{AccountId, DeliveryId, MemberId};

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
