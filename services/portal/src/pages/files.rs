//! The member's files: the list, the page of one, the result after sending, the receipt, a paper of one's own.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::decision::DecisionPanel;
use super::wizard::correction::{AskedPanel, is_to_replace};
use super::wizard::{BankFact, Facts, Step, ceiling_sentence, facts, steps_of};
use super::{Desk, Page};
use crate::backend::Audience;
use crate::backend::models::{Application, BenefitForm, FileState, Paper};
use crate::error::Error;
use crate::views::{Baton, FileRow, Frame, Section, Status, describe_state, file_size};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "files.html")]
struct List {
    p: Frame,
    files: Vec<FileRow>,
    count: i64,
}

struct PaperLine {
    label: String,
    name: String,
    size: String,
    scan: String,
    href: String,
    /// An agent asked for another one.
    to_replace: bool,
    infected: bool,
}

struct Moment {
    word: String,
    date: String,
    time: String,
}

#[derive(Template)]
#[template(path = "file.html")]
struct FilePage {
    p: Frame,
    title: String,
    number: String,
    status: Status,
    baton: Baton,
    baton_note: String,
    asked: Option<AskedPanel>,
    decision: Option<DecisionPanel>,
    moments: Vec<Moment>,
    /// The step that comes after the last moment; empty when the file is over.
    upcoming: String,
    upcoming_note: String,
    papers: Vec<PaperLine>,
    /// A paper of the open file has to be sent again once an agent hands the file back.
    unsafe_papers: bool,
    facts: Facts,
    /// Sentence and whether it held.
    conditions: Vec<(String, bool)>,
    ceiling: String,
    can_withdraw: bool,
    sent: bool,
    id: String,
    /// Another request can be made instead.
    over: bool,
}

struct DraftStep {
    label: String,
    done: bool,
    href: String,
}

#[derive(Template)]
#[template(path = "draft.html")]
struct DraftPage {
    p: Frame,
    title: String,
    started: String,
    saved: String,
    status: Status,
    steps: Vec<DraftStep>,
    resume: String,
    /// The conditions that the member's own facts break: then there is nothing to go on with.
    broken: Vec<String>,
    desk: Desk,
    id: String,
}

#[derive(Template)]
#[template(path = "sent.html")]
struct SentPage {
    p: Frame,
    number: String,
    date: String,
    time: String,
    facts: Facts,
    papers: i64,
    /// The file was corrected and sent again.
    again: bool,
    steps: Vec<String>,
    id: String,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    p: Frame,
    title: String,
    number: String,
    date: String,
    time: String,
    name: String,
    matricule: String,
    facts: Facts,
    papers: Vec<PaperLine>,
    printed: String,
    id: String,
    cancelled_on: String,
}

/// A file with the form of its service.
async fn load(visit: &Visit, id: &str) -> Result<(Application, BenefitForm), Error> {
    let id = known_id(id)?;
    let token = visit.token(Audience::Benefits).await?;
    let file = visit.backend().application(&token, id).await?;
    let form = visit.backend().benefit(&token, &file.benefit_code).await?;
    Ok((file, form))
}

/// Only an id in its one spelling is asked for; anything else is a page that does not exist.
pub(crate) fn known_id(id: &str) -> Result<&str, Error> {
    id.parse::<kernel::ApplicationId>()
        .map(|_| id)
        .map_err(|_| Error::NotFound)
}

pub(crate) async fn list(visit: Visit) -> Page {
    let token = visit.token(Audience::Benefits).await?;
    let (benefits, files) = tokio::try_join!(
        visit.backend().list_benefits(&token),
        visit.backend().list_applications(&token, "")
    )?;
    let frame = visit.heading(Section::Files, "files-title");
    let rows: Vec<_> = files
        .iter()
        .map(|file| {
            let title = benefits.iter().find(|benefit| benefit.code == file.benefit_code);
            let title = title.map_or_else(
                || visit.say("service-unnamed"),
                |benefit| benefit.title.in_locale(visit.locale).to_owned(),
            );
            FileRow::new(&frame, file, title)
        })
        .collect();
    let count = i64::try_from(rows.len()).unwrap_or_default();
    Ok(visit.page(&List {
        p: frame,
        files: rows,
        count,
    }))
}

pub(crate) async fn show(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let (file, form) = load(&visit, &id).await?;
    let title = form.benefit.title.in_locale(visit.locale).to_owned();
    let frame = visit.frame(Section::Files, title.clone());
    if file.state == FileState::Draft {
        return Ok(visit.page(&draft_page(&visit, frame, &file, &form, title)));
    }
    let (status, baton) = describe_state(&frame, &file);
    // Whether something is left of a ceiling, for whom and in which year, is benefits' to say on the service's page.
    let over = matches!(file.state, FileState::Cancelled | FileState::Rejected);
    let page = FilePage {
        number: file.number.clone(),
        baton_note: match file.state {
            FileState::Submitted | FileState::InReview => by_when(&visit, &frame, &file),
            FileState::Cancelled => visit.say("baton-note-cancelled"),
            FileState::InformationRequested => visit.say("baton-note-information-requested"),
            FileState::Approved => visit.say("baton-note-approved"),
            FileState::Rejected => visit.say(if appeal_is_over(&visit, &file) {
                "baton-note-rejected-over"
            } else {
                "baton-note-rejected"
            }),
            FileState::Draft => String::new(),
        },
        moments: file
            .timeline
            .iter()
            .map(|(what, at)| Moment {
                word: frame.of_family("timeline", what),
                date: frame.date(*at),
                time: frame.time(*at),
            })
            .collect(),
        upcoming: match file.state {
            FileState::Submitted => visit.say("timeline-upcoming"),
            FileState::InReview => visit.say("timeline-upcoming-decision"),
            FileState::InformationRequested => visit.say("timeline-upcoming-resent"),
            FileState::Approved => visit.say("timeline-upcoming-payment"),
            FileState::Rejected | FileState::Cancelled | FileState::Draft => String::new(),
        },
        upcoming_note: match file.state {
            FileState::Submitted | FileState::InReview => visit.say("timeline-upcoming-note"),
            FileState::InformationRequested => visit.say("timeline-upcoming-resent-note"),
            _ => String::new(),
        },
        asked: AskedPanel::of(&visit, &frame, &file, &form, asked_lead(&visit, &frame, &file)),
        decision: DecisionPanel::of(&visit, &frame, &file),
        unsafe_papers: file.can_withdraw
            && file.open_request().is_none()
            && file.answers.papers.iter().any(Paper::is_infected),
        papers: paper_lines(&visit, &frame, &file, &form),
        facts: facts(&visit, &frame, &file, &form),
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
        ceiling: file
            .ceiling
            .map(|ceiling| ceiling_sentence(&frame, ceiling))
            .unwrap_or_default(),
        can_withdraw: file.can_withdraw,
        sent: !file.number.is_empty(),
        id: file.id.clone(),
        over,
        title,
        status,
        baton,
        p: frame,
    };
    Ok(visit.page(&page))
}

/// The last day of the appeal is past; a decision that names none leaves the question to the desk.
fn appeal_is_over(visit: &Visit, file: &Application) -> bool {
    let until = file.decision.as_ref().and_then(|decision| decision.appeal_until);
    until.is_some_and(|until| until < kernel::civil::civil_date(visit.now))
}

fn asked_lead(visit: &Visit, frame: &Frame, file: &Application) -> String {
    let at = file.open_request().and_then(|asked| asked.at);
    visit.say1("asked-lead", "date", frame.date(at))
}

/// Until when the foundation answers, and what to do when it has not.
fn by_when(visit: &Visit, frame: &Frame, file: &Application) -> String {
    match file.answer_due {
        Some(due) if due < kernel::civil::civil_date(visit.now) => {
            frame.t1("baton-note-late", "date", frame.day(due))
        }
        Some(due) => frame.t1("baton-note-until", "date", frame.day(due)),
        None => frame.t("baton-note-nothing-to-do"),
    }
}

fn draft_page(
    visit: &Visit,
    frame: Frame,
    file: &Application,
    form: &BenefitForm,
    title: String,
) -> DraftPage {
    let steps = steps_of(form);
    let next = steps
        .iter()
        .copied()
        .find(|step| !step.is_answered(file, form))
        .unwrap_or(Step::Summary);
    let href = |step: Step| frame.url(format_args!("/applications/{}/{}", file.id, step.word(form)));
    DraftPage {
        title,
        started: frame.date(file.created_at),
        saved: frame.moment(file.updated_at),
        status: describe_state(&frame, file).0,
        steps: steps
            .iter()
            .map(|step| DraftStep {
                label: step.label(visit, form),
                done: step.is_answered(file, form),
                href: href(*step),
            })
            .collect(),
        resume: href(next),
        broken: form
            .broken
            .iter()
            .map(|sentence| sentence.in_locale(visit.locale).to_owned())
            .collect(),
        desk: Desk::of(visit),
        id: file.id.clone(),
        p: frame,
    }
}

fn paper_lines(visit: &Visit, frame: &Frame, file: &Application, form: &BenefitForm) -> Vec<PaperLine> {
    file.answers
        .papers
        .iter()
        .map(|paper| {
            let label = form.papers.iter().find(|needed| needed.code == paper.code);
            PaperLine {
                label: label.map_or_else(
                    || paper.file_name.clone(),
                    |needed| needed.label.in_locale(visit.locale).to_owned(),
                ),
                name: paper.file_name.clone(),
                size: file_size(paper.size_bytes, visit.locale),
                scan: frame.of_family("scan", &paper.scan_state),
                to_replace: is_to_replace(file, &paper.code),
                infected: paper.is_infected(),
                href: frame.url(format_args!(
                    "/applications/{}/papers/{}",
                    file.id, paper.document_id
                )),
            }
        })
        .collect()
}

/// The result page of the guide: the file was created, its number, what happens next.
pub(crate) async fn sent(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let (file, form) = load(&visit, &id).await?;
    if file.state == FileState::Draft || file.open_request().is_some() {
        return Ok(visit.go(format_args!("/applications/{}", file.id)));
    }
    let resent_at = file.resent_at();
    let title = if resent_at.is_some() {
        "resent-title"
    } else {
        "sent-title"
    };
    let frame = visit.heading(Section::None, title);
    let at = resent_at.or(file.submitted_at);
    let page = SentPage {
        number: file.number.clone(),
        date: frame.date(at),
        time: frame.time(at),
        again: resent_at.is_some(),
        facts: facts(&visit, &frame, &file, &form),
        papers: i64::try_from(file.answers.papers.len()).unwrap_or_default(),
        steps: form
            .next_steps
            .iter()
            .map(|step| step.in_locale(visit.locale).to_owned())
            .collect(),
        id: file.id.clone(),
        p: frame,
    };
    Ok(visit.page(&page))
}

pub(crate) async fn receipt(visit: Visit, Path((_, id)): Path<(String, String)>) -> Page {
    let (file, form) = load(&visit, &id).await?;
    if file.state == FileState::Draft {
        return Ok(visit.go(format_args!("/applications/{}", file.id)));
    }
    let record = visit.record().await?;
    let mut frame = visit.heading(Section::None, "receipt-title");
    frame.scripts = vec!["receipt.js"];
    let page = ReceiptPage {
        title: form.benefit.title.in_locale(visit.locale).to_owned(),
        number: file.number.clone(),
        date: frame.date(file.submitted_at),
        time: frame.time(file.submitted_at),
        name: record.name.full(visit.locale),
        matricule: record.matricule.clone(),
        facts: facts(&visit, &frame, &file, &form),
        papers: paper_lines(&visit, &frame, &file, &form),
        printed: frame.moment(Some(visit.now)),
        cancelled_on: frame.date(file.withdrawn_at),
        id: file.id.clone(),
        p: frame,
    };
    Ok(visit.page(&page))
}

/// A paper of this file, as an attachment: it is never shown inside the portal's own pages.
pub(crate) async fn paper(visit: Visit, Path((_, id, document)): Path<(String, String, String)>) -> Page {
    let (file, _) = load(&visit, &id).await?;
    let paper = file
        .answers
        .papers
        .iter()
        .find(|paper| paper.document_id == document)
        .ok_or(Error::NotFound)?;
    let token = visit.token(Audience::Documents).await?;
    let download = visit.backend().download(&token, &paper.document_id).await?;
    let kind = if download.media_type == "application/pdf" {
        "application/pdf"
    } else {
        "application/octet-stream"
    };
    let mut response: Response = Body::from_stream(download.bytes).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(disposition) = HeaderValue::from_str(&attachment(&download.file_name)) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// A header that gives the file its name in any script (RFC 6266), with a plain one beside it.
fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(
            attachment("a\"b\r\n.pdf"),
            "attachment; filename=\"a_b__.pdf\"; filename*=UTF-8''a%22b%0D%0A.pdf"
        );
        assert!(attachment("فاتورة.pdf").is_ascii());
    }
}
