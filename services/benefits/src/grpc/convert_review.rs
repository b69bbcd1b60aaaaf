//! Between the examination's domain and the wire. Nothing is decided, and nothing is left out, here: what an agent must not see never came.

use std::collections::BTreeMap;

use benefits_proto::v1 as wire;
use chrono::{DateTime, Utc};
use kernel::{AccountId, DocumentId, Money};
use platform::audit::AuditLine;
use rules::{AmountStep, ConditionOutcome};

use super::convert::{answers, ceiling_left, ceiling_standing, text, timestamp};
use super::convert_queue::summary;
use crate::domain::application::{Application, Examination};
use crate::domain::catalogue::Text;
use crate::domain::review::Opinion;
use crate::domain::review::acts::{Asked, Dossier, Recommendation, Signed, Verdict};
use crate::domain::review::information::{Cause, Item, Target};
use crate::domain::review::refusal;
use crate::error::Error;
use crate::use_cases::review::open_paper::OpeningReason;
use crate::use_cases::review::propose_decision::Proposal;
use crate::use_cases::review::validate_decision::Verdict as Said;
use crate::use_cases::review::view::{Action, FileView};
use crate::use_cases::view::Decided;

pub(super) fn malformed(field: &'static str, reason: &'static str, instead: &'static str) -> Error {
    Error::Malformed {
        field,
        reason,
        instead,
    }
}

pub(super) fn document_id(text: &str) -> Result<DocumentId, Error> {
    // A text that is no id names no paper of the file.
    text.parse().map_err(|_| Error::PaperNotInFile)
}

pub(super) fn opening_reason(reason: wire::OpeningReason) -> Result<OpeningReason, Error> {
    match reason {
        wire::OpeningReason::Assessment => Ok(OpeningReason::Assessment),
        wire::OpeningReason::CorrectedPaper => Ok(OpeningReason::CorrectedPaper),
        wire::OpeningReason::Appeal => Ok(OpeningReason::Appeal),
        wire::OpeningReason::QualityCheck => Ok(OpeningReason::QualityCheck),
        wire::OpeningReason::Unspecified => Err(malformed(
            "reason",
            "OPENING_REASON_MISSING",
            "say why the paper is read",
        )),
    }
}

pub(super) fn opinion(request: &wire::RecordMedicalOpinionRequest) -> Result<Opinion, Error> {
    let favourable = match request.opinion() {
        wire::MedicalOpinion::Favourable => true,
        wire::MedicalOpinion::Unfavourable => false,
        wire::MedicalOpinion::Unspecified => {
            return Err(malformed(
                "opinion",
                "OPINION_MISSING",
                "favourable or unfavourable",
            ));
        }
    };
    Ok(Opinion::new(
        favourable,
        Money::from_centimes(request.retained_cost_centimes),
    )?)
}

pub(super) fn items(items: Vec<wire::InformationItem>) -> Result<Vec<Item>, Error> {
    items.into_iter().map(item).collect()
}

fn item(item: wire::InformationItem) -> Result<Item, Error> {
    let cause = match item.cause() {
        wire::InformationCause::Incorrect => Cause::Incorrect,
        wire::InformationCause::Incomplete => Cause::Incomplete,
        wire::InformationCause::Outdated => Cause::Outdated,
        wire::InformationCause::UnsafeFile => Cause::UnsafeFile,
        wire::InformationCause::Unspecified | wire::InformationCause::NoLongerValid => {
            return Err(malformed(
                "items",
                "CAUSE_MISSING",
                "incorrect, incomplete, outdated or unsafe_file",
            ));
        }
    };
    let target = match (item.field.as_str(), item.paper_code.as_str()) {
        (field, "") if !field.is_empty() => Target::Field(item.field),
        ("", paper) if !paper.is_empty() => Target::Paper(item.paper_code),
        _ => {
            return Err(malformed(
                "items",
                "ITEM_TARGET",
                "an answer or a paper, one of the two",
            ));
        }
    };
    let note = item.note.trim();
    Ok(Item {
        target,
        cause,
        note: (!note.is_empty()).then(|| note.to_owned()),
    })
}

pub(super) fn proposal(request: wire::ProposeDecisionRequest) -> Result<Proposal, Error> {
    match request.recommendation() {
        wire::Recommendation::Grant if request.refusal_reason_code.is_empty() => Ok(Proposal::Grant),
        wire::Recommendation::Refuse => Ok(Proposal::Refuse {
            reason: request.refusal_reason_code,
        }),
        wire::Recommendation::Grant | wire::Recommendation::Unspecified => Err(malformed(
            "recommendation",
            "RECOMMENDATION_MISSING",
            "grant, without a reason, or refuse with one",
        )),
    }
}

pub(super) fn verdict(verdict: Option<wire::validate_decision_request::Verdict>) -> Result<Said, Error> {
    use wire::validate_decision_request::Verdict as Wire;
    match verdict {
        Some(Wire::Grant(grant)) => Ok(Said::Grant {
            amount: Money::from_centimes(grant.amount_centimes),
        }),
        Some(Wire::Refuse(refusal)) => Ok(Said::Refuse {
            reason: refusal.reason_code,
            sentence_ar: refusal.sentence_ar,
            sentence_fr: refusal.sentence_fr,
        }),
        Some(Wire::SendBack(back)) => Ok(Said::SendBack {
            to: match back.to() {
                wire::ReviewStep::MedicalOpinion => Examination::MedicalOpinion,
                wire::ReviewStep::Examination => Examination::Proposal,
                wire::ReviewStep::Validation | wire::ReviewStep::Unspecified => {
                    return Err(malformed("to", "STEP_MISSING", "medical opinion or examination"));
                }
            },
            note: back.note,
        }),
        None => Err(malformed(
            "verdict",
            "VERDICT_MISSING",
            "grant, refuse or send back",
        )),
    }
}

pub(super) fn file(view: FileView) -> wire::ReviewFile {
    let summary = summary(&view);
    let FileView {
        application,
        answers: shown,
        health,
        reason_label,
        papers_withheld,
        missing,
        dossier,
        judged,
        ceiling,
        actions,
        requestable,
        ..
    } = view;
    let amount_steps = judged
        .as_ref()
        .map(|judged| judged.amount_steps.clone())
        .unwrap_or_default();
    let verdict = dossier.verdict();
    let decided_by = verdict
        .as_ref()
        .map(|signed| by(signed.agent))
        .unwrap_or_default();
    wire::ReviewFile {
        summary: Some(summary),
        health,
        answers: Some(answers(&shown)),
        reason_label: reason_label.as_ref().map(text),
        papers_withheld: i32::try_from(papers_withheld).unwrap_or(i32::MAX),
        conditions: judged
            .map(|judged| conditions(judged.conditions))
            .unwrap_or_default(),
        information_requests: information_requests(&dossier),
        opinion: dossier.opinion().map(|signed| opinion_of(&signed)),
        proposal: dossier
            .proposal()
            .map(|signed| proposal_of(signed, &amount_steps)),
        decision: verdict.map(|signed| decision(signed.what, signed.at, &amount_steps, None)),
        notes: dossier.notes().into_iter().map(note).collect(),
        actions: actions.into_iter().map(|can| action(can).into()).collect(),
        refusal_reasons: refusal::reasons(health).map(refusal_reason).collect(),
        ceiling_left_centimes: ceiling_left(ceiling),
        ceiling: ceiling.map(ceiling_standing),
        missing: missing.iter().map(|step| step.as_str().to_owned()).collect(),
        decided_by,
        timeline: timeline(&application, &dossier),
        requestable: requestable
            .into_iter()
            .map(|(target, label)| {
                let (field, paper_code) = named(target);
                wire::RequestableItem {
                    field,
                    paper_code,
                    label: Some(text(&label)),
                }
            })
            .collect(),
    }
}

pub(super) fn conditions(conditions: Vec<ConditionOutcome>) -> Vec<wire::ConditionOutcome> {
    conditions
        .into_iter()
        .map(|condition| wire::ConditionOutcome {
            condition_code: condition.code,
            sentence_ar: condition.sentence_ar,
            sentence_fr: condition.sentence_fr,
            held: condition.held,
        })
        .collect()
}

fn action(action: Action) -> wire::ReviewAction {
    match action {
        Action::Assign => wire::ReviewAction::Assign,
        Action::Release => wire::ReviewAction::Release,
        Action::OpenPaper => wire::ReviewAction::OpenPaper,
        Action::RecordOpinion => wire::ReviewAction::RecordOpinion,
        Action::RequestInformation => wire::ReviewAction::RequestInformation,
        Action::Propose => wire::ReviewAction::Propose,
        Action::Validate => wire::ReviewAction::Validate,
        Action::AddNote => wire::ReviewAction::AddNote,
        Action::StopWaiting => wire::ReviewAction::StopWaiting,
    }
}

fn by(agent: Option<AccountId>) -> String {
    agent.map(|agent| agent.to_string()).unwrap_or_default()
}

fn opinion_of(signed: &Signed<Opinion>) -> wire::Opinion {
    let retained = signed.what.retained_cost();
    let opinion = match signed.what {
        Opinion::Favourable { .. } => wire::MedicalOpinion::Favourable,
        Opinion::Unfavourable => wire::MedicalOpinion::Unfavourable,
    };
    wire::Opinion {
        opinion: opinion.into(),
        retained_cost_centimes: retained.unwrap_or(Money::ZERO).centimes(),
        agent_id: by(signed.agent),
        at: Some(timestamp(signed.at)),
    }
}

fn proposal_of(signed: Signed<Recommendation>, steps: &[AmountStep]) -> wire::Proposal {
    let (agent_id, at) = (by(signed.agent), Some(timestamp(signed.at)));
    match signed.what {
        Recommendation::Grant { amount } => wire::Proposal {
            recommendation: wire::Recommendation::Grant.into(),
            amount_centimes: amount.centimes(),
            steps: amount_steps(steps),
            refusal_reason_code: String::new(),
            agent_id,
            at,
        },
        Recommendation::Refuse { reason } => wire::Proposal {
            recommendation: wire::Recommendation::Refuse.into(),
            amount_centimes: 0,
            steps: Vec::new(),
            refusal_reason_code: reason,
            agent_id,
            at,
        },
    }
}

fn amount_steps(steps: &[AmountStep]) -> Vec<wire::AmountStep> {
    steps
        .iter()
        .map(|step| wire::AmountStep {
            code: step.code.clone(),
            label: Some(wire::LocalizedText {
                ar: step.label_ar.clone(),
                fr: step.label_fr.clone(),
            }),
            amount_centimes: step.amount.centimes(),
        })
        .collect()
}

fn note(note: Signed<String>) -> wire::Note {
    wire::Note {
        text: note.what,
        agent_id: by(note.agent),
        at: Some(timestamp(note.at)),
    }
}

fn refusal_reason(reason: &refusal::Reason) -> wire::RefusalReason {
    let both = |ar: &str, fr: &str| {
        Some(wire::LocalizedText {
            ar: ar.to_owned(),
            fr: fr.to_owned(),
        })
    };
    wire::RefusalReason {
        code: reason.code.to_owned(),
        label: both(reason.label_ar, reason.label_fr),
        sentence: both(reason.sentence_ar, reason.sentence_fr),
    }
}

/// For the member, with where to appeal.
pub(super) fn decided(decided: &Decided) -> wire::Decision {
    decision(
        decided.verdict.clone(),
        decided.at,
        &decided.steps,
        Some(&decided.appeal_path),
    )
}

fn decision(
    verdict: Verdict,
    at: DateTime<Utc>,
    steps: &[AmountStep],
    appeal_path: Option<&Text>,
) -> wire::Decision {
    let common = wire::Decision {
        decided_at: Some(timestamp(at)),
        appeal_path: appeal_path.map(text),
        ..wire::Decision::default()
    };
    match verdict {
        Verdict::Granted { amount, appeal_until } => wire::Decision {
            granted: true,
            amount_centimes: amount.centimes(),
            steps: amount_steps(steps),
            appeal_until: appeal_until.to_string(),
            ..common
        },
        Verdict::Refused {
            refusal,
            appeal_until,
        } => wire::Decision {
            reason_label: refusal::reason(&refusal.reason).and_then(|reason| refusal_reason(reason).label),
            reason_code: refusal.reason,
            sentence: Some(wire::LocalizedText {
                ar: refusal.sentence_ar,
                fr: refusal.sentence_fr,
            }),
            appeal_until: appeal_until.to_string(),
            ..common
        },
    }
}

pub(super) fn information_requests(dossier: &Dossier) -> Vec<wire::InformationRequest> {
    dossier.asked().into_iter().map(information_request).collect()
}

/// The same for the member, who answers beside what was asked what the file no longer answers by itself.
pub(super) fn asked_of_member(
    dossier: &Dossier,
    no_longer_valid: BTreeMap<Target, bool>,
) -> Vec<wire::InformationRequest> {
    let mut requests = information_requests(dossier);
    if let Some(open) = requests.first_mut() {
        open.items
            .extend(no_longer_valid.into_iter().map(|(target, answered)| {
                let (field, paper_code) = named(target);
                wire::InformationItem {
                    field,
                    paper_code,
                    cause: wire::InformationCause::NoLongerValid.into(),
                    note: String::new(),
                    corrected: answered,
                }
            }));
    }
    requests
}

fn information_request(asked: Asked) -> wire::InformationRequest {
    wire::InformationRequest {
        requested_at: Some(timestamp(asked.at)),
        items: asked
            .items
            .into_iter()
            .map(|(item, corrected)| {
                let (field, paper_code) = named(item.target);
                let cause = match item.cause {
                    Cause::Incorrect => wire::InformationCause::Incorrect,
                    Cause::Incomplete => wire::InformationCause::Incomplete,
                    Cause::Outdated => wire::InformationCause::Outdated,
                    Cause::UnsafeFile => wire::InformationCause::UnsafeFile,
                    // Shown as an item that is to be corrected, without why.
                    Cause::Unknown => wire::InformationCause::Unspecified,
                };
                wire::InformationItem {
                    field,
                    paper_code,
                    cause: cause.into(),
                    note: item.note.unwrap_or_default(),
                    corrected,
                }
            })
            .collect(),
        resent_at: asked.resent_at.map(timestamp),
        answer_by: asked.answer_by.map(|day| day.to_string()).unwrap_or_default(),
        waiting_ended_at: asked.ended_at.map(timestamp),
    }
}

fn named(target: Target) -> (String, String) {
    match target {
        Target::Field(code) => (code, String::new()),
        Target::Paper(code) => (String::new(), code),
    }
}

/// What happened, in order, as the member reads it.
pub(super) fn timeline(application: &Application, dossier: &Dossier) -> Vec<wire::TimelineEntry> {
    let stage = application.stage();
    let decided = stage.decided_at().map(|at| (stage.as_str(), at));
    let mut entries: Vec<(&str, DateTime<Utc>)> = vec![("started", application.created_at)];
    entries.extend(stage.sent().map(|sent| ("submitted", sent.at)));
    entries.extend(dossier.taken_up_at().map(|at| ("in_review", at)));
    for asked in dossier.asked().into_iter().rev() {
        entries.push(("information_requested", asked.at));
        entries.extend(asked.resent_at.map(|at| ("resent", at)));
        entries.extend(asked.ended_at.map(|at| ("waiting_ended", at)));
    }
    entries.extend(decided);
    entries.extend(stage.withdrawn_at().map(|at| ("withdrawn", at)));
    entries
        .into_iter()
        .map(|(what, at)| wire::TimelineEntry {
            what: what.to_owned(),
            at: Some(timestamp(at)),
        })
        .collect()
}

pub(super) fn audit_line(line: AuditLine) -> wire::AuditLine {
    wire::AuditLine {
        at: Some(timestamp(line.at)),
        actor_kind: line.actor.kind,
        actor_id: line.actor.id,
        action: line.action,
        fields: line.fields,
        reason: line.reason.unwrap_or_default(),
    }
}
