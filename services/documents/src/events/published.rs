//! What happened to papers, as messages for the bus. Neither owner, name nor class leaves the service.

use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use documents_proto::events::v1::{DocumentAccepted, DocumentRefused};
use uuid::Uuid;

use crate::domain::document::Document;
use crate::domain::refusal::Refusal;

pub(crate) fn accepted(document: &Document, now: DateTime<Utc>) -> OutgoingEvent {
    let data = DocumentAccepted {
        document_id: document.id.to_string(),
        scan_state: document.scan_state.clone(),
    };
    OutgoingEvent::new(
        now,
        "documents.document.accepted.v1",
        document.id.as_uuid(),
        1,
        "member",
        &data,
    )
}

pub(crate) fn refused(id: Uuid, refusal: Refusal, now: DateTime<Utc>) -> OutgoingEvent {
    let data = DocumentRefused {
        document_id: id.to_string(),
        reason: refusal.reason().to_owned(),
    };
    OutgoingEvent::new(now, "documents.document.refused.v1", id, 1, "member", &data)
}
