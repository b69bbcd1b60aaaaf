//! `DocumentService`. The size limit is held while the stream runs: what lies beyond it is neither kept nor awaited.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use auth::caller;
use auth::token::SigningKey;
use bytes::Bytes;
use documents_proto::v1::document_service_server::DocumentService;
use documents_proto::v1::{
    DownloadDocumentRequest, DownloadDocumentResponse, GetDocumentRequest, GetDocumentResponse,
    ListOpeningsRequest, ListOpeningsResponse, OpenForReviewRequest, OpenForReviewResponse,
    UploadDocumentRequest, UploadDocumentResponse, UploadOpening, download_document_response,
    open_for_review_response, upload_document_request,
};
use futures::Stream;
use platform::keys::KeyRing;
use tokio::sync::{Semaphore, SemaphorePermit};
use tonic::{Request, Response, Status, Streaming};

use super::convert::{application_id, document, document_id, opening as opening_line, receipt};
use crate::domain::class::DocumentClass;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::use_cases::download_document::DownloadDocument;
use crate::use_cases::get_document::own_document;
use crate::use_cases::list_openings::list_openings;
use crate::use_cases::open_for_review::OpenForReview;
use crate::use_cases::upload_document::{Upload, UploadDocument};

/// Bytes per message of a download.
const CHUNK: usize = 64 * 1024;
/// Papers that are held in memory at once; beyond it the caller is asked to come back in a moment.
pub(crate) const AT_ONCE: usize = 16;
/// An upload that sends nothing for this long is given up: it holds memory and one of the places above.
const STANDS_STILL: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(crate) struct DocumentGrpc {
    pub(crate) upload: UploadDocument,
    pub(crate) download: DownloadDocument,
    pub(crate) review: OpenForReview,
    pub(crate) signing_key: SigningKey,
    /// Seals the tokens of pages.
    pub(crate) pages: Arc<KeyRing>,
    /// Largest paper in bytes.
    pub(crate) max_bytes: usize,
    /// Bounds the papers in memory; [`AT_ONCE`] places.
    pub(crate) places: Arc<Semaphore>,
}

#[async_trait]
impl DocumentService for DocumentGrpc {
    async fn upload_document(
        &self,
        request: Request<Streaming<UploadDocumentRequest>>,
    ) -> Result<Response<UploadDocumentResponse>, Status> {
        let caller = caller(&request)?.clone();
        let owner = caller.member()?;
        let mut stream = request.into_inner();
        let opening = opening(&mut stream).await?;
        let class = DocumentClass::parse(&opening.document_class).ok_or(Error::Malformed {
            field: "document_class",
            reason: "DOCUMENT_CLASS_UNKNOWN",
            instead: "health_paper, identity_paper, travel_paper or bank_paper",
        })?;
        let (content, _place) = match read_within(&mut stream, self.max_bytes, &self.places).await {
            Ok(read) => read,
            Err(Error::Refused(refusal)) => return Err(self.upload.refuse(&caller, refusal).await?.into()),
            Err(error) => return Err(error.into()),
        };
        let upload = Upload {
            file_name: opening.file_name,
            document_class: class,
            idempotency_key: opening.idempotency_key,
            content,
        };
        let stored = self.upload.run(&caller, owner, upload).await?;
        let signed = auth::receipt::sign(&self.signing_key, &receipt(&stored), self.upload.clock.now());
        Ok(Response::new(UploadDocumentResponse {
            document: Some(document(stored)),
            receipt: signed,
        }))
    }

    async fn get_document(
        &self,
        request: Request<GetDocumentRequest>,
    ) -> Result<Response<GetDocumentResponse>, Status> {
        let caller = caller(&request)?.clone();
        let id = document_id(&request.get_ref().document_id)?;
        let DownloadDocument {
            pool, cipher, clock, ..
        } = &self.download;
        let (found, _) = own_document(pool, cipher, &caller, caller.member()?, id, clock.now()).await?;
        Ok(Response::new(GetDocumentResponse {
            document: Some(document(found)),
        }))
    }

    type DownloadDocumentStream =
        Pin<Box<dyn Stream<Item = Result<DownloadDocumentResponse, Status>> + Send>>;

    async fn download_document(
        &self,
        request: Request<DownloadDocumentRequest>,
    ) -> Result<Response<Self::DownloadDocumentStream>, Status> {
        let caller = caller(&request)?.clone();
        let owner = caller.member()?;
        let asked = request.into_inner();
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::Busy)?;
        let (found, content) = self
            .download
            .run(&caller, owner, document_id(&asked.document_id)?, &asked.reason)
            .await?;
        let parts = std::iter::once(download_document_response::Part::Document(document(found)))
            .chain(chunks(content).map(download_document_response::Part::Chunk));
        let answers = parts.map(move |part| {
            // The paper is in memory until the last of it has left: the place goes with the stream.
            let _until_the_end = &place;
            Ok(DownloadDocumentResponse { part: Some(part) })
        });
        Ok(Response::new(Box::pin(futures::stream::iter(answers))))
    }

    type OpenForReviewStream = Pin<Box<dyn Stream<Item = Result<OpenForReviewResponse, Status>> + Send>>;

    async fn open_for_review(
        &self,
        request: Request<OpenForReviewRequest>,
    ) -> Result<Response<Self::OpenForReviewStream>, Status> {
        let caller = caller(&request)?.clone();
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::Busy)?;
        let (found, content) = self.review.run(&caller, &request.get_ref().opening_grant).await?;
        let parts = std::iter::once(open_for_review_response::Part::Document(document(found)))
            .chain(chunks(content).map(open_for_review_response::Part::Chunk));
        let answers = parts.map(move |part| {
            let _until_the_end = &place;
            Ok(OpenForReviewResponse { part: Some(part) })
        });
        Ok(Response::new(Box::pin(futures::stream::iter(answers))))
    }

    async fn list_openings(
        &self,
        request: Request<ListOpeningsRequest>,
    ) -> Result<Response<ListOpeningsResponse>, Status> {
        // Nobody looks into their own file; whose relatives' files are hidden is for benefits to say, and the page asks it.
        let reader = caller(&request)?.own_membership();
        let asked = request.into_inner();
        let application = application_id(&asked.application_id)?;
        let page = list_openings(
            &self.download.pool,
            &self.pages,
            application,
            reader,
            asked.page_size,
            &asked.page_token,
        )
        .await?;
        Ok(Response::new(ListOpeningsResponse {
            openings: page.openings.into_iter().map(opening_line).collect(),
            next_page_token: page.next,
        }))
    }
}

/// The content in messages.
fn chunks(mut rest: Bytes) -> impl Iterator<Item = Vec<u8>> {
    std::iter::from_fn(move || (!rest.is_empty()).then(|| rest.split_to(rest.len().min(CHUNK)).to_vec()))
}

async fn opening(stream: &mut Streaming<UploadDocumentRequest>) -> Result<UploadOpening, Error> {
    match next(stream).await?.and_then(|message| message.part) {
        Some(upload_document_request::Part::Opening(opening)) => Ok(opening),
        _ => Err(Error::Malformed {
            field: "opening",
            reason: "OPENING_MISSING",
            instead: "the first message names the paper",
        }),
    }
}

/// The next message, or the end; a line that stands still is an upload that was cut off.
async fn next(stream: &mut Streaming<UploadDocumentRequest>) -> Result<Option<UploadDocumentRequest>, Error> {
    match tokio::time::timeout(STANDS_STILL, stream.message()).await {
        Ok(message) => message.map_err(|_| Error::Interrupted),
        Err(_elapsed) => Err(Error::Interrupted),
    }
}

/// Collects the content and stops reading at the first byte beyond the limit. A place is taken when the first bytes are there: who opens a
/// stream and sends nothing keeps nobody out. Silence ends the upload, and gives the place back.
async fn read_within<'p>(
    stream: &mut Streaming<UploadDocumentRequest>,
    limit: usize,
    places: &'p Semaphore,
) -> Result<(Vec<u8>, Option<SemaphorePermit<'p>>), Error> {
    let mut content = Vec::new();
    let mut place = None;
    while let Some(message) = next(stream).await? {
        let Some(upload_document_request::Part::Chunk(chunk)) = message.part else {
            return Err(Error::Malformed {
                field: "chunk",
                reason: "CHUNK_EXPECTED",
                instead: "one opening, then chunks",
            });
        };
        if content.len() + chunk.len() > limit {
            return Err(Error::Refused(Refusal::TooLarge));
        }
        if place.is_none() {
            place = Some(places.try_acquire().map_err(|_| Error::Busy)?);
        }
        content.extend_from_slice(&chunk);
    }
    Ok((content, place))
}
