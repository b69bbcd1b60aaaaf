//! Hears from documents that a paper was found infected after it had been taken in. On the restricted subject, because it names the paper's owner.

use std::sync::Arc;

use async_trait::async_trait;
use bus::{HandlerError, IncomingEvent, Subscriber};
use documents_proto::events::v1::DocumentFoundInfected;
use kernel::{DocumentId, MemberId};
use platform::crypto::FieldCipher;
use sqlx::PgConnection;

use crate::domain::catalogue::Catalogue;
use crate::error::Error;
use crate::use_cases::mark_infected_paper::mark_infected_paper;

/// Follows `documents.document.found_infected`.
pub(crate) struct OnDocumentFoundInfected {
    pub(crate) cipher: FieldCipher,
    pub(crate) catalogue: Arc<Catalogue>,
}

#[derive(Debug, thiserror::Error)]
#[error("documents' event: {0} cannot be read")]
struct Unreadable(&'static str);

#[async_trait]
impl Subscriber for OnDocumentFoundInfected {
    const NAME: &'static str = "benefits-infected-papers";
    const PUBLISHER: &'static str = "documents";
    const EVENTS: &'static [&'static str] = &["restricted:documents.document.found_infected.v1"];
    type Facts = ();

    async fn fetch(&self, _events: &[IncomingEvent]) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn apply(
        &self,
        conn: &mut PgConnection,
        events: &[IncomingEvent],
        (): (),
    ) -> Result<(), HandlerError> {
        for event in events {
            let paper = read(event)?;
            mark_infected_paper(conn, &self.cipher, &self.catalogue, paper, event.time)
                .await
                .map_err(sort)?;
        }
        Ok(())
    }
}

fn read(event: &IncomingEvent) -> Result<(MemberId, DocumentId), HandlerError> {
    let data: DocumentFoundInfected = event.decode()?;
    let unreadable = |what| move |_| HandlerError::permanent(Unreadable(what));
    Ok((
        data.member_id.parse().map_err(unreadable("member_id"))?,
        data.document_id.parse().map_err(unreadable("document_id"))?,
    ))
}

fn sort(error: Error) -> HandlerError {
    if error.is_transient() {
        HandlerError::transient(error)
    } else {
        HandlerError::permanent(error)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "01998c8f-3c00-7000-8000-000000000001";

    fn event(data: serde_json::Value) -> IncomingEvent {
        IncomingEvent {
            id: uuid::Uuid::nil(),
            event_type: "documents.document.found_infected.v1".to_owned(),
            aggregate: uuid::Uuid::nil(),
            sequence: 2,
            time: chrono::DateTime::UNIX_EPOCH,
            traceparent: None,
            data,
        }
    }

    #[test]
    fn the_events_of_this_and_the_next_minor_version_are_read() {
        for data in [
            json!({ "documentId": ID, "memberId": ID }),
            json!({ "documentId": ID, "memberId": ID, "more": { "fields": [1] } }),
        ] {
            read(&event(data)).expect("a paper of a member");
        }
    }

    #[test]
    fn an_event_that_cannot_be_read_is_refused_for_good() {
        for data in [
            json!({}),
            json!({ "documentId": ID }),
            json!({ "documentId": "1", "memberId": ID }),
            json!({ "documentId": 7, "memberId": ID }),
        ] {
            assert!(matches!(read(&event(data)), Err(HandlerError::Permanent(_))));
        }
    }
}
