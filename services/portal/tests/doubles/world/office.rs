//! Double of what agents ask of benefits: queues and files. A file shows what the reader's duty would see; changes are only
//! noted down.

use benefits_proto::v1::review_service_server::ReviewService;
use benefits_proto::v1::*;
use platform::status::Problem;
use tonic::{Code, Request, Response, Status, async_trait};

use super::catalogue::text;
use super::office_facts::{notes, papers, proposal, refusal_reasons, steps, summary, urgency};
use super::people::SPOUSE;
use super::{AUDITOR, REVIEWER, VALIDATOR, World, now, stamp};

/// The file that every duty may open.
pub(crate) const REVIEW: &str = "01930000-0000-7000-8000-00000000ce01";
/// The reader's own, and a relative's.
pub(crate) const OWN: &str = "01930000-0000-7000-8000-00000000ce02";
pub(crate) const RELATIVES: &str = "01930000-0000-7000-8000-00000000ce03";
const FILES: usize = 48;

/// What the office's doubles remember.
#[derive(Default)]
pub(crate) struct Office {
    /// What was changed, in words.
    pub(crate) changes: Vec<String>,
    /// Grows with each change.
    pub(crate) version: i64,
    /// Keys taken.
    pub(crate) keys: Vec<String>,
    /// Nobody has the file, or a colleague.
    pub(crate) free: bool,
    pub(crate) taken: bool,
    pub(crate) decided: bool,
    /// The member was asked for something.
    pub(crate) waiting: bool,
    pub(crate) died: bool,
    pub(crate) infected: bool,
    /// The file is a trip, with its typed answers in the order of their codes.
    pub(crate) trip: bool,
    /// What the file no longer answers.
    pub(crate) missing: Vec<String>,
    /// How many files stand before the one that can be opened.
    pub(crate) before: usize,
    /// Grants asked for: document and reason.
    pub(crate) grants: Vec<(String, i32)>,
    /// Sessions whose second factor was proved, by token.
    pub(crate) proved: Vec<String>,
    pub(crate) enrolled: Vec<String>,
    /// Accounts that were changed, in words.
    pub(crate) accounts: Vec<String>,
    /// The keys of second factors that were forgotten.
    pub(crate) resets: std::collections::HashSet<uuid::Uuid>,
}

pub(crate) fn account_of(login: &str) -> String {
    format!("01930000-0000-7000-8000-0000{login}")
}

fn role_of(login: &str) -> &'static str {
    match login {
        REVIEWER => "health_reviewer",
        VALIDATOR => "validator",
        AUDITOR => "auditor",
        _ => "case_officer",
    }
}

fn refused(code: Code, reason: &'static str) -> Status {
    Problem::new(code, reason).into_status()
}

impl World {
    /// The file as this agent's duty would see it.
    fn file_for(&self, login: &str) -> ReviewFile {
        let state = self.state();
        let office = &state.office;
        let role = role_of(login);
        let step = match role {
            "health_reviewer" => ReviewStep::MedicalOpinion,
            "validator" => ReviewStep::Validation,
            _ => ReviewStep::Examination,
        };
        let mut line = summary(0, step);
        line.version = office.version;
        line.member_cannot_answer = office.died;
        line.assignment = Some(Assignment {
            agent_id: account_of(if office.taken { "99000009" } else { login }),
            since: stamp(now() - chrono::TimeDelta::hours(3)),
            mine: !office.taken,
        });
        if office.free {
            line.assignment = None;
        }
        let mine = !office.free && !office.taken && !office.decided;
        let mut actions = vec![];
        if !office.decided {
            actions.push(if mine {
                ReviewAction::Release
            } else {
                ReviewAction::Assign
            });
        }
        if mine {
            actions.extend(match role {
                "health_reviewer" => vec![
                    ReviewAction::OpenPaper,
                    ReviewAction::RecordOpinion,
                    ReviewAction::RequestInformation,
                ],
                "validator" => vec![ReviewAction::Validate],
                _ => vec![ReviewAction::Propose, ReviewAction::RequestInformation],
            });
        }
        if role != "health_reviewer" {
            actions.push(ReviewAction::AddNote);
        }
        if office.waiting {
            actions = vec![ReviewAction::StopWaiting, ReviewAction::Release];
            line.state = ApplicationState::InformationRequested.into();
        }
        if office.decided {
            line.state = ApplicationState::Approved.into();
            line.step = ReviewStep::Unspecified.into();
        }
        let reads = role == "health_reviewer";
        let mut fields = Vec::new();
        if office.trip {
            line.benefit_code = super::AIR.to_owned();
            fields = super::air_transport::draft()
                .answers
                .map(|answers| answers.fields)
                .unwrap_or_default();
            fields.sort_by(|a, b| a.field_code.cmp(&b.field_code));
        }
        ReviewFile {
            summary: Some(line),
            health: true,
            answers: Some(Answers {
                bank_account_id: "account-1".to_owned(),
                bank_account_answer: "confirmed".to_owned(),
                relation: "spouse".to_owned(),
                person_id: SPOUSE.to_owned(),
                reason_code: if reads {
                    "excess_costs".to_owned()
                } else {
                    String::new()
                },
                papers: if reads {
                    papers(office.infected)
                } else {
                    Vec::new()
                },
                fields,
                ..Answers::default()
            }),
            reason_label: if reads {
                text("مصاريف تفوق التعويض", "Frais au-delà du remboursement")
            } else {
                text("السبب أ", "Motif A")
            },
            papers_withheld: if reads { 0 } else { 2 },
            conditions: super::benefits::conditions(),
            information_requests: vec![InformationRequest {
                requested_at: stamp(now() - chrono::TimeDelta::days(20)),
                items: vec![InformationItem {
                    paper_code: "medical_file".to_owned(),
                    cause: InformationCause::Incomplete.into(),
                    note: String::new(),
                    corrected: true,
                    ..InformationItem::default()
                }],
                resent_at: stamp(now() - chrono::TimeDelta::days(15)),
                answer_by: "2026-12-02".to_owned(),
                waiting_ended_at: None,
            }],
            opinion: (!reads).then(|| Opinion {
                opinion: MedicalOpinion::Favourable.into(),
                retained_cost_centimes: 2_640_000,
                agent_id: account_of(REVIEWER),
                at: stamp(now() - chrono::TimeDelta::days(3)),
            }),
            proposal: (role == "validator" || office.decided).then(proposal),
            decision: office.decided.then(|| Decision {
                granted: true,
                amount_centimes: 1_320_000,
                steps: steps(),
                decided_at: stamp(now()),
                ..Decision::default()
            }),
            notes: if reads { Vec::new() } else { notes() },
            actions: actions.into_iter().map(Into::into).collect(),
            refusal_reasons: refusal_reasons(),
            ceiling_left_centimes: 2_000_000,
            ceiling: Some(CeilingStanding {
                unit: "money".to_owned(),
                left: 2_000_000,
                limit: 2_000_000,
                year: 2026,
                per: "person".to_owned(),
            }),
            missing: office.missing.clone(),
            decided_by: if office.decided {
                account_of(VALIDATOR)
            } else {
                String::new()
            },
            timeline: vec![
                TimelineEntry {
                    what: "submitted".to_owned(),
                    at: stamp(now() - chrono::TimeDelta::days(40)),
                },
                TimelineEntry {
                    what: "in_review".to_owned(),
                    at: stamp(now() - chrono::TimeDelta::days(33)),
                },
            ],
            requestable: vec![
                RequestableItem {
                    field: "person_concerned".to_owned(),
                    paper_code: String::new(),
                    label: text("الشخص المعني", "Personne concernée"),
                },
                RequestableItem {
                    field: String::new(),
                    paper_code: "medical_file".to_owned(),
                    label: text("الملف الطبي", "Dossier médical"),
                },
                RequestableItem {
                    field: String::new(),
                    paper_code: "invoice".to_owned(),
                    label: text("الفاتورة", "Facture"),
                },
            ],
        }
    }

    /// Notes a change down, once for each key.
    fn change(&self, method: &'static str, version: i64, key: &str, words: String) -> Result<(), Status> {
        self.enter("benefits", method)?;
        let mut state = self.state();
        let office = &mut state.office;
        if office.keys.iter().any(|known| known == key) {
            return Ok(());
        }
        if version != office.version {
            return Err(refused(Code::Aborted, "FILE_CHANGED"));
        }
        office.keys.push(key.to_owned());
        office.version += 1;
        office.changes.push(words);
        Ok(())
    }
}

#[async_trait]
impl ReviewService for World {
    async fn list_queues(
        &self,
        request: Request<ListQueuesRequest>,
    ) -> Result<Response<ListQueuesResponse>, Status> {
        self.enter("benefits", "list_queues")?;
        let role = role_of(&self.caller(&request)?);
        let own = match role {
            "health_reviewer" => Queue::MedicalOpinion,
            "validator" => Queue::Validation,
            _ => Queue::Examination,
        };
        let files = i64::try_from(FILES).unwrap_or_default();
        let summary = |queue: Queue, files, unassigned, mine, oldest| QueueSummary {
            queue: queue.into(),
            files,
            unassigned,
            oldest_age_days: oldest,
            oldest_urgency: urgency(oldest),
            mine,
        };
        Ok(Response::new(ListQueuesResponse {
            queues: vec![
                summary(own, files, files - 13, 1, 43),
                summary(Queue::WaitingForMember, 3, 0, 3, 12),
                summary(Queue::All, 214, 0, 0, 402),
            ],
        }))
    }

    async fn list_queue_files(
        &self,
        request: Request<ListQueueFilesRequest>,
    ) -> Result<Response<ListQueueFilesResponse>, Status> {
        self.enter("benefits", "list_queue_files")?;
        self.caller(&request)?;
        let request = request.into_inner();
        if request.queue() == Queue::Unspecified {
            return Err(refused(Code::InvalidArgument, "QUEUE_MISSING"));
        }
        let step = match request.queue() {
            Queue::MedicalOpinion => ReviewStep::MedicalOpinion,
            Queue::Validation => ReviewStep::Validation,
            _ => ReviewStep::Examination,
        };
        let mut from: usize = request.page_token.parse().unwrap_or_default();
        let size = usize::try_from(request.page_size).unwrap_or_default().max(1);
        let (before, died) = {
            let office = &self.state().office;
            (office.before, office.died)
        };
        let matching: Vec<FileSummary> = (FILES..FILES + before)
            .chain(0..FILES)
            .map(|at| FileSummary {
                member_cannot_answer: died && at == 0,
                ..summary(at, step)
            })
            .filter(|file| request.benefit_code.is_empty() || file.benefit_code == request.benefit_code)
            .filter(|file| request.request_number.is_empty() || file.request_number == request.request_number)
            .filter(|file| request.assigned_to() != AssignedTo::Nobody || file.assignment.is_none())
            .filter(|file| file.age_days >= request.minimum_age_days)
            .filter(|file| {
                let ids = &request.application_ids;
                ids.is_empty() || ids.contains(&file.application_id)
            })
            .collect();
        if let Some(at) = matching
            .iter()
            .position(|file| file.application_id == request.after_application_id)
        {
            from = at + 1;
        }
        let files: Vec<_> = matching.iter().skip(from).take(size).cloned().collect();
        let next = if from + size < matching.len() {
            (from + size).to_string()
        } else {
            String::new()
        };
        Ok(Response::new(ListQueueFilesResponse {
            files,
            next_page_token: next,
        }))
    }

    async fn get_file(&self, request: Request<GetFileRequest>) -> Result<Response<GetFileResponse>, Status> {
        self.enter("benefits", "get_file")?;
        let login = self.caller(&request)?;
        match request.into_inner().application_id.as_str() {
            OWN => return Err(refused(Code::PermissionDenied, "OWN_FILE")),
            RELATIVES => return Err(refused(Code::PermissionDenied, "RELATIVES_FILE")),
            REVIEW => {}
            _ => return Err(refused(Code::NotFound, "APPLICATION_NOT_FOUND")),
        }
        Ok(Response::new(GetFileResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn assign_file(
        &self,
        request: Request<AssignFileRequest>,
    ) -> Result<Response<AssignFileResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        if self.state().office.taken && !request.take_over {
            self.enter("benefits", "assign_file")?;
            return Ok(Response::new(AssignFileResponse {
                file: Some(self.file_for(&login)),
                assigned: false,
            }));
        }
        let words = format!("assign {}", request.take_over);
        self.change(
            "assign_file",
            request.expected_version,
            &request.idempotency_key,
            words,
        )?;
        {
            let mut state = self.state();
            state.office.free = false;
            state.office.taken = false;
        }
        Ok(Response::new(AssignFileResponse {
            file: Some(self.file_for(&login)),
            assigned: true,
        }))
    }

    async fn release_file(
        &self,
        request: Request<ReleaseFileRequest>,
    ) -> Result<Response<ReleaseFileResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let words = "release".to_owned();
        self.change(
            "release_file",
            request.expected_version,
            &request.idempotency_key,
            words,
        )?;
        self.state().office.free = true;
        Ok(Response::new(ReleaseFileResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn open_paper(
        &self,
        request: Request<OpenPaperRequest>,
    ) -> Result<Response<OpenPaperResponse>, Status> {
        self.enter("benefits", "open_paper")?;
        let login = self.caller(&request)?;
        if role_of(&login) != "health_reviewer" {
            return Err(refused(Code::PermissionDenied, "PAPER_NOT_YOURS_TO_READ"));
        }
        let request = request.into_inner();
        self.state()
            .office
            .grants
            .push((request.document_id.clone(), request.reason));
        Ok(Response::new(OpenPaperResponse {
            opening_grant: format!("grant:{}", request.document_id),
            expires_at: None,
        }))
    }

    async fn record_medical_opinion(
        &self,
        request: Request<RecordMedicalOpinionRequest>,
    ) -> Result<Response<RecordMedicalOpinionResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let words = format!("opinion {} {}", request.opinion, request.retained_cost_centimes);
        let (version, key) = (request.expected_version, request.idempotency_key);
        self.change("record_medical_opinion", version, &key, words)?;
        Ok(Response::new(RecordMedicalOpinionResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn request_information(
        &self,
        request: Request<RequestInformationRequest>,
    ) -> Result<Response<RequestInformationResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let items: Vec<String> = request
            .items
            .iter()
            .map(|item| format!("{}{}:{}:{}", item.field, item.paper_code, item.cause, item.note))
            .collect();
        let words = format!("ask {}", items.join(","));
        let (version, key) = (request.expected_version, request.idempotency_key);
        self.change("request_information", version, &key, words)?;
        Ok(Response::new(RequestInformationResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn stop_waiting(
        &self,
        request: Request<StopWaitingRequest>,
    ) -> Result<Response<StopWaitingResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let (version, key) = (request.expected_version, request.idempotency_key);
        self.change("stop_waiting", version, &key, "stop waiting".to_owned())?;
        self.state().office.waiting = false;
        Ok(Response::new(StopWaitingResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn propose_decision(
        &self,
        request: Request<ProposeDecisionRequest>,
    ) -> Result<Response<ProposeDecisionResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let words = format!(
            "propose {} {}",
            request.recommendation, request.refusal_reason_code
        );
        let (version, key) = (request.expected_version, request.idempotency_key);
        self.change("propose_decision", version, &key, words)?;
        Ok(Response::new(ProposeDecisionResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn validate_decision(
        &self,
        request: Request<ValidateDecisionRequest>,
    ) -> Result<Response<ValidateDecisionResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let words = format!("{:?}", request.verdict);
        let (version, key) = (request.expected_version, request.idempotency_key);
        self.change("validate_decision", version, &key, words)?;
        self.state().office.decided = true;
        Ok(Response::new(ValidateDecisionResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn add_note(&self, request: Request<AddNoteRequest>) -> Result<Response<AddNoteResponse>, Status> {
        let login = self.caller(&request)?;
        let request = request.into_inner();
        let version = self.state().office.version;
        let words = format!("note {}", request.text);
        self.change("add_note", version, &request.idempotency_key, words)?;
        Ok(Response::new(AddNoteResponse {
            file: Some(self.file_for(&login)),
        }))
    }

    async fn list_audit_trail(
        &self,
        request: Request<ListAuditTrailRequest>,
    ) -> Result<Response<ListAuditTrailResponse>, Status> {
        self.enter("benefits", "list_audit_trail")?;
        self.caller(&request)?;
        let line = |hours, kind: &str, id: String, action: &str, reason: &str| AuditLine {
            at: stamp(now() - chrono::TimeDelta::hours(hours)),
            actor_kind: kind.to_owned(),
            actor_id: id,
            action: action.to_owned(),
            fields: vec!["state".to_owned()],
            reason: reason.to_owned(),
        };
        Ok(Response::new(ListAuditTrailResponse {
            lines: vec![
                line(0, "agent", account_of(VALIDATOR), "looked_at", ""),
                line(1, "agent", account_of("99000009"), "opinion_recorded", ""),
                line(
                    2,
                    "agent",
                    account_of(REVIEWER),
                    "paper_opening_granted",
                    "assessment",
                ),
                line(
                    30,
                    "agent",
                    account_of("99000009"),
                    "duty_refused",
                    "RELATIVES_FILE",
                ),
                line(
                    40,
                    "agent",
                    account_of("99000009"),
                    "proposed",
                    "papers_insufficient",
                ),
                line(41, "member", "member-2".to_owned(), "foreign_access_refused", ""),
                line(900, "member", "member-1".to_owned(), "submitted", ""),
            ],
            next_page_token: String::new(),
            chain_intact: true,
            request_number: "1/Aid_X/2026".to_owned(),
        }))
    }
}
