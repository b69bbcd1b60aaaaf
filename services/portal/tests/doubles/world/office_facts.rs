//! What the file of the office's double holds: papers, the proposal with its steps, a note, reasons of refusal.

use benefits_proto::v1::*;

use super::catalogue::text;
use super::documents::DOCUMENT;
use super::office::account_of;
use super::{AGENT, now, stamp};

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
        step("retained", "التكلفة المحتسبة", "Coût retenu", 2_640_000),
        step("share", "50 % منها", "50 % de ce coût", 1_320_000),
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
