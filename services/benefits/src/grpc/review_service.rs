//! `ReviewService`: reads the agent and the request, calls the use case, writes the answer.

use auth::caller;
use benefits_proto::v1 as wire;
use benefits_proto::v1::review_service_server::ReviewService;
use platform::idempotency::hash_of;
use prost::Message;
use tonic::{Request, Response, Status};

use super::convert::{application_id, timestamp};
use super::demonstration_clock::DemonstrationClock;
use super::{convert_queue as queue, convert_review as convert};
use crate::domain::review::duties::Agent;
use crate::use_cases::review::add_note::add_note;
use crate::use_cases::review::assign_file::assign_file;
use crate::use_cases::review::get_file::get_file;
use crate::use_cases::review::list_audit_trail::list_audit_trail;
use crate::use_cases::review::list_files::list_files;
use crate::use_cases::review::list_queues::list_queues;
use crate::use_cases::review::open_paper::open_paper;
use crate::use_cases::review::propose_decision::propose_decision;
use crate::use_cases::review::record_opinion::record_opinion;
use crate::use_cases::review::release_file::release_file;
use crate::use_cases::review::request_information::request_information;
use crate::use_cases::review::stop_waiting::stop_waiting;
use crate::use_cases::review::validate_decision::validate_decision;
use crate::use_cases::review::{Reviewer, view::FileView};
use crate::use_cases::{Office, RequestKey};

/// Serves agents.
pub(crate) struct Review {
    office: Office,
    clock: DemonstrationClock,
}

impl Review {
    pub(crate) fn new(office: Office, clock: DemonstrationClock) -> Self {
        Self { office, clock }
    }

    fn reviewer<T>(&self, request: &Request<T>) -> Result<Reviewer, Status> {
        let caller = caller(request)?;
        Ok(Reviewer {
            agent: Agent {
                account: caller.account()?,
                roles: caller.roles.clone(),
                member: caller.own_membership(),
            },
            actor: caller.actor(),
            now: self.clock.now(request.metadata())?,
        })
    }
}

fn key(method: &'static str, idempotency_key: &str, request: &impl Message) -> RequestKey {
    RequestKey {
        method,
        key: idempotency_key.to_owned(),
        request_hash: hash_of(request),
    }
}

fn file(view: FileView) -> Option<wire::ReviewFile> {
    Some(convert::file(view))
}

#[tonic::async_trait]
impl ReviewService for Review {
    async fn list_queues(
        &self,
        request: Request<wire::ListQueuesRequest>,
    ) -> Result<Response<wire::ListQueuesResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let queues = list_queues(&self.office, &reviewer).await?;
        Ok(Response::new(wire::ListQueuesResponse {
            queues: queues.into_iter().map(queue::queue_summary).collect(),
        }))
    }

    async fn list_queue_files(
        &self,
        request: Request<wire::ListQueueFilesRequest>,
    ) -> Result<Response<wire::ListQueueFilesResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let wanted = queue::wanted(request.into_inner(), reviewer.agent.account)?;
        let page = list_files(&self.office, &reviewer, &wanted).await?;
        Ok(Response::new(queue::page(page, reviewer.agent.account)))
    }

    async fn get_file(
        &self,
        request: Request<wire::GetFileRequest>,
    ) -> Result<Response<wire::GetFileResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let id = application_id(&request.get_ref().application_id)?;
        let view = get_file(&self.office, &reviewer, id).await?;
        Ok(Response::new(wire::GetFileResponse { file: file(view) }))
    }

    async fn assign_file(
        &self,
        request: Request<wire::AssignFileRequest>,
    ) -> Result<Response<wire::AssignFileResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("AssignFile", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let expected = request.expected_version;
        let view = assign_file(&self.office, &reviewer, &key, id, expected, request.take_over).await?;
        let assigned = view
            .assignment
            .is_some_and(|held| held.agent == reviewer.agent.account);
        Ok(Response::new(wire::AssignFileResponse {
            file: file(view),
            assigned,
        }))
    }

    async fn release_file(
        &self,
        request: Request<wire::ReleaseFileRequest>,
    ) -> Result<Response<wire::ReleaseFileResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("ReleaseFile", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let view = release_file(&self.office, &reviewer, &key, id, request.expected_version).await?;
        Ok(Response::new(wire::ReleaseFileResponse { file: file(view) }))
    }

    async fn open_paper(
        &self,
        request: Request<wire::OpenPaperRequest>,
    ) -> Result<Response<wire::OpenPaperResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let id = application_id(&request.application_id)?;
        let reason = convert::opening_reason(request.reason())?;
        let document = convert::document_id(&request.document_id)?;
        let opening = open_paper(&self.office, &reviewer, id, document, reason).await?;
        Ok(Response::new(wire::OpenPaperResponse {
            opening_grant: opening.grant,
            expires_at: Some(timestamp(opening.expires_at)),
        }))
    }

    async fn record_medical_opinion(
        &self,
        request: Request<wire::RecordMedicalOpinionRequest>,
    ) -> Result<Response<wire::RecordMedicalOpinionResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("RecordMedicalOpinion", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let opinion = convert::opinion(&request)?;
        let expected = request.expected_version;
        let view = record_opinion(&self.office, &reviewer, &key, id, expected, opinion).await?;
        Ok(Response::new(wire::RecordMedicalOpinionResponse {
            file: file(view),
        }))
    }

    async fn request_information(
        &self,
        request: Request<wire::RequestInformationRequest>,
    ) -> Result<Response<wire::RequestInformationResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("RequestInformation", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let expected = request.expected_version;
        let items = convert::items(request.items)?;
        let view = request_information(&self.office, &reviewer, &key, id, expected, items).await?;
        Ok(Response::new(wire::RequestInformationResponse {
            file: file(view),
        }))
    }

    async fn stop_waiting(
        &self,
        request: Request<wire::StopWaitingRequest>,
    ) -> Result<Response<wire::StopWaitingResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("StopWaiting", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let view = stop_waiting(&self.office, &reviewer, &key, id, request.expected_version).await?;
        Ok(Response::new(wire::StopWaitingResponse { file: file(view) }))
    }

    async fn propose_decision(
        &self,
        request: Request<wire::ProposeDecisionRequest>,
    ) -> Result<Response<wire::ProposeDecisionResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("ProposeDecision", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let expected = request.expected_version;
        let proposal = convert::proposal(request)?;
        let view = propose_decision(&self.office, &reviewer, &key, id, expected, proposal).await?;
        Ok(Response::new(wire::ProposeDecisionResponse { file: file(view) }))
    }

    async fn validate_decision(
        &self,
        request: Request<wire::ValidateDecisionRequest>,
    ) -> Result<Response<wire::ValidateDecisionResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("ValidateDecision", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let expected = request.expected_version;
        let verdict = convert::verdict(request.verdict)?;
        let view = validate_decision(&self.office, &reviewer, &key, id, expected, verdict).await?;
        Ok(Response::new(wire::ValidateDecisionResponse { file: file(view) }))
    }

    async fn add_note(
        &self,
        request: Request<wire::AddNoteRequest>,
    ) -> Result<Response<wire::AddNoteResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let key = key("AddNote", &request.idempotency_key, &request);
        let id = application_id(&request.application_id)?;
        let view = add_note(&self.office, &reviewer, &key, id, &request.text).await?;
        Ok(Response::new(wire::AddNoteResponse { file: file(view) }))
    }

    async fn list_audit_trail(
        &self,
        request: Request<wire::ListAuditTrailRequest>,
    ) -> Result<Response<wire::ListAuditTrailResponse>, Status> {
        let reviewer = self.reviewer(&request)?;
        let request = request.into_inner();
        let id = application_id(&request.application_id)?;
        let page = list_audit_trail(
            &self.office,
            &reviewer,
            id,
            request.page_size,
            &request.page_token,
        )
        .await?;
        Ok(Response::new(wire::ListAuditTrailResponse {
            lines: page.lines.into_iter().map(convert::audit_line).collect(),
            next_page_token: page.next_page_token,
            chain_intact: page.chain_intact,
            request_number: page.number,
        }))
    }
}
