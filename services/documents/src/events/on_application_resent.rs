//! A file came back from its member with other papers: those stay too. A durable of its own, since a durable keeps the subjects it was made
//! with; what keeping means is [`super::on_application_submitted`]'s.

use async_trait::async_trait;
use benefits_proto::events::v1::ApplicationResent;
use bus::{HandlerError, IncomingEvent, Subscriber};
use sqlx::PgConnection;

use super::on_application_submitted::papers_of;
use crate::store::documents;

/// Keeps the papers that a corrected file names.
#[derive(Debug)]
pub(crate) struct OnApplicationResent;

#[async_trait]
impl Subscriber for OnApplicationResent {
    const NAME: &'static str = "documents-resent-papers";
    const PUBLISHER: &'static str = "benefits";
    const EVENTS: &'static [&'static str] = &[
        "benefits.application.resent.v1",
        "restricted:benefits.application.resent.v1",
    ];
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
            let data: ApplicationResent = event.decode()?;
            let (owner, papers) =
                papers_of(&data.member_id, &data.document_ids).map_err(HandlerError::permanent)?;
            documents::keep(conn, &papers, owner, event.time).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_events_of_this_the_previous_and_the_next_minor_version_are_read() {
        let id = "01998c8f-3c00-7000-8000-000000000001";
        for (data, papers) in [
            (
                json!({ "memberId": id, "applicationId": id, "documentIds": [id], "version": "7" }),
                1,
            ),
            (json!({ "memberId": id }), 0),
            (
                json!({ "memberId": id, "documentIds": [id, id], "more": { "fields": [1] } }),
                2,
            ),
        ] {
            let event = IncomingEvent {
                id: uuid::Uuid::nil(),
                event_type: "benefits.application.resent.v1".to_owned(),
                aggregate: uuid::Uuid::nil(),
                sequence: 7,
                time: chrono::DateTime::UNIX_EPOCH,
                traceparent: None,
                data,
            };
            let data: ApplicationResent = event.decode().expect("an event");
            let (_, found) = papers_of(&data.member_id, &data.document_ids).expect("ids");
            assert_eq!(found.len(), papers);
        }
    }
}
