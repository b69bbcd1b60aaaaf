//! `ApplicationService`: reads the caller and the request, calls the use case, writes the answer.

use auth::caller;
use benefits_proto::v1::application_service_server::ApplicationService;
use benefits_proto::v1::{
    DiscardDraftRequest, DiscardDraftResponse, GetApplicationRequest, GetApplicationResponse,
    ListApplicationsRequest, ListApplicationsResponse, ResendApplicationRequest, ResendApplicationResponse,
    SaveAnswerRequest, SaveAnswerResponse, StartApplicationRequest, StartApplicationResponse,
    SubmitApplicationRequest, SubmitApplicationResponse, WithdrawApplicationRequest,
    WithdrawApplicationResponse,
};
use platform::idempotency::hash_of;
use prost::Message;
use tonic::{Request, Response, Status};

use super::convert;
use super::demonstration_clock::DemonstrationClock;
use crate::use_cases::discard_draft::discard_draft;
use crate::use_cases::get_application::get_application;
use crate::use_cases::list_applications::list_applications;
use crate::use_cases::resend_application::resend_application;
use crate::use_cases::save_answer::save_answer;
use crate::use_cases::start_application::start_application;
use crate::use_cases::submit_application::submit_application;
use crate::use_cases::withdraw_application::withdraw_application;
use crate::use_cases::{Asker, Office, RequestKey};

/// Serves members' applications.
pub(crate) struct Applications {
    office: Office,
    clock: DemonstrationClock,
}

impl Applications {
    pub(crate) fn new(office: Office, clock: DemonstrationClock) -> Self {
        Self { office, clock }
    }

    fn asker<T>(&self, request: &Request<T>) -> Result<Asker, Status> {
        let caller = caller(request)?;
        Ok(Asker {
            member: caller.member()?,
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

#[tonic::async_trait]
impl ApplicationService for Applications {
    async fn start_application(
        &self,
        request: Request<StartApplicationRequest>,
    ) -> Result<Response<StartApplicationResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let key = key("StartApplication", &request.idempotency_key, &request);
        let view = start_application(&self.office, &asker, &key, &request.benefit_code).await?;
        Ok(Response::new(StartApplicationResponse {
            application: Some(convert::application(view)),
        }))
    }

    async fn save_answer(
        &self,
        request: Request<SaveAnswerRequest>,
    ) -> Result<Response<SaveAnswerResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let key = key("SaveAnswer", &request.idempotency_key, &request);
        let id = convert::application_id(&request.application_id)?;
        let view = save_answer(&self.office, &asker, &key, id, convert::answer(request.answer)?).await?;
        Ok(Response::new(SaveAnswerResponse {
            application: Some(convert::application(view)),
        }))
    }

    async fn get_application(
        &self,
        request: Request<GetApplicationRequest>,
    ) -> Result<Response<GetApplicationResponse>, Status> {
        let asker = self.asker(&request)?;
        let id = convert::application_id(&request.get_ref().application_id)?;
        let view = get_application(&self.office, &asker, id).await?;
        Ok(Response::new(GetApplicationResponse {
            application: Some(convert::application(view)),
        }))
    }

    async fn list_applications(
        &self,
        request: Request<ListApplicationsRequest>,
    ) -> Result<Response<ListApplicationsResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let benefit = Some(request.benefit_code.as_str()).filter(|code| !code.is_empty());
        let page = list_applications(
            &self.office,
            &asker,
            benefit,
            request.page_size,
            &request.page_token,
        )
        .await?;
        Ok(Response::new(ListApplicationsResponse {
            applications: page.views.into_iter().map(convert::application).collect(),
            next_page_token: page.next_page_token,
        }))
    }

    async fn submit_application(
        &self,
        request: Request<SubmitApplicationRequest>,
    ) -> Result<Response<SubmitApplicationResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let key = key("SubmitApplication", &request.idempotency_key, &request);
        let id = convert::application_id(&request.application_id)?;
        let expected = convert::expected_version(request.expected_version);
        let view = submit_application(&self.office, &asker, &key, id, expected).await?;
        Ok(Response::new(SubmitApplicationResponse {
            application: Some(convert::application(view)),
        }))
    }

    async fn resend_application(
        &self,
        request: Request<ResendApplicationRequest>,
    ) -> Result<Response<ResendApplicationResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let key = key("ResendApplication", &request.idempotency_key, &request);
        let id = convert::application_id(&request.application_id)?;
        let expected = convert::expected_version(request.expected_version);
        let view = resend_application(&self.office, &asker, &key, id, expected).await?;
        Ok(Response::new(ResendApplicationResponse {
            application: Some(convert::application(view)),
        }))
    }

    async fn withdraw_application(
        &self,
        request: Request<WithdrawApplicationRequest>,
    ) -> Result<Response<WithdrawApplicationResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let key = key("WithdrawApplication", &request.idempotency_key, &request);
        let id = convert::application_id(&request.application_id)?;
        let view = withdraw_application(&self.office, &asker, &key, id).await?;
        Ok(Response::new(WithdrawApplicationResponse {
            application: Some(convert::application(view)),
        }))
    }

    async fn discard_draft(
        &self,
        request: Request<DiscardDraftRequest>,
    ) -> Result<Response<DiscardDraftResponse>, Status> {
        let asker = self.asker(&request)?;
        let request = request.into_inner();
        let key = key("DiscardDraft", &request.idempotency_key, &request);
        let id = convert::application_id(&request.application_id)?;
        discard_draft(&self.office, &asker, &key, id).await?;
        Ok(Response::new(DiscardDraftResponse {}))
    }
}
