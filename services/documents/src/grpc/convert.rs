//! Between the contract's messages, the receipt that is signed, and the domain.

use auth::receipt::Receipt;
use documents_proto::v1 as wire;
use kernel::ids::{ApplicationId, DocumentId};

use crate::domain::document::Document;
use crate::error::Error;
use crate::store::access_log::Opening;

pub(super) fn document(document: Document) -> wire::Document {
    wire::Document {
        document_id: document.id.to_string(),
        file_name: document.file_name,
        size_bytes: document.size_bytes,
        document_class: document.document_class,
        media_type: document.media_type,
        pages: document.pages,
        scan_state: document.scan_state,
        uploaded_at: Some(document.uploaded_at.into()),
    }
}

/// What is signed for benefits.
pub(super) fn receipt(document: &Document) -> Receipt {
    Receipt {
        document_id: document.id,
        owner: document.owner,
        sha256: hex::encode(&document.sha256),
        document_class: document.document_class.clone(),
        file_name: document.file_name.clone(),
        size_bytes: document.size_bytes,
        media_type: document.media_type.clone(),
        scan_state: document.scan_state.clone(),
        uploaded_at: document.uploaded_at,
    }
}

/// An id that is not one of ours cannot name a paper: the same answer as for one that does not exist.
pub(super) fn document_id(text: &str) -> Result<DocumentId, Error> {
    text.parse().map_err(|_| Error::DocumentNotFound)
}

/// Empty: no file in particular.
pub(super) fn application_id(text: &str) -> Result<Option<ApplicationId>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::Malformed {
        field: "application_id",
        reason: "APPLICATION_ID_MALFORMED",
        instead: "the id of a file, or nothing",
    })
}

pub(super) fn opening(opening: Opening) -> wire::Opening {
    wire::Opening {
        at: Some(opening.at.into()),
        document_id: opening.document_id.to_string(),
        application_id: opening
            .application_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        actor_kind: opening.actor_kind,
        actor_id: opening.actor_id,
        reason: opening.reason,
        opened: opening.outcome == "opened",
    }
}
