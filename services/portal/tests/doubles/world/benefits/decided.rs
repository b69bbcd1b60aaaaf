//! Khadija's files beyond sending: one in review, one of which something is asked, one granted, one refused.

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::*;
use chrono::{DateTime, TimeDelta, Utc};

use super::super::catalogue::text;
use super::{AIR, BENEFIT, blank, conditions, now, paper, stamp};

pub(crate) const REVIEWING: &str = "01930000-0000-7000-8000-00000000fe03";
pub(crate) const ASKED: &str = "01930000-0000-7000-8000-00000000fe04";
pub(crate) const GRANTED: &str = "01930000-0000-7000-8000-00000000fe05";
pub(crate) const REFUSED: &str = "01930000-0000-7000-8000-00000000fe06";

fn days_ago(days: i64) -> DateTime<Utc> {
    now() - TimeDelta::days(days)
}

/// The day of the foundation's answer to what was sent so many days ago.
pub(crate) fn due(days: i64) -> String {
    kernel::civil::civil_date(days_ago(days - 30)).to_string()
}

pub(crate) fn timeline(entries: &[(&str, i64)]) -> Vec<TimelineEntry> {
    entries
        .iter()
        .map(|(what, days)| TimelineEntry {
            what: (*what).to_owned(),
            at: stamp(days_ago(*days)),
        })
        .collect()
}

pub(super) fn files(full: &Answers) -> Vec<Application> {
    vec![reviewing(full), asked(full), granted(full), refused(full)]
}

fn reviewing(full: &Answers) -> Application {
    Application {
        state: ApplicationState::InReview.into(),
        request_number: "8/Aid_X/2026".to_owned(),
        submitted_at: stamp(days_ago(12)),
        answer_due: due(12),
        answers: Some(full.clone()),
        conditions: conditions(),
        can_withdraw: true,
        timeline: timeline(&[("started", 13), ("submitted", 12), ("in_review", 5)]),
        ..blank(REVIEWING, BENEFIT)
    }
}

/// The price is wrong and a paper incomplete.
fn asked(full: &Answers) -> Application {
    let value = |code: &str, value| FieldValue {
        field_code: code.to_owned(),
        value: Some(value),
    };
    let answers = Answers {
        relation: "member".to_owned(),
        person_id: String::new(),
        reason_code: String::new(),
        consent_version: String::new(),
        papers: vec![
            paper("boarding_pass", "carte-specimen.pdf", 400_000),
            paper("payment_proof", "paiement-specimen.pdf", 300_000),
        ],
        fields: vec![
            value("is_return", Value::YesNo(true)),
            value("outward_on", Value::Date("2026-11-02".to_owned())),
            value("return_on", Value::Date("2026-11-05".to_owned())),
            value("from_province", Value::Province("MA-LAA".to_owned())),
            value("to_province", Value::Province("MA-CAS".to_owned())),
            value("price", Value::MoneyCentimes(185_000)),
            value("bags", Value::Number(1)),
        ],
        ..full.clone()
    };
    let items = vec![
        InformationItem {
            field: "price".to_owned(),
            cause: InformationCause::Incorrect.into(),
            note: "Le prix n’est pas celui de la preuve de paiement.".to_owned(),
            ..InformationItem::default()
        },
        InformationItem {
            paper_code: "boarding_pass".to_owned(),
            cause: InformationCause::Incomplete.into(),
            ..InformationItem::default()
        },
    ];
    Application {
        state: ApplicationState::InformationRequested.into(),
        request_number: "6/Tr_A/2026".to_owned(),
        submitted_at: stamp(days_ago(9)),
        answers: Some(answers),
        conditions: conditions(),
        can_withdraw: true,
        timeline: timeline(&[
            ("started", 9),
            ("submitted", 9),
            ("in_review", 4),
            ("information_requested", 2),
        ]),
        information_requests: vec![InformationRequest {
            requested_at: stamp(days_ago(2)),
            items,
            resent_at: None,
            answer_by: "2026-12-20".to_owned(),
            waiting_ended_at: None,
        }],
        ..blank(ASKED, AIR)
    }
}

fn decided(granted: bool) -> Decision {
    Decision {
        granted,
        decided_at: stamp(days_ago(1)),
        appeal_until: "2026-12-21".to_owned(),
        appeal_path: text(
            "يقدم التظلم كتابة إلى شباك المؤسسة، مع ذكر رقم الملف.",
            "Le recours se dépose par écrit au guichet de la fondation, avec le numéro du dossier.",
        ),
        ..Decision::default()
    }
}

fn granted(full: &Answers) -> Application {
    let step = |code: &str, ar: &str, fr: &str, amount_centimes| AmountStep {
        code: code.to_owned(),
        label: text(ar, fr),
        amount_centimes,
    };
    let decision = Decision {
        amount_centimes: 1_250_050,
        steps: vec![
            step(
                "retained_cost",
                "المصاريف المعتمدة بعد التعويضات",
                "Frais retenus, après remboursements",
                2_500_100,
            ),
            step(
                "share_of_cost",
                "الحصة المتكفل بها، 50 %",
                "Part prise en charge, 50 %",
                1_250_050,
            ),
        ],
        ..decided(true)
    };
    Application {
        state: ApplicationState::Approved.into(),
        request_number: "4/Aid_X/2026".to_owned(),
        submitted_at: stamp(days_ago(30)),
        answers: Some(full.clone()),
        conditions: conditions(),
        decision: Some(decision),
        timeline: timeline(&[
            ("started", 31),
            ("submitted", 30),
            ("in_review", 20),
            ("information_requested", 15),
            ("resent", 12),
            ("approved", 1),
        ]),
        ..blank(GRANTED, BENEFIT)
    }
}

fn refused(full: &Answers) -> Application {
    let mut conditions = conditions();
    if let Some(last) = conditions.last_mut() {
        last.held = false;
    }
    let decision = Decision {
        reason_code: "ceiling_reached".to_owned(),
        reason_label: text("استنفد السقف السنوي", "Le plafond de l’année est épuisé"),
        sentence: text(
            "استنفد سقف هذه السنة بالنسبة للشخص المعني؛ يمكنكم تقديم طلب جديد في السنة المقبلة.",
            "Le plafond de cette année est épuisé pour cette personne ; vous pourrez faire une demande l’an prochain.",
        ),
        ..decided(false)
    };
    Application {
        state: ApplicationState::Rejected.into(),
        request_number: "3/Aid_X/2026".to_owned(),
        submitted_at: stamp(days_ago(40)),
        answers: Some(full.clone()),
        conditions,
        decision: Some(decision),
        ceiling: None,
        timeline: timeline(&[
            ("started", 41),
            ("submitted", 40),
            ("in_review", 25),
            ("rejected", 1),
        ]),
        ..blank(REFUSED, BENEFIT)
    }
}

/// Ticks what the answer is about; false when none of it was asked for.
pub(super) fn correct(file: &mut Application, answer: &Answer) -> bool {
    let (fields, paper): (Vec<String>, &str) = match answer {
        Answer::BankAccount(_) => (vec!["bank_account".to_owned()], ""),
        Answer::PersonConcerned(_) => (vec!["person_concerned".to_owned()], ""),
        Answer::ReasonCode(_) => (vec!["reason".to_owned()], ""),
        Answer::Fields(page) => {
            let codes = page.values.iter().map(|value| value.field_code.clone());
            (codes.collect(), "")
        }
        Answer::Paper(paper) => (Vec::new(), &paper.paper_code),
        Answer::ConsentVersion(_) | Answer::RemovePaperCode(_) => return false,
    };
    let Some(open) = file.information_requests.first_mut() else {
        return false;
    };
    let named = |item: &InformationItem| {
        fields.contains(&item.field) || (!paper.is_empty() && item.paper_code == paper)
    };
    let known = fields
        .iter()
        .all(|field| open.items.iter().any(|item| item.field == *field));
    if !known || !open.items.iter().any(named) {
        return false;
    }
    for item in open.items.iter_mut().filter(|item| named(item)) {
        item.corrected = true;
    }
    true
}

/// Goes back to whoever asked; false when something is still open.
pub(super) fn resend(file: &mut Application) -> bool {
    let Some(open) = file.information_requests.first_mut() else {
        return false;
    };
    if open.items.iter().any(|item| !item.corrected) {
        return false;
    }
    open.resent_at = stamp(now());
    file.state = ApplicationState::InReview.into();
    file.version += 1;
    file.timeline.push(TimelineEntry {
        what: "resent".to_owned(),
        at: stamp(now()),
    });
    true
}
