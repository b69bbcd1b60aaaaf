//! What happened to papers, as messages for the bus. Neither name nor class leaves the service, and no owner but on the
//! restricted subject.

use bus::OutgoingEvent;
use chrono::{DateTime, Utc};
use documents_proto::events::v1::{DocumentAccepted, DocumentFoundInfected, DocumentRefused};
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

/// A paper that was taken in without a scan is infected: told to whoever looks after the file that it is in, by its owner.
pub(crate) fn found_infected(document: &Document, now: DateTime<Utc>) -> OutgoingEvent {
    let data = DocumentFoundInfected {
        document_id: document.id.to_string(),
        member_id: document.owner.to_string(),
    };
    let id = document.id.as_uuid();
    OutgoingEvent::new(
        now,
        "documents.document.found_infected.v1",
        id,
        2,
        "system",
        &data,
    )
    .restricted()
}

pub(crate) fn refused(id: Uuid, refusal: Refusal, now: DateTime<Utc>) -> OutgoingEvent {
    let data = DocumentRefused {
        document_id: id.to_string(),
        reason: refusal.reason().to_owned(),
    };
    OutgoingEvent::new(now, "documents.document.refused.v1", id, 1, "member", &data)
}
