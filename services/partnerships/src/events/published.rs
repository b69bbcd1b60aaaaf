//! What happened to sales, as the bus carries it: ids, the offer and a version. Who bought, where and for how much is never in an event.

use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use kernel::CallerKind;
use partnerships_proto::events::v1 as messages;
use serde::Serialize;

use crate::domain::sale::Redemption;

/// A sale was recorded.
pub(crate) fn recorded(sale: &Redemption, now: DateTime<Utc>) -> OutgoingEvent {
    let message = messages::RedemptionRecorded {
        redemption_id: sale.id.to_string(),
        partner_id: sale.partner.to_string(),
        offer_code: sale.offer_code.clone(),
        version: sale.version,
    };
    event("partnerships.redemption.recorded.v1", sale, now, &message)
}

/// A sale was taken back.
pub(crate) fn cancelled(sale: &Redemption, now: DateTime<Utc>) -> OutgoingEvent {
    let message = messages::RedemptionCancelled {
        redemption_id: sale.id.to_string(),
        partner_id: sale.partner.to_string(),
        offer_code: sale.offer_code.clone(),
        version: sale.version,
    };
    event("partnerships.redemption.cancelled.v1", sale, now, &message)
}

fn event(
    event_type: &'static str,
    sale: &Redemption,
    now: DateTime<Utc>,
    message: &impl Serialize,
) -> OutgoingEvent {
    OutgoingEvent::new(
        now,
        event_type,
        sale.id.as_uuid(),
        sale.version,
        CallerKind::Partner.as_str(),
        message,
    )
}
