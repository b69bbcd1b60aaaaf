//! Between the domain and the wire. Nothing is decided here.

use benefits_proto::v1 as wire;
use chrono::{DateTime, Utc};
use kernel::{ApplicationId, BankAccountId, PersonId};
use rules::EarlyOutcome;
use wire::save_answer_request::Answer as WireAnswer;

use super::{convert_form as form_of, convert_review as review_of};
use crate::domain::answers::{Answers, BankAccountAnswer, PersonConcerned};
use crate::domain::application::Stage;
use crate::domain::catalogue::{
    Benefit, Bound, Ceiling, Consent, DeclaredState, Form, Paper, Reason, Relation, Text,
};
use crate::domain::ceiling::{Left, Standing};
use crate::error::Error;
use crate::use_cases::beforehand::UsedUp;
use crate::use_cases::save_answer::AnswerGiven;
use crate::use_cases::view::View;

/// What a ceiling that does not apply is on the wire.
const NO_CEILING: i64 = -1;

pub(super) fn application_id(text: &str) -> Result<ApplicationId, Error> {
    // A text that is no id names no application.
    text.parse().map_err(|_| Error::NotFound)
}

/// None of a caller who holds the call against no version.
pub(super) fn expected_version(version: i64) -> Option<i64> {
    (version != 0).then_some(version)
}

pub(super) fn answer(given: Option<WireAnswer>) -> Result<AnswerGiven, Error> {
    let malformed = |field, reason, instead| Error::Malformed {
        field,
        reason,
        instead,
    };
    Ok(
        match given.ok_or(malformed("answer", "ANSWER_MISSING", "send one answer"))? {
            WireAnswer::BankAccount(bank) => match bank.answer.as_str() {
                "confirmed" => AnswerGiven::BankAccountConfirmed(
                    bank.bank_account_id.parse::<BankAccountId>().map_err(|_| {
                        malformed(
                            "bank_account",
                            "BANK_ACCOUNT_ID",
                            "name the account that was shown",
                        )
                    })?,
                ),
                "not_mine" => AnswerGiven::BankAccountNotMine,
                _ => {
                    return Err(malformed(
                        "bank_account",
                        "BANK_ACCOUNT_ANSWER",
                        "confirmed or not_mine",
                    ));
                }
            },
            WireAnswer::PersonConcerned(concerned) => {
                let bad_id = |_| malformed("person_concerned", "PERSON_ID", "the id of a declared person");
                AnswerGiven::Person(PersonConcerned {
                    relation: Relation::parse(&concerned.relation).ok_or(malformed(
                        "person_concerned",
                        "RELATION",
                        "member, spouse or child",
                    ))?,
                    person: match concerned.person_id.as_str() {
                        "" => None,
                        id => Some(id.parse::<PersonId>().map_err(bad_id)?),
                    },
                })
            }
            WireAnswer::ReasonCode(code) => AnswerGiven::Reason(code),
            WireAnswer::ConsentVersion(version) => AnswerGiven::Consent(version),
            WireAnswer::Paper(paper) => AnswerGiven::Paper {
                code: paper.paper_code,
                receipt: paper.receipt,
            },
            WireAnswer::RemovePaperCode(code) => AnswerGiven::RemovePaper(code),
            WireAnswer::Fields(fields) => form_of::answers_given(fields)?,
        },
    )
}

pub(super) fn application(view: View) -> wire::Application {
    let View {
        application,
        missing,
        conditions,
        ceiling,
        dossier,
        no_longer_valid,
        decided,
        answer_due,
    } = view;
    let sent = application.stage().sent();
    wire::Application {
        application_id: application.id.to_string(),
        benefit_code: application.benefit.clone(),
        state: state(application.stage()).into(),
        request_number: sent.map(|sent| sent.number.to_string()).unwrap_or_default(),
        created_at: Some(timestamp(application.created_at)),
        updated_at: Some(timestamp(application.updated_at)),
        submitted_at: sent.map(|sent| timestamp(sent.at)),
        withdrawn_at: application.stage().withdrawn_at().map(timestamp),
        version: application.version,
        answers: Some(answers(application.answers_in_hand())),
        missing: missing.iter().map(|step| step.as_str().to_owned()).collect(),
        conditions: review_of::conditions(conditions),
        timeline: review_of::timeline(&application, &dossier),
        ceiling_left_centimes: ceiling_left(ceiling),
        ceiling: ceiling.map(ceiling_standing),
        can_withdraw: application.can_withdraw(),
        information_requests: review_of::asked_of_member(&dossier, no_longer_valid),
        decision: decided.as_ref().map(review_of::decided),
        answer_due: answer_due.map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// What is left of a ceiling in money.
pub(super) fn ceiling_left(standing: Option<Standing>) -> i64 {
    match standing.map(|standing| standing.left) {
        Some(Left::Money(left)) => left.centimes(),
        Some(Left::Uses(_)) | None => NO_CEILING,
    }
}

pub(super) fn ceiling_standing(standing: Standing) -> wire::CeilingStanding {
    let left = match standing.left {
        Left::Money(left) => left.centimes(),
        Left::Uses(left) => left,
    };
    let (unit, limit) = match standing.bound {
        Bound::Money(limit) => ("money", limit.centimes()),
        Bound::Uses(limit) => ("uses", limit),
    };
    wire::CeilingStanding {
        unit: unit.to_owned(),
        left,
        limit,
        year: standing.year,
        per: standing.per.as_str().to_owned(),
    }
}

pub(super) fn state(stage: &Stage) -> wire::ApplicationState {
    match stage {
        Stage::Draft(_) => wire::ApplicationState::Draft,
        Stage::Submitted(_) => wire::ApplicationState::Submitted,
        Stage::AwaitsOpinion(_) | Stage::AwaitsProposal(_) | Stage::AwaitsValidation(_) => {
            wire::ApplicationState::InReview
        }
        Stage::AwaitsMember(_) => wire::ApplicationState::InformationRequested,
        Stage::Approved(_) => wire::ApplicationState::Approved,
        Stage::Rejected(_) => wire::ApplicationState::Rejected,
        Stage::CancelledByMember(_) => wire::ApplicationState::CancelledByMember,
    }
}

pub(super) fn answers(answers: &Answers) -> wire::Answers {
    let (bank_account_id, bank_account_answer) = match answers.bank_account {
        Some(BankAccountAnswer::Confirmed(account)) => (account.to_string(), "confirmed"),
        Some(BankAccountAnswer::NotMine) => (String::new(), "not_mine"),
        None => (String::new(), ""),
    };
    let concerned = answers.person;
    wire::Answers {
        bank_account_id,
        bank_account_answer: bank_account_answer.to_owned(),
        relation: concerned
            .map(|concerned| concerned.relation.as_str().to_owned())
            .unwrap_or_default(),
        person_id: concerned
            .and_then(|concerned| concerned.person)
            .map(|person| person.to_string())
            .unwrap_or_default(),
        reason_code: answers.reason.clone().unwrap_or_default(),
        consent_version: answers
            .consent
            .as_ref()
            .map(|given| given.version.clone())
            .unwrap_or_default(),
        papers: answers
            .papers
            .iter()
            .map(|(code, paper)| wire::Paper {
                paper_code: code.clone(),
                document_id: paper.document.to_string(),
                file_name: paper.file_name.clone(),
                size_bytes: i64::try_from(paper.size_bytes).unwrap_or(i64::MAX),
                scan_state: paper.scan_state.as_str().to_owned(),
            })
            .collect(),
        fields: answers
            .fields
            .iter()
            .map(|(code, value)| form_of::value(code, *value))
            .collect(),
    }
}

pub(super) fn benefit_summary(benefit: &Benefit, broken: &[EarlyOutcome]) -> wire::BenefitSummary {
    let definition = benefit.definition();
    wire::BenefitSummary {
        benefit_code: definition.code.clone(),
        title: Some(text(&definition.title)),
        family: definition.family.as_str().to_owned(),
        state: match benefit.state() {
            DeclaredState::Open => wire::BenefitState::Open,
            DeclaredState::Planned => wire::BenefitState::Planned,
            DeclaredState::Closed => wire::BenefitState::Closed,
        }
        .into(),
        opens_on: definition.opens_on.map(|day| day.to_string()).unwrap_or_default(),
        summary: Some(text(&definition.summary)),
        not_for_member: !broken.is_empty(),
        requested: definition.form.is_some(),
    }
}

pub(super) fn benefit(
    benefit: &Benefit,
    broken: Vec<EarlyOutcome>,
    used_up: Vec<UsedUp>,
) -> wire::GetBenefitResponse {
    let definition = benefit.definition();
    let form = benefit.form();
    wire::GetBenefitResponse {
        benefit: Some(benefit_summary(benefit, &broken)),
        description: Some(text(
            definition.description.as_ref().unwrap_or(&definition.summary),
        )),
        reasons: form
            .map(|form| form.reasons.iter().map(reason).collect())
            .unwrap_or_default(),
        consent: form
            .and_then(|form| form.consent.as_ref())
            .map(|notice| consent(notice, benefit.cndp_reference())),
        papers: form
            .map(|form| form.papers.iter().map(paper).collect())
            .unwrap_or_default(),
        pages: form
            .map(|form| form.pages.iter().map(form_of::page).collect())
            .unwrap_or_default(),
        persons_concerned: form.map(persons_concerned).unwrap_or_default(),
        conditions: conditions(benefit),
        next_steps: form
            .map(|form| form.next_steps.iter().map(text).collect())
            .unwrap_or_default(),
        can_apply: benefit.open_form().is_some(),
        failing_conditions: broken.into_iter().map(failing_condition).collect(),
        used_up: used_up.into_iter().map(used_up_ceiling).collect(),
        ceilings: benefit.ceiling().map(ceiling_limit).into_iter().collect(),
    }
}

fn ceiling_limit(ceiling: &Ceiling) -> wire::CeilingLimit {
    let (unit, limit) = match ceiling.bound {
        Bound::Money(limit) => ("money", limit.centimes()),
        Bound::Uses(limit) => ("uses", limit),
    };
    wire::CeilingLimit {
        unit: unit.to_owned(),
        limit,
        per: ceiling.per.as_str().to_owned(),
    }
}

fn used_up_ceiling(used_up: UsedUp) -> wire::UsedUpCeiling {
    wire::UsedUpCeiling {
        relation: used_up.relation.as_str().to_owned(),
        person_id: used_up
            .person
            .map(|person| person.to_string())
            .unwrap_or_default(),
        year: used_up.year,
        year_of_an_answer: used_up.year_of_an_answer,
    }
}

fn persons_concerned(form: &Form) -> Vec<String> {
    form.persons_concerned
        .iter()
        .map(|relation| relation.as_str().to_owned())
        .collect()
}

/// The sentences of the rules, then how the amount is found.
fn conditions(benefit: &Benefit) -> Vec<wire::LocalizedText> {
    let rules = benefit
        .rules()
        .map(|rules| rules.definition().conditions.as_slice())
        .unwrap_or_default();
    let sentences = rules.iter().map(|rule| wire::LocalizedText {
        ar: rule.sentence_ar.clone(),
        fr: rule.sentence_fr.clone(),
    });
    sentences
        .chain(benefit.form().map(|form| text(&form.amount_text)))
        .collect()
}

fn failing_condition(outcome: EarlyOutcome) -> wire::FailingCondition {
    wire::FailingCondition {
        condition_code: outcome.code,
        sentence: Some(wire::LocalizedText {
            ar: outcome.sentence_ar,
            fr: outcome.sentence_fr,
        }),
    }
}

pub(super) fn text(text: &Text) -> wire::LocalizedText {
    wire::LocalizedText {
        ar: text.ar.clone(),
        fr: text.fr.clone(),
    }
}

fn reason(reason: &Reason) -> wire::Reason {
    wire::Reason {
        reason_code: reason.code.clone(),
        label: Some(text(&reason.label)),
        hint: Some(text(&reason.hint)),
    }
}

fn consent(notice: &Consent, cndp_reference: Option<&str>) -> wire::ConsentNotice {
    wire::ConsentNotice {
        version: notice.version.clone(),
        purpose: Some(text(&notice.purpose)),
        readers: Some(text(&notice.readers)),
        retention: Some(text(&notice.retention)),
        statement: Some(text(&notice.statement)),
        cndp_reference: cndp_reference.unwrap_or_default().to_owned(),
    }
}

fn paper(paper: &Paper) -> wire::PaperRequirement {
    wire::PaperRequirement {
        paper_code: paper.code.clone(),
        label: Some(text(&paper.label)),
        hint: Some(text(&paper.hint)),
        max_bytes: i64::try_from(paper.max_bytes).unwrap_or(i64::MAX),
        document_class: paper.document_class.clone(),
    }
}

pub(super) fn timestamp(at: DateTime<Utc>) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}
