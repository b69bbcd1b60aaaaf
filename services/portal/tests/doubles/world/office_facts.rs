//! The lines of the office's double and what its file holds: papers, the proposal with its steps, a note, reasons of refusal.

use benefits_proto::v1::*;

use super::catalogue::text;
use super::documents::DOCUMENT;
use super::lookup::PEOPLE;
use super::office::{REVIEW, account_of};
use super::{AGENT, BENEFIT, now, stamp};

fn id_at(at: usize) -> String {
    if at == 0 {
        REVIEW.to_owned()
    } else {
        format!("01930000-0000-7000-8000-{:012x}", 0xce00 + at + 8)
    }
}

pub(super) fn summary(at: usize, step: ReviewStep) -> FileSummary {
    let age = i32::try_from(43_usize.saturating_sub(at))
        .unwrap_or_default()
        .max(1);
    let air = at % 3 == 2;
    let assignment = match at % 4 {
        1 => Some(Assignment {
            agent_id: account_of("99000009"),
            since: stamp(now() - chrono::TimeDelta::days(2)),
            mine: false,
        }),
        _ => None,
    };
    FileSummary {
        application_id: id_at(at),
        request_number: format!(
            "{}/{}/2026",
            12 + 37 * at % 160,
            if air { "Tr_A" } else { "Aid_X" }
        ),
        benefit_code: if air { "air_transport_support" } else { BENEFIT }.to_owned(),
        benefit_title: if air {
            text("دعم النقل الجوي", "Aide au transport aérien")
        } else {
            text("المساعدة الصحية الاستثنائية", "Aide exceptionnelle de santé")
        },
        state: if at % 5 == 3 {
            ApplicationState::Submitted.into()
        } else {
            ApplicationState::InReview.into()
        },
        step: step.into(),
        member_id: format!("member-{}", at % PEOPLE.len()),
        submitted_at: stamp(now() - chrono::TimeDelta::days(age.into())),
        age_days: age,
        assignment,
        version: 7,
        urgency: urgency(age),
        ..FileSummary::default()
    }
}

/// As benefits counts: 30 days.
pub(super) fn urgency(age: i32) -> i32 {
    let urgency = match age {
        ..=20 => Urgency::OnTime,
        21..=30 => Urgency::Soon,
        31.. => Urgency::Late,
    };
    urgency.into()
}

pub(super) fn papers(infected: bool) -> Vec<Paper> {
    let paper = |code: &str, id: &str, name: &str| Paper {
        paper_code: code.to_owned(),
        document_id: id.to_owned(),
        file_name: name.to_owned(),
        size_bytes: 2_516_582,
        scan_state: "clean".to_owned(),
    };
    let scanned = if infected { "infected" } else { "clean" };
    vec![
        Paper {
            scan_state: scanned.to_owned(),
            ..paper("medical_file", DOCUMENT, "rapport-specimen.pdf")
        },
        paper(
            "invoice",
            "01930000-0000-7000-8000-0000000000d2",
            "facture-specimen.pdf",
        ),
    ]
}

pub(super) fn steps() -> Vec<AmountStep> {
    let step = |code: &str, ar: &str, fr: &str, amount_centimes| AmountStep {
        code: code.to_owned(),
        label: text(ar, fr),
        amount_centimes,
    };
    vec![
        step("retained", "المصاريف المعتمدة", "Frais retenus", 2_640_000),
        step("share", "50 % منها", "50 % de ces frais", 1_320_000),
        step(
            "ceiling",
            "الباقي من السقف السنوي",
            "Reste du plafond de l’année",
            2_000_000,
        ),
        step("amount", "المبلغ", "Montant", 1_320_000),
    ]
}

pub(super) fn proposal() -> Proposal {
    Proposal {
        recommendation: Recommendation::Grant.into(),
        amount_centimes: 1_320_000,
        steps: steps(),
        refusal_reason_code: String::new(),
        agent_id: account_of(AGENT),
        at: stamp(now() - chrono::TimeDelta::days(1)),
    }
}

pub(super) fn notes() -> Vec<Note> {
    vec![Note {
        text: "Le conjoint a appelé le guichet pour le suivi.".to_owned(),
        agent_id: account_of("99000009"),
        at: stamp(now() - chrono::TimeDelta::days(4)),
    }]
}

pub(super) fn refusal_reasons() -> Vec<RefusalReason> {
    let reason = |code: &str, label_ar: &str, label_fr: &str, ar: &str, fr: &str| RefusalReason {
        code: code.to_owned(),
        label: text(label_ar, label_fr),
        sentence: text(ar, fr),
    };
    vec![
        reason(
            "not_covered",
            "غير مشمول",
            "Non couvert",
            "المصاريف المعنية لا تدخل في هذه المساعدة.",
            "Les frais concernés n’entrent pas dans cette aide.",
        ),
        reason(
            "ceiling",
            "السقف مستنفد",
            "Plafond épuisé",
            "استنفد السقف السنوي للشخص المعني.",
            "Le plafond de l’année est épuisé pour la personne concernée.",
        ),
    ]
}
