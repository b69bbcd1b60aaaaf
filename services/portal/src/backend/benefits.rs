//! Benefits: the catalogue, drafts, requests.

use auth::client::with_token;
use benefits_proto::v1 as wire;
use tonic::Request;

use super::models::{
    Answer, Answers, Application, Benefit, BenefitForm, BenefitState, Bilingual, Ceiling, CeilingLeft,
    CeilingLimit, Condition, Consent, FileState, Paper, PaperNeeded, ReasonChoice, UsedUp,
    hold_numbers_together,
};
use super::{Backend, decisions, instant, present, typed_questions};
use crate::error::Error;

/// Files that one call brings; the contract's upper bound.
const PAGE: i32 = 200;
/// Most files of a member that a list shows: nobody has as many, and an answer without an end does not hold a page for ever.
const MOST_FILES: usize = 1_000;

impl Backend {
    pub(crate) async fn list_benefits(&self, token: &str) -> Result<Vec<Benefit>, Error> {
        let request = with_token(Request::new(wire::ListBenefitsRequest {}), token);
        let answer = self.catalogue.clone().list_benefits(request).await?.into_inner();
        Ok(answer.benefits.into_iter().map(Benefit::from).collect())
    }

    pub(crate) async fn benefit(&self, token: &str, code: &str) -> Result<BenefitForm, Error> {
        let request = wire::GetBenefitRequest {
            benefit_code: code.to_owned(),
        };
        let answer = self
            .catalogue
            .clone()
            .get_benefit(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(BenefitForm {
            benefit: present(answer.benefit, "benefit")?.into(),
            description: text(answer.description),
            reasons: answer
                .reasons
                .into_iter()
                .map(|reason| ReasonChoice {
                    code: reason.reason_code,
                    label: text(reason.label),
                    hint: text(reason.hint),
                })
                .collect(),
            consent: answer.consent.map(|consent| Consent {
                version: consent.version,
                purpose: text(consent.purpose),
                readers: text(consent.readers),
                retention: text(consent.retention),
                statement: text(consent.statement),
                cndp_reference: consent.cndp_reference,
            }),
            papers: answer
                .papers
                .into_iter()
                .map(|paper| PaperNeeded {
                    code: paper.paper_code,
                    label: text(paper.label),
                    hint: text(paper.hint),
                    max_bytes: u64::try_from(paper.max_bytes).unwrap_or_default(),
                    document_class: paper.document_class,
                })
                .collect(),
            pages: answer.pages.into_iter().map(typed_questions::page).collect(),
            persons_concerned: answer.persons_concerned,
            conditions: answer.conditions.into_iter().map(Bilingual::from).collect(),
            next_steps: answer.next_steps.into_iter().map(Bilingual::from).collect(),
            can_apply: answer.can_apply,
            broken: answer
                .failing_conditions
                .into_iter()
                .map(|condition| text(condition.sentence))
                .collect(),
            used_up: answer
                .used_up
                .into_iter()
                .map(|used_up| UsedUp {
                    relation: used_up.relation,
                    person_id: used_up.person_id,
                    year: used_up.year,
                    another_year_may: used_up.year_of_an_answer,
                })
                .collect(),
            ceilings: answer.ceilings.into_iter().filter_map(ceiling_limit).collect(),
        })
    }

    pub(crate) async fn start_application(
        &self,
        token: &str,
        code: &str,
        key: &str,
    ) -> Result<Application, Error> {
        let request = wire::StartApplicationRequest {
            benefit_code: code.to_owned(),
            idempotency_key: key.to_owned(),
        };
        let answer = self
            .applications
            .clone()
            .start_application(with_token(Request::new(request), token))
            .await?
            .into_inner();
        application(answer.application)
    }

    pub(crate) async fn save_answer(
        &self,
        token: &str,
        id: &str,
        key: &str,
        answer: Answer,
    ) -> Result<Application, Error> {
        use wire::save_answer_request::Answer as Wire;
        let answer = match answer {
            Answer::BankAccountConfirmed { id } => Wire::BankAccount(wire::BankAccountAnswer {
                answer: "confirmed".to_owned(),
                bank_account_id: id,
            }),
            Answer::BankAccountNotMine => Wire::BankAccount(wire::BankAccountAnswer {
                answer: "not_mine".to_owned(),
                bank_account_id: String::new(),
            }),
            Answer::Person { relation, person_id } => {
                Wire::PersonConcerned(wire::PersonConcernedAnswer { relation, person_id })
            }
            Answer::Reason(code) => Wire::ReasonCode(code),
            Answer::Consent(version) => Wire::ConsentVersion(version),
            Answer::Paper { code, receipt } => Wire::Paper(wire::PaperAnswer {
                paper_code: code,
                receipt,
            }),
            Answer::RemovePaper(code) => Wire::RemovePaperCode(code),
            Answer::Typed { page, values } => Wire::Fields(wire::FieldsAnswer {
                page_code: page,
                values: values.into_iter().map(typed_questions::given).collect(),
            }),
        };
        let request = wire::SaveAnswerRequest {
            application_id: id.to_owned(),
            idempotency_key: key.to_owned(),
            answer: Some(answer),
        };
        let answer = self
            .applications
            .clone()
            .save_answer(with_token(Request::new(request), token))
            .await?
            .into_inner();
        application(answer.application)
    }

    pub(crate) async fn application(&self, token: &str, id: &str) -> Result<Application, Error> {
        let request = wire::GetApplicationRequest {
            application_id: id.to_owned(),
        };
        let answer = self
            .applications
            .clone()
            .get_application(with_token(Request::new(request), token))
            .await?
            .into_inner();
        application(answer.application)
    }

    /// The member's files, newest first, page after page up to a bound; of one service when `code` is not empty.
    pub(crate) async fn list_applications(&self, token: &str, code: &str) -> Result<Vec<Application>, Error> {
        let mut files = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = wire::ListApplicationsRequest {
                benefit_code: code.to_owned(),
                page_size: PAGE,
                page_token,
            };
            let answer = self
                .applications
                .clone()
                .list_applications(with_token(Request::new(request), token))
                .await?
                .into_inner();
            for file in answer.applications {
                files.push(application(Some(file))?);
            }
            page_token = answer.next_page_token;
            if page_token.is_empty() || files.len() >= MOST_FILES {
                files.truncate(MOST_FILES);
                return Ok(files);
            }
        }
    }

    /// Sends the draft as it was read in that version; 0 where no version is known.
    pub(crate) async fn submit(
        &self,
        token: &str,
        id: &str,
        key: &str,
        read: i64,
    ) -> Result<Application, Error> {
        let request = wire::SubmitApplicationRequest {
            application_id: id.to_owned(),
            idempotency_key: key.to_owned(),
            expected_version: read,
        };
        let answer = self
            .applications
            .clone()
            .submit_application(with_token(Request::new(request), token))
            .await?
            .into_inner();
        application(answer.application)
    }

    /// Sends the corrected file, as it was read in that version, back to whoever asked.
    pub(crate) async fn resend(
        &self,
        token: &str,
        id: &str,
        key: &str,
        read: i64,
    ) -> Result<Application, Error> {
        let request = wire::ResendApplicationRequest {
            application_id: id.to_owned(),
            idempotency_key: key.to_owned(),
            expected_version: read,
        };
        let answer = self
            .applications
            .clone()
            .resend_application(with_token(Request::new(request), token))
            .await?
            .into_inner();
        application(answer.application)
    }

    pub(crate) async fn withdraw(&self, token: &str, id: &str, key: &str) -> Result<Application, Error> {
        let request = wire::WithdrawApplicationRequest {
            application_id: id.to_owned(),
            idempotency_key: key.to_owned(),
        };
        let answer = self
            .applications
            .clone()
            .withdraw_application(with_token(Request::new(request), token))
            .await?
            .into_inner();
        application(answer.application)
    }

    pub(crate) async fn discard(&self, token: &str, id: &str, key: &str) -> Result<(), Error> {
        let request = wire::DiscardDraftRequest {
            application_id: id.to_owned(),
            idempotency_key: key.to_owned(),
        };
        self.applications
            .clone()
            .discard_draft(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }
}

/// A unit that this version does not know is not shown.
pub(super) fn ceiling(standing: wire::CeilingStanding) -> Option<Ceiling> {
    Some(Ceiling {
        left: match standing.unit.as_str() {
            "money" => CeilingLeft::Money(standing.left),
            "uses" => CeilingLeft::Uses {
                left: standing.left,
                limit: standing.limit,
            },
            _ => return None,
        },
        year: standing.year,
        household: standing.per == "household",
    })
}

fn ceiling_limit(limit: wire::CeilingLimit) -> Option<CeilingLimit> {
    let household = limit.per == "household";
    match limit.unit.as_str() {
        "money" => Some(CeilingLimit::Money {
            limit: limit.limit,
            household,
        }),
        "uses" => Some(CeilingLimit::Uses {
            limit: limit.limit,
            household,
        }),
        _ => None,
    }
}

pub(super) fn text(text: Option<wire::LocalizedText>) -> Bilingual {
    text.map(Bilingual::from).unwrap_or_default()
}

impl From<wire::LocalizedText> for Bilingual {
    fn from(text: wire::LocalizedText) -> Self {
        Self {
            ar: hold_numbers_together(&text.ar),
            fr: hold_numbers_together(&text.fr),
        }
    }
}

impl From<wire::BenefitSummary> for Benefit {
    fn from(benefit: wire::BenefitSummary) -> Self {
        let state = match benefit.state() {
            wire::BenefitState::Open => BenefitState::Open,
            wire::BenefitState::Planned => BenefitState::Planned,
            // A state that this version does not know is not offered.
            wire::BenefitState::Closed | wire::BenefitState::Unspecified => BenefitState::Closed,
        };
        Self {
            state,
            code: benefit.benefit_code,
            title: text(benefit.title),
            family: benefit.family,
            opens_on: benefit.opens_on.parse().ok(),
            summary: text(benefit.summary),
            not_for_member: benefit.not_for_member,
            requested: benefit.requested,
        }
    }
}

fn application(application: Option<wire::Application>) -> Result<Application, Error> {
    let file = present(application, "application")?;
    let state = match file.state() {
        wire::ApplicationState::Draft => FileState::Draft,
        wire::ApplicationState::Submitted | wire::ApplicationState::Unspecified => FileState::Submitted,
        wire::ApplicationState::InReview => FileState::InReview,
        wire::ApplicationState::InformationRequested => FileState::InformationRequested,
        wire::ApplicationState::Approved => FileState::Approved,
        wire::ApplicationState::Rejected => FileState::Rejected,
        wire::ApplicationState::CancelledByMember => FileState::Cancelled,
    };
    Ok(Application {
        state,
        id: file.application_id,
        benefit_code: file.benefit_code,
        number: file.request_number,
        created_at: instant(file.created_at),
        updated_at: instant(file.updated_at),
        version: file.version,
        submitted_at: instant(file.submitted_at),
        withdrawn_at: instant(file.withdrawn_at),
        answers: file.answers.map(answers).unwrap_or_default(),
        conditions: file
            .conditions
            .into_iter()
            .map(|condition| Condition {
                sentence: Bilingual {
                    ar: hold_numbers_together(&condition.sentence_ar),
                    fr: hold_numbers_together(&condition.sentence_fr),
                },
                held: condition.held,
            })
            .collect(),
        timeline: file
            .timeline
            .into_iter()
            .map(|entry| (entry.what, instant(entry.at)))
            .collect(),
        ceiling: file.ceiling.and_then(ceiling),
        can_withdraw: file.can_withdraw,
        answer_due: file.answer_due.parse().ok(),
        asked: decisions::asked(file.information_requests),
        decision: file.decision.map(decisions::decision),
    })
}

pub(super) fn answers(answers: wire::Answers) -> Answers {
    Answers {
        bank_account_id: answers.bank_account_id,
        bank_account_answer: answers.bank_account_answer,
        relation: answers.relation,
        person_id: answers.person_id,
        reason_code: answers.reason_code,
        consent_version: answers.consent_version,
        papers: answers
            .papers
            .into_iter()
            .map(|paper| Paper {
                code: paper.paper_code,
                document_id: paper.document_id,
                file_name: paper.file_name,
                size_bytes: u64::try_from(paper.size_bytes).unwrap_or_default(),
                scan_state: paper.scan_state,
            })
            .collect(),
        typed: answers
            .fields
            .into_iter()
            .filter_map(typed_questions::answered)
            .collect(),
    }
}
