//! Double of documents: counts the bytes, refuses what does not begin as a PDF.

use documents_proto::v1::document_service_server::DocumentService;
use documents_proto::v1::*;
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use platform::status::Problem;
use tonic::{Code, Request, Response, Status, Streaming, async_trait};

use super::{World, now, stamp};

pub(crate) const DOCUMENT: &str = "01930000-0000-7000-8000-0000000000d1";

/// A paper that a browser can show.
const SPECIMEN: &[u8] = include_bytes!("../../../../../integration-tests/tests/data/specimen.pdf");

fn document(name: &str, size: usize) -> Document {
    Document {
        document_id: DOCUMENT.into(),
        file_name: name.into(),
        size_bytes: i64::try_from(size).unwrap_or_default(),
        document_class: "health_paper".into(),
        media_type: "application/pdf".into(),
        pages: 1,
        scan_state: "not_scanned".into(),
        uploaded_at: stamp(now()),
    }
}

#[async_trait]
impl DocumentService for World {
    async fn upload_document(
        &self,
        request: Request<Streaming<UploadDocumentRequest>>,
    ) -> Result<Response<UploadDocumentResponse>, Status> {
        use upload_document_request::Part;
        self.enter("documents", "upload_document")?;
        self.caller(&request)?;
        self.state().uploaded = (0, false);
        let mut parts = request.into_inner();
        let Some(Part::Opening(opening)) = parts.message().await?.and_then(|message| message.part) else {
            return Err(Status::invalid_argument("no opening"));
        };
        let before = self
            .state()
            .keys
            .insert(opening.idempotency_key, opening.file_name.clone());
        if before.is_some_and(|name| name != opening.file_name) {
            return Err(Problem::new(Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED").into_status());
        }
        let mut head = Vec::new();
        while let Some(message) = parts.message().await? {
            let Some(Part::Chunk(chunk)) = message.part else {
                continue;
            };
            if head.len() < 5 {
                head.extend_from_slice(&chunk[..chunk.len().min(5)]);
            }
            self.state().uploaded.0 += chunk.len();
        }
        let size = self.state().uploaded.0;
        {
            let mut state = self.state();
            state.uploaded.1 = true;
            state.token_generation += u32::from(state.uploads_outlast_tokens);
        }
        if size == 0 {
            return Err(Problem::new(Code::InvalidArgument, "FILE_EMPTY").into_status());
        }
        if !head.starts_with(b"%PDF-") {
            return Err(Problem::new(Code::InvalidArgument, "FILE_TYPE_NOT_ACCEPTED").into_status());
        }
        let receipt = format!("receipt|{}|{size}", opening.file_name);
        Ok(Response::new(UploadDocumentResponse {
            document: Some(document(&opening.file_name, size)),
            receipt,
        }))
    }

    async fn get_document(
        &self,
        _: Request<GetDocumentRequest>,
    ) -> Result<Response<GetDocumentResponse>, Status> {
        Ok(Response::new(GetDocumentResponse {
            document: Some(document("rapport-specimen.pdf", 8)),
        }))
    }

    type DownloadDocumentStream = BoxStream<'static, Result<DownloadDocumentResponse, Status>>;

    async fn download_document(
        &self,
        _: Request<DownloadDocumentRequest>,
    ) -> Result<Response<Self::DownloadDocumentStream>, Status> {
        use download_document_response::Part;
        self.enter("documents", "download_document")?;
        let parts = [
            Part::Document(document("rapport-specimen.pdf", 8)),
            Part::Chunk(b"%PDF-1.7".to_vec()),
        ];
        let answer = stream::iter(parts.map(|part| Ok(DownloadDocumentResponse { part: Some(part) })));
        Ok(Response::new(answer.boxed()))
    }

    type OpenForReviewStream = BoxStream<'static, Result<OpenForReviewResponse, Status>>;

    async fn open_for_review(
        &self,
        request: Request<OpenForReviewRequest>,
    ) -> Result<Response<Self::OpenForReviewStream>, Status> {
        use open_for_review_response::Part;
        self.enter("documents", "open_for_review")?;
        self.caller(&request)?;
        if !request.into_inner().opening_grant.starts_with("grant:") {
            return Err(Problem::new(Code::PermissionDenied, "GRANT_REFUSED").into_status());
        }
        let parts = [
            Part::Document(document("rapport-specimen.pdf", SPECIMEN.len())),
            Part::Chunk(SPECIMEN.to_vec()),
        ];
        let answer = stream::iter(parts.map(|part| Ok(OpenForReviewResponse { part: Some(part) })));
        Ok(Response::new(answer.boxed()))
    }

    async fn list_openings(
        &self,
        request: Request<ListOpeningsRequest>,
    ) -> Result<Response<ListOpeningsResponse>, Status> {
        self.enter("documents", "list_openings")?;
        self.caller(&request)?;
        let opening = |hours, actor: &str, reason: &str, opened| Opening {
            at: stamp(now() - chrono::TimeDelta::hours(hours)),
            document_id: DOCUMENT.to_owned(),
            application_id: super::office::REVIEW.to_owned(),
            actor_kind: "agent".to_owned(),
            actor_id: super::office::account_of(actor),
            reason: reason.to_owned(),
            opened,
        };
        Ok(Response::new(ListOpeningsResponse {
            openings: vec![
                opening(1, super::REVIEWER, "assessment", true),
                opening(5, "99000009", "grant_of_another", false),
                // Of a file that benefits shows this reader nothing of.
                Opening {
                    application_id: super::office::RELATIVES.to_owned(),
                    ..opening(6, super::REVIEWER, "appeal", true)
                },
            ],
            next_page_token: String::new(),
        }))
    }
}
