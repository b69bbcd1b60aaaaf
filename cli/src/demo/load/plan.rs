//! Which applications the demonstration has: drafts at each step, sent ones over the past year, withdrawn ones. Made once per member: who has a
//! file already gets none.

use anyhow::{Context as _, Result};
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    BankAccountAnswer, GetBenefitRequest, ListApplicationsRequest, PaperAnswer, PersonConcernedAnswer,
    SaveAnswerRequest, StartApplicationRequest, SubmitApplicationRequest, WithdrawApplicationRequest,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use documents_proto::v1::upload_document_request::Part;
use documents_proto::v1::{UploadDocumentRequest, UploadOpening};
use membership_proto::v1::{GetOwnRecordRequest, GetOwnRecordResponse};
use platform::ids::uuid_v7;

use super::account::Applicant;
use super::backends::Backends;
use super::paper::specimen;

const BENEFIT: &str = "exceptional_health_aid";
const REASONS: [&str; 3] = ["oncology", "cost_surplus", "uncovered_treatment"];

/// How far an application gets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Bank,
    Person,
    Reason,
    Paper,
    Sent,
    Withdrawn,
}

/// One application: how many days ago it began, for whom (index into member + family), which reason, how far it got.
struct Planned {
    days_ago: i64,
    person: usize,
    reason: usize,
    until: Until,
}

/// Makes the applicant's files; 0 when there are some already.
pub(super) async fn load(
    backends: &Backends,
    applicant: &Applicant,
    session: &str,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<usize> {
    let list = ListApplicationsRequest {
        benefit_code: BENEFIT.to_owned(),
        ..ListApplicationsRequest::default()
    };
    let request = backends.as_member(session, "benefits", list).await?;
    if !backends
        .applications
        .clone()
        .list_applications(request)
        .await?
        .into_inner()
        .applications
        .is_empty()
    {
        return Ok(0);
    }
    let own = backends
        .as_member(session, "membership", GetOwnRecordRequest {})
        .await?;
    let record = backends.members.clone().get_own_record(own).await?.into_inner();
    let get = GetBenefitRequest {
        benefit_code: BENEFIT.to_owned(),
    };
    let request = backends.as_member(session, "benefits", get).await?;
    let benefit = backends
        .catalogue
        .clone()
        .get_benefit(request)
        .await?
        .into_inner();
    let consent = benefit
        .consent
        .context("the health aid asks for consent")?
        .version;
    let mut made = 0;
    for planned in plan(applicant.key) {
        if record.bank_account.is_none() && planned.until > Until::Bank {
            continue;
        }
        let noon = date.and_hms_opt(10, 15, 0).context("a time of day")?.and_utc();
        let started = (noon - TimeDelta::days(planned.days_ago) + TimeDelta::minutes(7 * made))
            .min(now - TimeDelta::minutes(1));
        file(backends, session, &record, &consent, &planned, started).await?;
        made += 1;
    }
    Ok(usize::try_from(made)?)
}

/// The reasons of one person differ, because only one request for a person and reason may be open.
fn plan(key: &str) -> Vec<Planned> {
    let spread = key.bytes().fold(7_i64, |sum, byte| sum + i64::from(byte)) % 29;
    let sent = |days_ago: i64, person: usize, reason: usize| Planned {
        days_ago: days_ago + spread,
        person,
        reason,
        until: Until::Sent,
    };
    let withdrawn = |days_ago: i64, person: usize, reason: usize| Planned {
        days_ago: days_ago + spread,
        person,
        reason,
        until: Until::Withdrawn,
    };
    let draft = |until: Until| Planned {
        days_ago: 1 + spread % 5,
        person: 0,
        reason: 1,
        until,
    };
    // The aid is not open to survivors: the service's page tells them so and opens no draft.
    if key == "survivor" {
        return Vec::new();
    }
    match spread % 4 {
        0 => vec![
            withdrawn(310, 0, 0),
            sent(190, 1, 1),
            sent(42, 0, 2),
            draft(Until::Paper),
        ],
        1 => vec![sent(260, 0, 0), sent(95, 2, 1), draft(Until::Reason)],
        2 => vec![sent(330, 0, 2), withdrawn(120, 0, 0), sent(3, 0, 0)],
        _ => vec![sent(150, 0, 0), draft(Until::Person)],
    }
}

async fn file(
    backends: &Backends,
    session: &str,
    record: &GetOwnRecordResponse,
    consent: &str,
    planned: &Planned,
    started: DateTime<Utc>,
) -> Result<()> {
    let start = StartApplicationRequest {
        benefit_code: BENEFIT.to_owned(),
        idempotency_key: fresh_key(),
    };
    let request = backends.at(backends.as_member(session, "benefits", start).await?, started);
    let application = backends
        .applications
        .clone()
        .start_application(request)
        .await?
        .into_inner()
        .application;
    let id = application.context("a draft was opened")?.application_id;

    let mut answers = vec![(Until::Bank, bank(record))];
    answers.push((
        Until::Person,
        Answer::PersonConcerned(person(record, planned.person)),
    ));
    answers.push((
        Until::Reason,
        Answer::ReasonCode(REASONS[planned.reason % REASONS.len()].to_owned()),
    ));
    answers.push((Until::Paper, Answer::ConsentVersion(consent.to_owned())));
    for (minute, (step, answer)) in (1_i64..).zip(answers) {
        if step <= planned.until {
            save(
                backends,
                session,
                &id,
                answer,
                started + TimeDelta::minutes(minute),
            )
            .await?;
        }
    }
    if planned.until >= Until::Paper {
        let receipt = upload(backends, session).await?;
        let answer = Answer::Paper(PaperAnswer {
            paper_code: "medical_file".to_owned(),
            receipt,
        });
        save(backends, session, &id, answer, started + TimeDelta::minutes(6)).await?;
    }
    if planned.until >= Until::Sent {
        let submit = SubmitApplicationRequest {
            application_id: id.clone(),
            idempotency_key: fresh_key(),
        };
        let request = backends.at(
            backends.as_member(session, "benefits", submit).await?,
            started + TimeDelta::minutes(8),
        );
        backends.applications.clone().submit_application(request).await?;
    }
    if planned.until == Until::Withdrawn {
        let later = started + TimeDelta::days(2);
        let withdraw = WithdrawApplicationRequest {
            application_id: id,
            idempotency_key: fresh_key(),
        };
        let request = backends.at(backends.as_member(session, "benefits", withdraw).await?, later);
        backends
            .applications
            .clone()
            .withdraw_application(request)
            .await?;
    }
    Ok(())
}

/// Of the present, whatever instant the call is written down at: a key says when it was drawn, and an old one is refused.
fn fresh_key() -> String {
    uuid_v7(platform::clock::Clock::system().now()).to_string()
}

fn bank(record: &GetOwnRecordResponse) -> Answer {
    let answer = match &record.bank_account {
        Some(account) => BankAccountAnswer {
            answer: "confirmed".to_owned(),
            bank_account_id: account.bank_account_id.clone(),
        },
        None => BankAccountAnswer {
            answer: "not_mine".to_owned(),
            bank_account_id: String::new(),
        },
    };
    Answer::BankAccount(answer)
}

/// The member, or a declared relative when there is one of that index.
fn person(record: &GetOwnRecordResponse, index: usize) -> PersonConcernedAnswer {
    match index.checked_sub(1).and_then(|index| record.family.get(index)) {
        Some(relative) => PersonConcernedAnswer {
            relation: relative.relation.clone(),
            person_id: relative.person_id.clone(),
        },
        None => PersonConcernedAnswer {
            relation: "member".to_owned(),
            person_id: String::new(),
        },
    }
}

async fn save(
    backends: &Backends,
    session: &str,
    id: &str,
    answer: Answer,
    when: DateTime<Utc>,
) -> Result<()> {
    let save = SaveAnswerRequest {
        application_id: id.to_owned(),
        idempotency_key: fresh_key(),
        answer: Some(answer),
    };
    let request = backends.at(backends.as_member(session, "benefits", save).await?, when);
    backends.applications.clone().save_answer(request).await?;
    Ok(())
}

async fn upload(backends: &Backends, session: &str) -> Result<String> {
    let opening = UploadOpening {
        file_name: "dossier-medical-specimen.pdf".to_owned(),
        document_class: "health_paper".to_owned(),
        idempotency_key: fresh_key(),
    };
    let parts = [
        Part::Opening(opening),
        Part::Chunk(specimen("Piece de demonstration")),
    ]
    .map(|part| UploadDocumentRequest { part: Some(part) });
    let request = backends
        .as_member(session, "documents", futures::stream::iter(parts))
        .await?;
    Ok(backends
        .documents
        .clone()
        .upload_document(request)
        .await?
        .into_inner()
        .receipt)
}
