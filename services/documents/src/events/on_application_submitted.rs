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
            let (owner, papers) = papers_of(&event.decode()?).map_err(HandlerError::permanent)?;
            documents::keep(conn, &papers, owner, event.time).await?;
        }
        Ok(())
    }
}

fn papers_of(data: &ApplicationSubmitted) -> Result<(MemberId, Vec<Uuid>), IdError> {
    let papers = data
        .document_ids
        .iter()
        .map(|id| Ok(id.parse::<DocumentId>()?.as_uuid()))
        .collect::<Result<_, IdError>>()?;
    Ok((data.member_id.parse()?, papers))
}
