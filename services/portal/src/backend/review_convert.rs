//! Files under examination, from the wire into the portal's words.

use benefits_proto::v1 as wire;

use super::benefits::{answers, ceiling};
use super::models::{Bilingual, Condition, FileState, hold_numbers_together};
use super::office::{
    Action, Asked, AskedItem, Assignment, Decided, FileLine, Note, Opinion, Proposal, Queue, RefusalReason,
    Requestable, ReviewFile, Step, Steps, TypedAnswer, TypedValue, Urgency,
};
use super::{instant, present};
use crate::error::Error;

pub(super) fn queue(queue: wire::Queue) -> Option<Queue> {
    match queue {
        wire::Queue::MedicalOpinion => Some(Queue::Opinion),
        wire::Queue::Examination => Some(Queue::Examination),
        wire::Queue::Validation => Some(Queue::Validation),
        wire::Queue::WaitingForMember => Some(Queue::Waiting),
        wire::Queue::All => Some(Queue::All),
        // A queue that this version does not know is not shown.
        wire::Queue::Unspecified => None,
    }
}

pub(super) fn wire_queue(queue: Queue) -> wire::Queue {
    match queue {
        Queue::Opinion => wire::Queue::MedicalOpinion,
        Queue::Examination => wire::Queue::Examination,
        Queue::Validation => wire::Queue::Validation,
        Queue::Waiting => wire::Queue::WaitingForMember,
        Queue::All => wire::Queue::All,
    }
}

fn text(text: Option<wire::LocalizedText>) -> Bilingual {
    text.map(Bilingual::from).unwrap_or_default()
}

pub(super) fn file_state(state: wire::ApplicationState) -> FileState {
    match state {
        wire::ApplicationState::Draft => FileState::Draft,
        wire::ApplicationState::Submitted | wire::ApplicationState::Unspecified => FileState::Submitted,
        wire::ApplicationState::InReview => FileState::InReview,
        wire::ApplicationState::InformationRequested => FileState::InformationRequested,
        wire::ApplicationState::Approved => FileState::Approved,
        wire::ApplicationState::Rejected => FileState::Rejected,
        wire::ApplicationState::CancelledByMember => FileState::Cancelled,
    }
}

pub(super) fn urgency(urgency: wire::Urgency) -> Urgency {
    match urgency {
        wire::Urgency::Late => Urgency::Late,
        wire::Urgency::Soon => Urgency::Soon,
        wire::Urgency::OnTime | wire::Urgency::Unspecified => Urgency::None,
    }
}

pub(super) fn line(file: wire::FileSummary) -> FileLine {
    let step = match file.step() {
        wire::ReviewStep::MedicalOpinion => Some(Step::Opinion),
        wire::ReviewStep::Examination => Some(Step::Examination),
        wire::ReviewStep::Validation => Some(Step::Validation),
        wire::ReviewStep::Unspecified => None,
    };
    FileLine {
        state: file_state(file.state()),
        urgency: urgency(file.urgency()),
        cannot_answer: file.member_cannot_answer,
        step,
        id: file.application_id,
        number: file.request_number,
        benefit_code: file.benefit_code,
        title: text(file.benefit_title),
        member_id: file.member_id,
        age: file.age_days.into(),
        assignment: file.assignment.map(|assignment| Assignment {
            agent: assignment.agent_id,
            since: instant(assignment.since),
            mine: assignment.mine,
        }),
        version: file.version,
    }
}

pub(super) fn file(file: wire::ReviewFile) -> Result<ReviewFile, Error> {
    let actions = file.actions().filter_map(action).collect();
    let given = file.answers.unwrap_or_default();
    Ok(ReviewFile {
        line: line(present(file.summary, "summary")?),
        health: file.health,
        typed: given.fields.iter().filter_map(typed).collect(),
        answers: answers(given),
        reason: text(file.reason_label),
        papers_withheld: file.papers_withheld.into(),
        conditions: file.conditions.into_iter().map(condition).collect(),
        asked: file.information_requests.into_iter().map(asked).collect(),
        opinion: file.opinion.map(|opinion| Opinion {
            favourable: opinion.opinion() == wire::MedicalOpinion::Favourable,
            retained_cost: opinion.retained_cost_centimes,
            agent: opinion.agent_id.clone(),
            at: instant(opinion.at),
        }),
        proposal: file.proposal.map(|proposal| Proposal {
            grant: proposal.recommendation() == wire::Recommendation::Grant,
            amount: proposal.amount_centimes,
            at: instant(proposal.at),
            steps: steps(proposal.steps),
            refusal_reason: proposal.refusal_reason_code,
            agent: proposal.agent_id,
        }),
        decided: file.decision.map(|decision| Decided {
            granted: decision.granted,
            amount: decision.amount_centimes,
            steps: steps(decision.steps),
            reason: text(decision.reason_label),
            sentence: text(decision.sentence),
            agent: file.decided_by,
            at: instant(decision.decided_at),
        }),
        notes: file
            .notes
            .into_iter()
            .map(|note| Note {
                text: note.text,
                agent: note.agent_id,
                at: instant(note.at),
            })
            .collect(),
        actions,
        refusal_reasons: file
            .refusal_reasons
            .into_iter()
            .map(|reason| RefusalReason {
                code: reason.code,
                label: text(reason.label),
                sentence: text(reason.sentence),
            })
            .collect(),
        ceiling: file.ceiling.and_then(ceiling),
        missing: file.missing,
        timeline: file
            .timeline
            .into_iter()
            .map(|entry| (entry.what, instant(entry.at)))
            .collect(),
        requestable: file
            .requestable
            .into_iter()
            .map(|item| Requestable {
                field: item.field,
                paper: item.paper_code,
                label: text(item.label),
            })
            .collect(),
    })
}

fn condition(condition: wire::ConditionOutcome) -> Condition {
    Condition {
        sentence: Bilingual {
            ar: hold_numbers_together(&condition.sentence_ar),
            fr: hold_numbers_together(&condition.sentence_fr),
        },
        held: condition.held,
    }
}

pub(super) fn steps(steps: Vec<wire::AmountStep>) -> Steps {
    steps
        .into_iter()
        .map(|step| (text(step.label), step.amount_centimes))
        .collect()
}

fn action(action: wire::ReviewAction) -> Option<Action> {
    match action {
        wire::ReviewAction::Assign => Some(Action::Assign),
        wire::ReviewAction::Release => Some(Action::Release),
        wire::ReviewAction::OpenPaper => Some(Action::OpenPaper),
        wire::ReviewAction::RecordOpinion => Some(Action::RecordOpinion),
        wire::ReviewAction::RequestInformation => Some(Action::RequestInformation),
        wire::ReviewAction::Propose => Some(Action::Propose),
        wire::ReviewAction::Validate => Some(Action::Validate),
        wire::ReviewAction::AddNote => Some(Action::AddNote),
        wire::ReviewAction::StopWaiting => Some(Action::StopWaiting),
        wire::ReviewAction::Unspecified => None,
    }
}

fn typed(field: &wire::FieldValue) -> Option<TypedAnswer> {
    use wire::field_value::Value;
    let value = match field.value.clone()? {
        Value::Date(date) => TypedValue::Date(date),
        Value::MoneyCentimes(amount) => TypedValue::Money(amount),
        Value::Province(code) => TypedValue::Province(code),
        Value::YesNo(yes) => TypedValue::YesNo(yes),
        Value::Number(number) => TypedValue::Number(number),
    };
    Some(TypedAnswer {
        code: field.field_code.clone(),
        value,
    })
}

pub(super) fn asked(request: wire::InformationRequest) -> Asked {
    Asked {
        at: instant(request.requested_at),
        resent_at: instant(request.resent_at),
        answer_by: request.answer_by.parse().ok(),
        ended_at: instant(request.waiting_ended_at),
        items: request
            .items
            .into_iter()
            .map(|item| AskedItem {
                cause: match item.cause() {
                    wire::InformationCause::Incomplete => "incomplete",
                    wire::InformationCause::Outdated => "outdated",
                    wire::InformationCause::NoLongerValid => "no_longer_valid",
                    wire::InformationCause::UnsafeFile => "unsafe_file",
                    wire::InformationCause::Incorrect | wire::InformationCause::Unspecified => "incorrect",
                },
                field: item.field,
                paper: item.paper_code,
                note: item.note,
                corrected: item.corrected,
            })
            .collect(),
    }
}

pub(super) fn asked_item(item: AskedItem) -> wire::InformationItem {
    let cause = match item.cause {
        "incomplete" => wire::InformationCause::Incomplete,
        "outdated" => wire::InformationCause::Outdated,
        "unsafe_file" => wire::InformationCause::UnsafeFile,
        _ => wire::InformationCause::Incorrect,
    };
    wire::InformationItem {
        field: item.field,
        paper_code: item.paper,
        cause: cause.into(),
        note: item.note,
        corrected: false,
    }
}
