//! Documents for agents: a paper opened with a grant of benefits, and who opened which papers.

use auth::client::with_token;
use bytes::Bytes;
use documents_proto::v1 as wire;
use futures::{StreamExt, TryStreamExt};
use tonic::Request;

use super::documents::Download;
use super::office::Opening;
use super::{Backend, instant, present};
use crate::error::Error;

impl Backend {
    /// The paper of a grant, as it comes.
    pub(crate) async fn open_for_review(&self, token: &str, grant: String) -> Result<Download, Error> {
        use wire::open_for_review_response::Part;
        let request = wire::OpenForReviewRequest { opening_grant: grant };
        let mut stream = self
            .documents
            .clone()
            .open_for_review(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let first = present(
            stream.message().await?.and_then(|message| message.part),
            "document",
        )?;
        let Part::Document(document) = first else {
            return Err(Error::Unforeseen);
        };
        let bytes = stream
            .map_err(|_| std::io::Error::other("the paper was cut off"))
            .filter_map(async |message| match message {
                Ok(wire::OpenForReviewResponse {
                    part: Some(Part::Chunk(chunk)),
                }) => Some(Ok(Bytes::from(chunk))),
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            });
        Ok(Download {
            file_name: document.file_name,
            media_type: document.media_type,
            bytes: bytes.boxed(),
        })
    }

    /// Openings, the newest first: of one file, or of all when `application` is empty.
    pub(crate) async fn openings(
        &self,
        token: &str,
        application: &str,
        page_size: i32,
        page_token: &str,
    ) -> Result<(Vec<Opening>, String), Error> {
        let request = wire::ListOpeningsRequest {
            application_id: application.to_owned(),
            page_size,
            page_token: page_token.to_owned(),
        };
        let answer = self
            .documents
            .clone()
            .list_openings(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let openings = answer.openings.into_iter().map(|opening| Opening {
            at: instant(opening.at),
            document: opening.document_id,
            application: opening.application_id,
            actor_kind: opening.actor_kind,
            actor: opening.actor_id,
            reason: opening.reason,
            opened: opening.opened,
        });
        Ok((openings.collect(), answer.next_page_token))
    }
}
