//! Domain facts as event messages. Thin: who needs the record asks for it.

use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use membership_proto::events::v1::{MemberChanged, MemberRegistered};
use uuid::Uuid;

const REGISTERED: &str = "membership.member.registered.v1";
const CHANGED: &str = "membership.member.changed.v1";

/// A member's new version, on the bulk lane: an import may not delay people.
pub(crate) fn member(
    member: Uuid,
    version: i64,
    is_new: bool,
    actor_kind: &str,
    now: DateTime<Utc>,
) -> OutgoingEvent {
    let member_id = member.to_string();
    let event = if is_new {
        let data = MemberRegistered { member_id, version };
        OutgoingEvent::new(now, REGISTERED, member, version, actor_kind, &data)
    } else {
        let data = MemberChanged { member_id, version };
        OutgoingEvent::new(now, CHANGED, member, version, actor_kind, &data)
    };
    event.bulk()
}
