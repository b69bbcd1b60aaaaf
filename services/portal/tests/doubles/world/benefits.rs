//! Double of benefits: drafts and files in memory, one number after the other, keys taken once.

pub(crate) mod decided;

use benefits_proto::v1::application_service_server::ApplicationService;
use benefits_proto::v1::catalogue_service_server::CatalogueService;
use benefits_proto::v1::*;
use platform::status::Problem;
use tonic::{Code, Request, Response, Status, async_trait};

use super::documents::DOCUMENT;
use super::people::SPOUSE;
use super::{AIR, BENEFIT, KHADIJA, State, World, air_transport, catalogue, now, stamp};

pub(crate) const DRAFT: &str = "01930000-0000-7000-8000-00000000da01";
pub(crate) const SENT: &str = "01930000-0000-7000-8000-00000000fe01";
pub(crate) const WITHDRAWN: &str = "01930000-0000-7000-8000-00000000fe02";

fn refused(reason: &'static str) -> Status {
    Problem::new(Code::FailedPrecondition, reason).into_status()
}

fn missing() -> Status {
    Problem::new(Code::NotFound, "APPLICATION_NOT_FOUND").into_status()
}

pub(super) fn blank(id: &str, benefit: &str) -> Application {
    Application {
        application_id: id.to_owned(),
        benefit_code: benefit.to_owned(),
        state: ApplicationState::Draft.into(),
        created_at: stamp(now()),
        updated_at: stamp(now()),
        version: 1,
        answers: Some(Answers::default()),
        ceiling: Some(if benefit == AIR {
            air_transport::ceiling()
        } else {
            CeilingStanding {
                unit: "money".to_owned(),
                left: 2_000_000,
                limit: 2_000_000,
                year: 2026,
                per: "person".to_owned(),
            }
        }),
        timeline: vec![TimelineEntry {
            what: "started".to_owned(),
            at: stamp(now()),
        }],
        ..Default::default()
    }
}

pub(super) fn paper(code: &str, name: &str, size: i64) -> Paper {
    Paper {
        paper_code: code.to_owned(),
        document_id: DOCUMENT.to_owned(),
        file_name: name.to_owned(),
        size_bytes: size,
        scan_state: "not_scanned".to_owned(),
    }
}

pub(super) fn conditions() -> Vec<ConditionOutcome> {
    let condition = |code: &str, ar: &str, fr: &str, held| ConditionOutcome {
        condition_code: code.to_owned(),
        sentence_ar: ar.to_owned(),
        sentence_fr: fr.to_owned(),
        held,
    };
    vec![
        condition(
            "member",
            "أنتم منخرطون في المؤسسة",
            "Vous êtes adhérent de la fondation",
            true,
        ),
        condition(
            "family",
            "الشخص المعني ضمن أسرتكم المصرح بها",
            "La personne concernée est dans votre famille déclarée",
            true,
        ),
        condition(
            "ceiling",
            "لم يستنفد السقف السنوي",
            "Le plafond de l’année n’est pas épuisé",
            true,
        ),
    ]
}

pub(super) fn populate(world: &World) {
    let full = Answers {
        bank_account_id: "account-1".to_owned(),
        bank_account_answer: "confirmed".to_owned(),
        relation: "spouse".to_owned(),
        person_id: SPOUSE.to_owned(),
        reason_code: "excess_costs".to_owned(),
        consent_version: "1".to_owned(),
        papers: vec![paper("medical_file", "rapport-specimen.pdf", 2_516_582)],
        fields: Vec::new(),
    };
    let draft = Application {
        answers: Some(Answers {
            relation: "member".to_owned(),
            person_id: String::new(),
            ..full.clone()
        }),
        conditions: conditions(),
        ..blank(DRAFT, BENEFIT)
    };
    let sent = Application {
        state: ApplicationState::Submitted.into(),
        request_number: "12/Aid_X/2026".to_owned(),
        submitted_at: stamp(now() - chrono::TimeDelta::days(6)),
        answer_due: decided::due(6),
        answers: Some(full.clone()),
        conditions: conditions(),
        can_withdraw: true,
        timeline: vec![
            TimelineEntry {
                what: "started".to_owned(),
                at: stamp(now() - chrono::TimeDelta::days(7)),
            },
            TimelineEntry {
                what: "submitted".to_owned(),
                at: stamp(now() - chrono::TimeDelta::days(6)),
            },
        ],
        ..blank(SENT, BENEFIT)
    };
    let mut withdrawn = sent.clone();
    withdrawn.application_id = WITHDRAWN.to_owned();
    withdrawn.request_number = "9/Aid_X/2026".to_owned();
    withdrawn.state = ApplicationState::CancelledByMember.into();
    withdrawn.can_withdraw = false;
    withdrawn.answer_due.clear();
    withdrawn.withdrawn_at = stamp(now() - chrono::TimeDelta::days(2));
    withdrawn.timeline.push(TimelineEntry {
        what: "withdrawn".to_owned(),
        at: stamp(now() - chrono::TimeDelta::days(2)),
    });
    let further = decided::files(&full);
    let mut state = world.state();
    state.sequence = 12;
    for file in [draft, sent, withdrawn, air_transport::draft()]
        .into_iter()
        .chain(further)
    {
        state.files.push((KHADIJA.to_owned(), file));
    }
}

fn own<'a>(state: &'a mut State, owner: &str, id: &str) -> Result<&'a mut Application, Status> {
    let file = state
        .files
        .iter_mut()
        .find(|(of, file)| of == owner && file.application_id == id);
    file.map(|(_, file)| file).ok_or_else(missing)
}

impl World {
    fn is_survivor<T>(&self, request: &Request<T>) -> bool {
        self.caller(request)
            .is_ok_and(|owner| self.state().survivors.contains(&owner))
    }
}

#[async_trait]
impl CatalogueService for World {
    async fn list_benefits(
        &self,
        request: Request<ListBenefitsRequest>,
    ) -> Result<Response<ListBenefitsResponse>, Status> {
        self.enter("benefits", "list_benefits")?;
        let mut benefits = catalogue::list();
        let not_for_member = self.is_survivor(&request);
        for benefit in &mut benefits {
            benefit.not_for_member = not_for_member && benefit.state() == BenefitState::Open;
        }
        Ok(Response::new(ListBenefitsResponse { benefits }))
    }

    async fn get_benefit(
        &self,
        request: Request<GetBenefitRequest>,
    ) -> Result<Response<GetBenefitResponse>, Status> {
        self.enter("benefits", "get_benefit")?;
        let is_survivor = self.is_survivor(&request);
        let mut form = match request.into_inner().benefit_code.as_str() {
            BENEFIT => catalogue::form(),
            AIR => air_transport::form(),
            catalogue::REDUCTION => catalogue::reduction_page(),
            _ => return Err(missing()),
        };
        if is_survivor {
            form.failing_conditions = vec![catalogue::not_for_survivors()];
        }
        form.used_up.clone_from(&self.state().used_up);
        Ok(Response::new(form))
    }
}

#[async_trait]
impl ApplicationService for World {
    async fn start_application(
        &self,
        request: Request<StartApplicationRequest>,
    ) -> Result<Response<StartApplicationResponse>, Status> {
        self.enter("benefits", "start_application")?;
        let owner = self.caller(&request)?;
        let benefit = request.into_inner().benefit_code;
        let mut state = self.state();
        if state.survivors.contains(&owner) {
            return Err(refused("NOT_ELIGIBLE"));
        }
        let open = state.files.iter().find(|(of, file)| {
            *of == owner && file.benefit_code == benefit && file.state() == ApplicationState::Draft
        });
        if let Some((_, file)) = open {
            return Ok(Response::new(StartApplicationResponse {
                application: Some(file.clone()),
            }));
        }
        let id = format!(
            "01930000-0000-7000-8000-0000000000{:02x}",
            0x10 + state.files.len()
        );
        let file = blank(&id, &benefit);
        state.files.push((owner, file.clone()));
        Ok(Response::new(StartApplicationResponse {
            application: Some(file),
        }))
    }

    async fn save_answer(
        &self,
        request: Request<SaveAnswerRequest>,
    ) -> Result<Response<SaveAnswerResponse>, Status> {
        use save_answer_request::Answer;
        self.enter("benefits", "save_answer")?;
        let owner = self.caller(&request)?;
        let request = request.into_inner();
        let mut state = self.state();
        let fingerprint = format!("{:?}", request.answer);
        if let Some(known) = state
            .keys
            .get(&request.idempotency_key)
            .filter(|known| **known != fingerprint)
        {
            let _ = known;
            return Err(Problem::new(Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED").into_status());
        }
        state.keys.insert(request.idempotency_key.clone(), fingerprint);
        let file = own(&mut state, &owner, &request.application_id)?;
        if file.state() == ApplicationState::InformationRequested
            && !request
                .answer
                .as_ref()
                .is_some_and(|answer| decided::correct(file, answer))
        {
            return Err(refused("ANSWER_NOT_ASKED_FOR"));
        }
        file.conditions = conditions();
        file.version += 1;
        let answers = file.answers.get_or_insert_with(Answers::default);
        match request.answer {
            Some(Answer::BankAccount(answer)) => {
                answers.bank_account_answer = answer.answer;
                answers.bank_account_id = answer.bank_account_id;
            }
            Some(Answer::PersonConcerned(answer)) => {
                answers.relation = answer.relation;
                answers.person_id = answer.person_id;
            }
            Some(Answer::ReasonCode(code)) => answers.reason_code = code,
            Some(Answer::ConsentVersion(version)) => answers.consent_version = version,
            Some(Answer::Paper(answer)) => {
                let mut parts = answer.receipt.split('|').skip(1);
                let (name, size) = (
                    parts.next().unwrap_or_default(),
                    parts
                        .next()
                        .and_then(|size| size.parse().ok())
                        .unwrap_or_default(),
                );
                let new = paper(&answer.paper_code, name, size);
                answers.papers.retain(|known| known.paper_code != new.paper_code);
                answers.papers.push(new);
            }
            Some(Answer::RemovePaperCode(code)) => answers.papers.retain(|paper| paper.paper_code != code),
            Some(Answer::Fields(page)) => {
                for value in page.values {
                    answers
                        .fields
                        .retain(|known| known.field_code != value.field_code);
                    if value.value.is_some() {
                        answers.fields.push(value);
                    }
                }
            }
            None => {}
        }
        Ok(Response::new(SaveAnswerResponse {
            application: Some(file.clone()),
        }))
    }

    async fn get_application(
        &self,
        request: Request<GetApplicationRequest>,
    ) -> Result<Response<GetApplicationResponse>, Status> {
        self.enter("benefits", "get_application")?;
        let owner = self.caller(&request)?;
        let file = own(&mut self.state(), &owner, &request.into_inner().application_id)?.clone();
        Ok(Response::new(GetApplicationResponse {
            application: Some(file),
        }))
    }

    async fn list_applications(
        &self,
        request: Request<ListApplicationsRequest>,
    ) -> Result<Response<ListApplicationsResponse>, Status> {
        self.enter("benefits", "list_applications")?;
        let owner = self.caller(&request)?;
        let request = request.into_inner();
        let code = request.benefit_code;
        let start: usize = request.page_token.parse().unwrap_or_default();
        let size = usize::try_from(request.page_size).unwrap_or_default();
        let state = self.state();
        let own = state
            .files
            .iter()
            .filter(|(of, file)| *of == owner && (code.is_empty() || file.benefit_code == code));
        let mut rest: Vec<_> = own.skip(start).map(|(_, file)| file.clone()).collect();
        let next_page_token = if rest.len() > size {
            (start + size).to_string()
        } else {
            String::new()
        };
        rest.truncate(size);
        Ok(Response::new(ListApplicationsResponse {
            applications: rest,
            next_page_token,
        }))
    }

    async fn submit_application(
        &self,
        request: Request<SubmitApplicationRequest>,
    ) -> Result<Response<SubmitApplicationResponse>, Status> {
        self.enter("benefits", "submit_application")?;
        let owner = self.caller(&request)?;
        let request = request.into_inner();
        let mut state = self.state();
        let sequence = state.sequence + 1;
        let replay = state.keys.contains_key(&request.idempotency_key);
        let file = own(&mut state, &owner, &request.application_id)?;
        if replay && file.state() == ApplicationState::Submitted {
            return Ok(Response::new(SubmitApplicationResponse {
                application: Some(file.clone()),
            }));
        }
        if request.expected_version != file.version {
            return Err(refused("FILE_CHANGED"));
        }
        let answers = file.answers.clone().unwrap_or_default();
        if answers.bank_account_answer != "confirmed"
            || answers.relation.is_empty()
            || answers.papers.is_empty()
        {
            return Err(refused("DRAFT_INCOMPLETE"));
        }
        file.state = ApplicationState::Submitted.into();
        let code = if file.benefit_code == AIR { "Tr_A" } else { "Aid_X" };
        file.request_number = format!("{sequence}/{code}/2026");
        file.submitted_at = stamp(now());
        file.answer_due = decided::due(0);
        file.can_withdraw = true;
        file.timeline.push(TimelineEntry {
            what: "submitted".to_owned(),
            at: stamp(now()),
        });
        let file = file.clone();
        state.sequence = sequence;
        state.keys.insert(request.idempotency_key, "submit".to_owned());
        Ok(Response::new(SubmitApplicationResponse {
            application: Some(file),
        }))
    }

    async fn resend_application(
        &self,
        request: Request<ResendApplicationRequest>,
    ) -> Result<Response<ResendApplicationResponse>, Status> {
        self.enter("benefits", "resend_application")?;
        let owner = self.caller(&request)?;
        let request = request.into_inner();
        let mut state = self.state();
        let replay = state.keys.contains_key(&request.idempotency_key);
        let file = own(&mut state, &owner, &request.application_id)?;
        match (file.state(), replay) {
            (ApplicationState::InformationRequested, _) if request.expected_version != file.version => {
                return Err(refused("FILE_CHANGED"));
            }
            (ApplicationState::InformationRequested, _) if !decided::resend(file) => {
                return Err(refused("CORRECTION_INCOMPLETE"));
            }
            (ApplicationState::InformationRequested, _) | (_, true) => {}
            (_, false) => return Err(refused("NOTHING_ASKED")),
        }
        let file = file.clone();
        state.keys.insert(request.idempotency_key, "resend".to_owned());
        Ok(Response::new(ResendApplicationResponse {
            application: Some(file),
        }))
    }

    async fn withdraw_application(
        &self,
        request: Request<WithdrawApplicationRequest>,
    ) -> Result<Response<WithdrawApplicationResponse>, Status> {
        self.enter("benefits", "withdraw_application")?;
        let owner = self.caller(&request)?;
        let mut state = self.state();
        let file = own(&mut state, &owner, &request.into_inner().application_id)?;
        file.state = ApplicationState::CancelledByMember.into();
        file.can_withdraw = false;
        file.withdrawn_at = stamp(now());
        Ok(Response::new(WithdrawApplicationResponse {
            application: Some(file.clone()),
        }))
    }

    async fn discard_draft(
        &self,
        request: Request<DiscardDraftRequest>,
    ) -> Result<Response<DiscardDraftResponse>, Status> {
        self.enter("benefits", "discard_draft")?;
        let owner = self.caller(&request)?;
        let request = request.into_inner();
        let id = request.application_id;
        let mut state = self.state();
        if state.keys.get(&request.idempotency_key) == Some(&id) {
            return Ok(Response::new(DiscardDraftResponse {}));
        }
        own(&mut state, &owner, &id)?;
        state.keys.insert(request.idempotency_key, id.clone());
        state.files.retain(|(_, file)| file.application_id != id);
        Ok(Response::new(DiscardDraftResponse {}))
    }
}
