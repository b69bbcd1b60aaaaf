//! A file was sent: its papers stay, on the public subjects as on the restricted ones. Only papers of the member who sent it; a repetition
//! changes nothing. What becomes of a kept paper later is not decided here.

use async_trait::async_trait;
use benefits_proto::events::v1::ApplicationSubmitted;
use bus::{HandlerError, IncomingEvent, Subscriber};
use kernel::ids::{DocumentId, IdError, MemberId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::documents;

/// Keeps the papers that a file names.
#[derive(Debug)]
pub(crate) struct OnApplicationSubmitted;

#[async_trait]
impl Subscriber for OnApplicationSubmitted {
    const NAME: &'static str = "documents-kept-papers";
    const PUBLISHER: &'static str = "benefits";
    const EVENTS: &'static [&'static str] = &[
        "benefits.application.submitted.v1",
        "restricted:benefits.application.submitted.v1",
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
            let data: ApplicationSubmitted = event.decode()?;
            let (owner, papers) =
                papers_of(&data.member_id, &data.document_ids).map_err(HandlerError::permanent)?;
            documents::keep(conn, &papers, owner, event.time).await?;
        }
        Ok(())
    }
}

/// Owner and papers as ids.
pub(super) fn papers_of(member: &str, documents: &[String]) -> Result<(MemberId, Vec<Uuid>), IdError> {
    let papers = documents
        .iter()
        .map(|id| Ok(id.parse::<DocumentId>()?.as_uuid()))
        .collect::<Result<_, IdError>>()?;
    Ok((member.parse()?, papers))
}
