//! Queues and the lines of their files between domain and wire, with ages and days as the foundation counts them. Nothing is decided here.

use benefits_proto::v1 as wire;
use chrono::{DateTime, Utc};
use kernel::{AccountId, RequestNumber};

use super::convert::{state, text, timestamp};
use super::convert_review::malformed;
use crate::domain::application::Step;
use crate::domain::catalogue::Text;
use crate::domain::review::clock::{Clock, Urgency};
use crate::error::Error;
use crate::store::review_files::{Assignment, FileLine, Holder};
use crate::use_cases::review::list_files::{FilePage, Wanted};
use crate::use_cases::review::list_queues::{Queue, Summary};
use crate::use_cases::review::view::FileView;

/// Most files that a list may be bounded to.
const MOST_IDS: usize = 200;

pub(super) fn wanted(request: wire::ListQueueFilesRequest, me: AccountId) -> Result<Wanted, Error> {
    let queue = match request.queue() {
        wire::Queue::MedicalOpinion => Queue::MedicalOpinion,
        wire::Queue::Examination => Queue::Examination,
        wire::Queue::Validation => Queue::Validation,
        wire::Queue::WaitingForMember => Queue::WaitingForMember,
        wire::Queue::All => Queue::All,
        wire::Queue::Unspecified => return Err(malformed("queue", "QUEUE_MISSING", "name a queue")),
    };
    let holder = match request.assigned_to() {
        wire::AssignedTo::Unspecified => Holder::Anybody,
        wire::AssignedTo::Nobody => Holder::Nobody,
        wire::AssignedTo::Me => Holder::Agent(me),
    };
    let number = match request.request_number.trim() {
        "" => None,
        text => Some(
            RequestNumber::parse(text)
                .map_err(|_| malformed("request_number", "REQUEST_NUMBER", "a number as in 13/Aid_X/2026"))?,
        ),
    };
    if request.application_ids.len() > MOST_IDS {
        return Err(malformed("application_ids", "TOO_MANY_IDS", "at most 200"));
    }
    // An id of nothing bounds the list all the same.
    let ids = request.application_ids.iter().filter_map(|id| id.parse().ok());
    let ids = (!request.application_ids.is_empty()).then(|| ids.collect());
    Ok(Wanted {
        queue,
        ids,
        benefit: Some(request.benefit_code).filter(|code| !code.is_empty()),
        holder,
        number,
        minimum_age_days: u16::try_from(request.minimum_age_days)
            .map_err(|_| malformed("minimum_age_days", "AGE_INVALID", "0 to 65535 days"))?,
        page_size: request.page_size,
        page_token: request.page_token,
        after: request.after_application_id.parse().ok(),
    })
}

fn queue(queue: Queue) -> wire::Queue {
    match queue {
        Queue::MedicalOpinion => wire::Queue::MedicalOpinion,
        Queue::Examination => wire::Queue::Examination,
        Queue::Validation => wire::Queue::Validation,
        Queue::WaitingForMember => wire::Queue::WaitingForMember,
        Queue::All => wire::Queue::All,
    }
}

fn step(step: Option<Step>) -> wire::ReviewStep {
    match step {
        Some(Step::MedicalOpinion) => wire::ReviewStep::MedicalOpinion,
        Some(Step::Examination) => wire::ReviewStep::Examination,
        Some(Step::Validation) => wire::ReviewStep::Validation,
        None => wire::ReviewStep::Unspecified,
    }
}

fn age_days(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn urgency(urgency: Option<Urgency>) -> wire::Urgency {
    match urgency {
        Some(Urgency::OnTime) => wire::Urgency::OnTime,
        Some(Urgency::Soon) => wire::Urgency::Soon,
        Some(Urgency::Late) => wire::Urgency::Late,
        None => wire::Urgency::Unspecified,
    }
}

/// Age, day of the answer and urgency, as a file's summary has them. What ended is due no more.
fn aged(
    summary: wire::FileSummary,
    clock: Clock,
    open: bool,
    (now, within): (DateTime<Utc>, u16),
) -> wire::FileSummary {
    let due = clock.due(within).filter(|_| open);
    wire::FileSummary {
        age_days: age_days(clock.age(now)),
        answer_due: due.map(|day| day.to_string()).unwrap_or_default(),
        urgency: urgency(clock.urgency(now, within).filter(|_| open)).into(),
        ..summary
    }
}

pub(super) fn queue_summary(summary: Summary) -> wire::QueueSummary {
    wire::QueueSummary {
        queue: queue(summary.queue).into(),
        files: summary.files,
        unassigned: summary.unassigned,
        oldest_age_days: age_days(summary.oldest_age),
        oldest_urgency: urgency(summary.oldest_urgency).into(),
        mine: summary.mine,
    }
}

fn assignment(assignment: Assignment, me: AccountId) -> wire::Assignment {
    wire::Assignment {
        agent_id: assignment.agent.to_string(),
        since: Some(timestamp(assignment.since)),
        mine: assignment.agent == me,
    }
}

pub(super) fn page(page: FilePage, me: AccountId) -> wire::ListQueueFilesResponse {
    let at = (page.now, page.processing_days);
    wire::ListQueueFilesResponse {
        files: page
            .lines
            .into_iter()
            .map(|(line, title)| file_line(line, title, me, at))
            .collect(),
        next_page_token: page.next_page_token,
    }
}

fn file_line(
    line: FileLine,
    title: Option<Text>,
    me: AccountId,
    at: (DateTime<Utc>, u16),
) -> wire::FileSummary {
    let open = line.step.is_some();
    let summary = wire::FileSummary {
        application_id: line.id.to_string(),
        request_number: line.number.to_string(),
        benefit_code: line.benefit,
        benefit_title: title.as_ref().map(text),
        state: state_of(&line.state).into(),
        step: step(line.step).into(),
        member_id: line.member.to_string(),
        submitted_at: Some(timestamp(line.submitted_at)),
        assignment: line.assignment.map(|held| assignment(held, me)),
        version: line.version,
        member_cannot_answer: line.member_died,
        ..wire::FileSummary::default()
    };
    aged(summary, line.clock, open, at)
}

fn state_of(word: &str) -> wire::ApplicationState {
    let name = format!("APPLICATION_STATE_{}", word.to_ascii_uppercase());
    wire::ApplicationState::from_str_name(&name).unwrap_or(wire::ApplicationState::Unspecified)
}

/// Of one file, with who has it.
pub(super) fn summary(view: &FileView) -> wire::FileSummary {
    let application = &view.application;
    let sent = application.stage().sent();
    let summary = wire::FileSummary {
        application_id: application.id.to_string(),
        request_number: sent.map(|sent| sent.number.to_string()).unwrap_or_default(),
        benefit_code: application.benefit.clone(),
        benefit_title: Some(text(&view.benefit_title)),
        state: state(application.stage()).into(),
        step: step(application.stage().step()).into(),
        member_id: application.member.to_string(),
        submitted_at: sent.map(|sent| timestamp(sent.at)),
        assignment: view.assignment.map(|held| assignment(held, view.me)),
        version: application.version,
        member_cannot_answer: view.member_died,
        ..wire::FileSummary::default()
    };
    let at = (view.now, view.processing_days);
    let open = application.stage().is_open();
    view.clock
        .map_or(summary.clone(), |clock| aged(summary, clock, open, at))
}
