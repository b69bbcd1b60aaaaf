//! Agents at work: their tokens, and one call a line.

use benefits_proto::v1::review_service_client::ReviewServiceClient;
use benefits_proto::v1::validate_decision_request::Verdict;
use benefits_proto::v1::*;
use kernel::permission::Role;
use kernel::{AccountId, MemberId};
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::support::{TestApp, id, key};

/// An agent with an account, roles and perhaps a membership of their own.
#[derive(Clone)]
pub(crate) struct Agent<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) account: AccountId,
    pub(crate) roles: Vec<Role>,
    pub(crate) member: Option<MemberId>,
    pub(crate) demo_time: Option<&'static str>,
}

pub(crate) fn agent<'a>(app: &'a TestApp, roles: &[Role]) -> Agent<'a> {
    Agent {
        app,
        account: AccountId::from_uuid(id()),
        roles: roles.to_vec(),
        member: None,
        demo_time: None,
    }
}

/// Everybody who takes part in deciding a health file.
pub(crate) struct Team<'a> {
    pub(crate) reviewer: Agent<'a>,
    pub(crate) officer: Agent<'a>,
    pub(crate) validator: Agent<'a>,
}

pub(crate) fn team(app: &TestApp) -> Team<'_> {
    Team {
        reviewer: agent(app, &[Role::HealthReviewer]),
        officer: agent(app, &[Role::CaseOfficer]),
        validator: agent(app, &[Role::Validator]),
    }
}

/// The file as it was last seen: id and version of every further call.
pub(crate) fn summary(file: &ReviewFile) -> &FileSummary {
    file.summary.as_ref().expect("a summary")
}

pub(crate) fn state(file: &ReviewFile) -> (ApplicationState, ReviewStep) {
    (summary(file).state(), summary(file).step())
}

pub(crate) fn dirhams(amount: i64) -> i64 {
    amount * 100
}

pub(crate) fn item(field: &str, paper: &str, cause: InformationCause) -> InformationItem {
    InformationItem {
        field: field.to_owned(),
        paper_code: paper.to_owned(),
        cause: cause.into(),
        note: String::new(),
        corrected: false,
    }
}

pub(crate) fn refusal(reason: &str) -> Verdict {
    Verdict::Refuse(Refusal {
        reason_code: reason.to_owned(),
        sentence_ar: "الوثائق المدلى بها لا تكفي لإثبات المصاريف.".to_owned(),
        sentence_fr: "Les pièces remises ne suffisent pas.".to_owned(),
    })
}

pub(crate) fn back(to: ReviewStep) -> Verdict {
    Verdict::SendBack(SendBack {
        to: to.into(),
        note: "à revoir".to_owned(),
    })
}

impl Agent<'_> {
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let keys = &self.app.keys;
        let token = match self.member {
            None => keys.agent_token("benefits", self.account, &self.roles),
            Some(member) => keys.agent_token_of_member("benefits", self.account, member, &self.roles),
        };
        let mut request = auth::client::with_token(Request::new(message), &token);
        if let Some(at) = self.demo_time {
            let loader = keys.service_token("portal", "benefits");
            let metadata = request.metadata_mut();
            metadata.insert("tadamon-demo-time", at.parse().expect("metadata"));
            metadata.insert("tadamon-demo-token", loader.parse().expect("metadata"));
        }
        request
    }

    pub(crate) fn client(&self) -> ReviewServiceClient<Channel> {
        ReviewServiceClient::new(self.app.channel())
    }

    pub(crate) async fn get(&self, application: &str) -> Result<ReviewFile, Status> {
        let request = GetFileRequest {
            application_id: application.to_owned(),
        };
        let answer = self.client().get_file(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn assign(&self, application: &str) -> Result<AssignFileResponse, Status> {
        let version = summary(&self.get(application).await?).version;
        self.assign_at(application, version, false).await
    }

    pub(crate) async fn assign_at(
        &self,
        application: &str,
        expected_version: i64,
        take_over: bool,
    ) -> Result<AssignFileResponse, Status> {
        let request = AssignFileRequest {
            application_id: application.to_owned(),
            idempotency_key: key(),
            expected_version,
            take_over,
        };
        let answer = self.client().assign_file(self.request(request)).await?;
        Ok(answer.into_inner())
    }

    /// Takes a file that nobody has.
    pub(crate) async fn take(&self, application: &str) -> ReviewFile {
        let answer = self.assign(application).await.expect("it is taken");
        assert!(answer.assigned, "nobody else has it");
        answer.file.expect("a file")
    }

    pub(crate) async fn release(&self, file: &ReviewFile) -> Result<ReviewFile, Status> {
        let request = ReleaseFileRequest {
            application_id: summary(file).application_id.clone(),
            idempotency_key: key(),
            expected_version: summary(file).version,
        };
        let answer = self.client().release_file(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn open(
        &self,
        application: &str,
        document: &str,
        reason: OpeningReason,
    ) -> Result<OpenPaperResponse, Status> {
        let request = OpenPaperRequest {
            application_id: application.to_owned(),
            document_id: document.to_owned(),
            reason: reason.into(),
        };
        let answer = self.client().open_paper(self.request(request)).await?;
        Ok(answer.into_inner())
    }

    /// Opens a paper of the file where the page offers it, and gives an opinion.
    pub(crate) async fn opine(
        &self,
        file: &ReviewFile,
        opinion: MedicalOpinion,
        retained_cost_centimes: i64,
    ) -> Result<ReviewFile, Status> {
        self.look_at_a_paper(file).await;
        self.opine_unread(file, opinion, retained_cost_centimes).await
    }

    async fn look_at_a_paper(&self, file: &ReviewFile) {
        let papers = file.answers.iter().flat_map(|answers| &answers.papers);
        let may_open = file.actions.contains(&ReviewAction::OpenPaper.into());
        if let Some(paper) = papers.take(1).next().filter(|_| may_open) {
            let id = &summary(file).application_id;
            // A file that ended meanwhile opens no more; what the call that follows is answered with is the matter.
            let _opened = self.open(id, &paper.document_id, OpeningReason::Assessment).await;
        }
    }

    /// An opinion alone.
    pub(crate) async fn opine_unread(
        &self,
        file: &ReviewFile,
        opinion: MedicalOpinion,
        retained_cost_centimes: i64,
    ) -> Result<ReviewFile, Status> {
        let request = RecordMedicalOpinionRequest {
            application_id: summary(file).application_id.clone(),
            idempotency_key: key(),
            expected_version: summary(file).version,
            opinion: opinion.into(),
            retained_cost_centimes,
        };
        let answer = self
            .client()
            .record_medical_opinion(self.request(request))
            .await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn ask(
        &self,
        file: &ReviewFile,
        items: Vec<InformationItem>,
    ) -> Result<ReviewFile, Status> {
        let request = RequestInformationRequest {
            application_id: summary(file).application_id.clone(),
            idempotency_key: key(),
            expected_version: summary(file).version,
            items,
        };
        let answer = self.client().request_information(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn stop_waiting(&self, file: &ReviewFile) -> Result<ReviewFile, Status> {
        let request = StopWaitingRequest {
            application_id: summary(file).application_id.clone(),
            idempotency_key: key(),
            expected_version: summary(file).version,
        };
        let answer = self.client().stop_waiting(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    /// Opens a paper of the file where the page offers it, and proposes to grant.
    pub(crate) async fn propose(&self, file: &ReviewFile) -> Result<ReviewFile, Status> {
        self.look_at_a_paper(file).await;
        self.propose_with(file, Recommendation::Grant, "", &key()).await
    }

    pub(crate) async fn propose_with(
        &self,
        file: &ReviewFile,
        recommendation: Recommendation,
        reason: &str,
        key: &str,
    ) -> Result<ReviewFile, Status> {
        let request = ProposeDecisionRequest {
            application_id: summary(file).application_id.clone(),
            idempotency_key: key.to_owned(),
            expected_version: summary(file).version,
            recommendation: recommendation.into(),
            refusal_reason_code: reason.to_owned(),
        };
        let answer = self.client().propose_decision(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn grant(&self, file: &ReviewFile) -> Result<ReviewFile, Status> {
        let amount_centimes = file
            .proposal
            .as_ref()
            .map_or(0, |proposal| proposal.amount_centimes);
        self.decide(file, Some(Verdict::Grant(Grant { amount_centimes })))
            .await
    }

    pub(crate) async fn decide(
        &self,
        file: &ReviewFile,
        verdict: Option<Verdict>,
    ) -> Result<ReviewFile, Status> {
        let request = ValidateDecisionRequest {
            application_id: summary(file).application_id.clone(),
            idempotency_key: key(),
            expected_version: summary(file).version,
            verdict,
        };
        let answer = self.client().validate_decision(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn note(&self, application: &str, text: &str) -> Result<ReviewFile, Status> {
        let request = AddNoteRequest {
            application_id: application.to_owned(),
            idempotency_key: key(),
            text: text.to_owned(),
        };
        let answer = self.client().add_note(self.request(request)).await?;
        Ok(answer.into_inner().file.expect("a file"))
    }

    pub(crate) async fn trail(&self, application: &str) -> Result<ListAuditTrailResponse, Status> {
        let request = ListAuditTrailRequest {
            application_id: application.to_owned(),
            page_size: 0,
            page_token: String::new(),
        };
        let answer = self.client().list_audit_trail(self.request(request)).await?;
        Ok(answer.into_inner())
    }
}

impl Team<'_> {
    /// Examined up to the proposal's turn, with this cost retained.
    pub(crate) async fn opinion(&self, application: &str, cost: i64) -> ReviewFile {
        let file = self.reviewer.take(application).await;
        self.reviewer
            .opine(&file, MedicalOpinion::Favourable, cost)
            .await
            .expect("an opinion")
    }

    /// Examined and proposed: a validator's turn.
    pub(crate) async fn proposal(&self, application: &str, cost: i64) -> ReviewFile {
        self.opinion(application, cost).await;
        let file = self.officer.take(application).await;
        self.officer.propose(&file).await.expect("a proposal")
    }

    /// Granted.
    pub(crate) async fn granted(&self, application: &str, cost: i64) -> ReviewFile {
        self.proposal(application, cost).await;
        let file = self.validator.take(application).await;
        self.validator.grant(&file).await.expect("a grant")
    }
}
