//! A file under examination: the paper beside the forms, facts, conditions, what was proposed and by whom, who has it. Which form is there follows
//! from what benefits says the reader may do now; a form that is not there is explained.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::Role;

use super::file_forms::{CAUSES, Forms, asks, forms, refusals, unsent};
use super::file_parts::{
    AskChoice, AskedBlock, Fact, Viewer, asked_blocks, holder, member_facts, missing, request_facts, viewer,
};
use super::file_said::{Said, decided, opinion, proposal};
use super::paper::{self, Ticket};
use super::queue::{context, filter_of, list, status, step_word};
use super::{actor, colleague, require};
use crate::backend::Audience;
use crate::backend::office::{MemberCard, Queue, ReviewFile, Step};
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::Page;
use crate::pages::files::known_id;
use crate::views::{self, Choice, Frame, Problems, REVIEWERS, Section, Status};
use crate::visit::Visit;

/// Most files that "previous" looks through; beyond them "next" is asked for by this file's place.
const NEIGHBOURS: i32 = 200;

/// Lines of a trail after which the file is what it was.
const CHANGES_NOTHING: [&str; 4] = [
    "looked_at",
    "paper_opening_granted",
    "duty_refused",
    "foreign_access_refused",
];

/// Somebody changed the file while the form was filled in.
pub(crate) struct Conflict {
    sentence: String,
}

struct NoteLine {
    text: String,
    who: String,
    when: String,
}

struct Moment {
    word: String,
    when: String,
}

#[derive(Template)]
#[template(path = "office/file.html")]
struct FilePage {
    p: Frame,
    problems: Problems,
    conflict: Option<Conflict>,
    away: bool,
    done: String,
    id: String,
    here: String,
    back: String,
    previous: String,
    next: String,
    number: String,
    title: String,
    status: Status,
    age: i64,
    /// Nobody waits for it any more: its age says nothing.
    ended: bool,
    urgency: &'static str,
    /// The member died: nothing can be asked.
    cannot_answer: bool,
    version: i64,
    holder: String,
    forms: Forms,
    viewer: Option<Viewer>,
    /// Papers that the reader's duty does not read.
    withheld: i64,
    /// What the file no longer answers, in words.
    missing: String,
    health: bool,
    member: String,
    member_facts: Vec<Fact>,
    request_facts: Vec<Fact>,
    conditions: Vec<(String, bool)>,
    asked: Vec<AskedBlock>,
    opinion: Option<Said>,
    proposal: Option<Said>,
    decided: Option<Said>,
    notes: Vec<NoteLine>,
    moments: Vec<Moment>,
    asks: Vec<AskChoice>,
    causes: Vec<Choice>,
    refusals: Vec<(Choice, String, String)>,
    proposed_amount: i64,
    grant_proposed: bool,
    /// What was typed before the page came back.
    typed: Fields,
    /// The form that was sent, whose key stays; every other has a fresh one.
    typed_key: (String, String),
    /// What was typed into a form that is not there any more, to be copied.
    unsent: Vec<String>,
    now: chrono::DateTime<chrono::Utc>,
}

impl FilePage {
    /// The idempotency key of one form of the page.
    fn key(&self, form: &str) -> String {
        if self.typed_key.0 == form && self.conflict.is_none() {
            self.typed_key.1.clone()
        } else {
            platform::ids::uuid_v7(self.now).to_string()
        }
    }

    /// Something is chosen in the form that asks the member: typed, or an infected paper.
    fn asks_for_something(&self) -> bool {
        self.asks.iter().any(|ask| ask.chosen)
    }

    /// Something stands in a form that was not sent: the script carries it along from page to page.
    fn holds_typed(&self) -> bool {
        !self.typed.is_nothing()
    }

    fn typed(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    /// The form was a button alone.
    fn typed_nothing(&self) -> bool {
        matches!(
            self.typed_key.0.as_str(),
            "assign" | "take_over" | "release" | "stop_waiting"
        )
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.typed.get(name) == value
    }
}

/// What the page says beyond the file itself.
#[derive(Default)]
pub(crate) struct Extra {
    pub(crate) problems: Problems,
    pub(crate) changed: bool,
    pub(crate) taken: bool,
    pub(crate) away: bool,
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    require(&visit, REVIEWERS)?;
    render(&visit, &id, Extra::default(), StatusCode::OK).await
}

/// Queue and filters that the file was opened from.
pub(crate) fn came_from(visit: &Visit) -> Option<String> {
    let queue = Queue::parse(visit.query.get("queue"))?;
    Some(context(queue, &filter_of(&visit.query)))
}

pub(crate) async fn render(visit: &Visit, id: &str, extra: Extra, status_code: StatusCode) -> Page {
    let id = known_id(id)?;
    let token = visit.token(Audience::Benefits).await?;
    let file = visit.backend().review_file(&token, id).await?;
    let (card, typed, neighbours) = tokio::join!(
        member(visit, &file),
        visit
            .backend()
            .labels_of(&token, &file.line.benefit_code, &file.typed),
        neighbours(visit, &token, id),
    );
    let frame = {
        let mut frame = visit.frame(
            Section::None,
            visit.say1("file-number-of", "number", &file.line.number),
        );
        if !extra.problems.is_empty() {
            frame.title = visit.say1("title-with-problem", "title", &frame.title);
        }
        frame.scripts = vec!["office.js"];
        frame
    };
    let conflict = conflict(visit, &frame, &token, &file, &extra).await;
    let context = came_from(visit);
    let address = |id: &str| match &context {
        Some(context) => frame.url(format_args!("/office/files/{id}?{context}")),
        None => frame.url(format_args!("/office/files/{id}")),
    };
    let ticket = paper::ticket_of(visit, id);
    let (previous, next) = neighbours;
    let forms = forms(visit, &frame, &file);
    let gave_the_opinion = file
        .opinion
        .as_ref()
        .is_some_and(|opinion| opinion.agent == visit.owner());
    let viewer_here = viewer(
        &frame,
        &file,
        gave_the_opinion,
        ticket
            .as_ref()
            .map(|(ticket, sealed)| opened(&frame, ticket, sealed)),
        status_code == StatusCode::OK && paper::asked_now(visit),
    );
    let keep_paper = ticket.as_ref().map(|(_, sealed)| sealed.as_str());
    let here = with_paper(address(id), keep_paper);
    let typed_fields = visit.typed().with_carried();
    let page = FilePage {
        back: match Queue::parse(visit.query.get("queue")) {
            Some(queue) => frame.url(list(queue, &filter_of(&visit.query))),
            None => frame.url("/office"),
        },
        previous: previous.map(|id| address(&id)).unwrap_or_default(),
        next: next.map(|id| address(&id)).unwrap_or_default(),
        number: file.line.number.clone(),
        title: file.line.title.in_locale(visit.locale).to_owned(),
        status: status(&frame, &file.line),
        age: file.line.age,
        ended: file.line.state.has_ended(),
        urgency: file.line.urgency.word(),
        cannot_answer: file.line.cannot_answer && !file.line.state.has_ended(),
        version: file.line.version,
        holder: holder(visit, &frame, &file),
        viewer: viewer_here,
        withheld: file.papers_withheld,
        missing: missing(&frame, &file),
        health: file.health,
        member: card
            .as_ref()
            .map(|card| card.label.name.full(visit.locale))
            .unwrap_or_default(),
        member_facts: card
            .as_ref()
            .map(|card| member_facts(&frame, card))
            .unwrap_or_default(),
        request_facts: request_facts(&frame, &file, card.as_ref(), typed?, sees_account(visit)),
        conditions: file
            .conditions
            .iter()
            .map(|condition| {
                (
                    condition.sentence.in_locale(visit.locale).to_owned(),
                    condition.held,
                )
            })
            .collect(),
        asked: asked_blocks(&frame, &file),
        opinion: opinion(visit, &frame, &file),
        proposal: proposal(visit, &frame, &file),
        decided: decided(visit, &frame, &file),
        notes: file
            .notes
            .iter()
            .map(|note| NoteLine {
                text: note.text.clone(),
                who: colleague(visit, &frame, &note.agent),
                when: frame.moment(note.at),
            })
            .collect(),
        moments: file
            .timeline
            .iter()
            .map(|(what, at)| Moment {
                word: frame.of_family("audit", what),
                when: frame.moment(*at),
            })
            .collect(),
        asks: asks(visit, &file, &typed_fields),
        causes: CAUSES
            .into_iter()
            .map(|cause| Choice {
                value: cause.to_owned(),
                label: frame.of_family("cause", cause),
                ..Choice::default()
            })
            .collect(),
        refusals: refusals(visit, &file, &typed_fields),
        proposed_amount: file.proposal.as_ref().map_or(0, |proposal| proposal.amount),
        grant_proposed: file.proposal.as_ref().is_some_and(|proposal| proposal.grant),
        unsent: unsent(visit, &forms, &file, &typed_fields),
        typed_key: (typed_fields.get("action").to_owned(), visit.key()),
        typed: typed_fields,
        now: visit.now,
        done: match visit.query.get("done") {
            "" => String::new(),
            word => frame.of_family("done", word),
        },
        away: extra.away,
        problems: extra.problems,
        conflict,
        id: id.to_owned(),
        here,
        forms,
        p: frame,
    };
    Ok(views::page(status_code, &page))
}

/// Who proposes or decides sees which account is paid; a medical opinion needs none.
fn sees_account(visit: &Visit) -> bool {
    let session = visit.session.as_ref();
    session.is_some_and(|session| session.info.has_role(&[Role::CaseOfficer, Role::Validator]))
}

/// Whom the file is about; without membership the file itself is still there.
async fn member(visit: &Visit, file: &ReviewFile) -> Option<MemberCard> {
    let token = visit.token(Audience::Membership).await.ok()?;
    visit
        .backend()
        .member_card(&token, &file.line.member_id)
        .await
        .ok()
}

/// The files before and after this one in the list that it was opened from. When it left a short list meanwhile, the first of it comes next; far
/// down a long one, what follows its place.
async fn neighbours(visit: &Visit, token: &str, id: &str) -> (Option<String>, Option<String>) {
    let Some(queue) = Queue::parse(visit.query.get("queue")) else {
        return (None, None);
    };
    let filter = filter_of(&visit.query);
    // A list that cannot be had now costs the two links, not the file.
    let Ok((lines, more)) = visit
        .backend()
        .queue_files(token, queue, &filter, NEIGHBOURS, "")
        .await
    else {
        return (None, None);
    };
    let id_at = |at: usize| lines.get(at).map(|line| line.id.clone());
    let at = lines.iter().position(|line| line.id == id);
    let previous = at.and_then(|at| at.checked_sub(1)).and_then(id_at);
    let next = match at {
        Some(at) if at + 1 < lines.len() || more.is_empty() => id_at(at + 1),
        None if more.is_empty() => id_at(0),
        Some(_) | None => {
            let after = visit.backend().file_after(token, queue, &filter, id).await;
            after.unwrap_or_default()
        }
    };
    (previous, next)
}

/// Says who changed the file, from its trail.
async fn conflict(
    visit: &Visit,
    frame: &Frame,
    token: &str,
    file: &ReviewFile,
    extra: &Extra,
) -> Option<Conflict> {
    if extra.taken {
        return Some(Conflict {
            sentence: holder(visit, frame, file),
        });
    }
    if !extra.changed {
        return None;
    }
    let trail = visit.backend().trail(token, &file.line.id, 50, "").await.ok();
    let newest = trail.and_then(|trail| {
        let mut lines = trail.lines.into_iter();
        lines.find(|line| !CHANGES_NOTHING.contains(&line.action.as_str()))
    });
    let sentence = newest.map_or_else(
        || frame.t("conflict-unknown"),
        |line| {
            frame.t2(
                "conflict-by",
                "agent",
                actor(visit, frame, &line.actor_kind, &line.actor),
                "what",
                format_args!(
                    "{}, {}",
                    frame.of_family("audit", &line.action),
                    frame.moment(line.at)
                ),
            )
        },
    );
    Some(Conflict { sentence })
}

fn opened(frame: &Frame, ticket: &Ticket, sealed: &str) -> (String, String, String) {
    let address = frame.url(format_args!(
        "/office/files/{}/papers/{}?ticket={sealed}",
        ticket.file, ticket.document
    ));
    (ticket.document.clone(), ticket.reason.clone(), address)
}

fn with_paper(address: String, ticket: Option<&str>) -> String {
    match ticket {
        Some(ticket) if address.contains('?') => format!("{address}&paper={ticket}"),
        Some(ticket) => format!("{address}?paper={ticket}"),
        None => address,
    }
}

/// The step of an address's or a field's word.
pub(crate) fn step_of(word: &str) -> Option<Step> {
    [Step::Opinion, Step::Examination, Step::Validation]
        .into_iter()
        .find(|step| step_word(*step) == word)
}

/// Not what a page may be asked for, but a file that the reader may not handle.
pub(crate) fn is_duty(error: &Error) -> bool {
    error.http_status() == StatusCode::FORBIDDEN && matches!(error, Error::Refused { .. })
}
