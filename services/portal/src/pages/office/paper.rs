//! A paper of a file, opened with a reason. The form of the file's page takes the reason and gives a ticket, sealed for this agent, file and paper;
//! the frame beside the forms presents it. Each time bytes leave, benefits grants and documents writes down.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::file::{Extra, came_from, render};
use super::require;
use crate::backend::Audience;
use crate::backend::review::OPENING_REASONS;
use crate::error::Error;
use crate::pages::Page;
use crate::pages::files::known_id;
use crate::views::{Problems, REVIEWERS};
use crate::visit::Visit;

const PURPOSE: &str = "portal.opening";
/// How long a reason stands while the paper is read; then it is asked again.
const LIFE: TimeDelta = TimeDelta::minutes(15);

/// Which paper this agent gave which reason for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ticket {
    owner: String,
    pub(crate) file: String,
    pub(crate) document: String,
    pub(crate) reason: String,
    until: i64,
}

/// Takes the reason and shows the paper beside the forms.
pub(crate) async fn ask(visit: &Visit, id: &str) -> Page {
    let reason = visit.fields.get("reason");
    let document = visit.fields.get("document");
    let known = document.parse::<kernel::DocumentId>().is_ok();
    if !known || !OPENING_REASONS.contains(&reason) {
        let mut problems = Problems {
            heading: visit.say("problems-heading"),
            ..Problems::default()
        };
        let field = if known { "reason" } else { "document" };
        problems.add(field, visit.say("opening-missing"));
        let extra = Extra {
            problems,
            ..Extra::default()
        };
        return render(visit, id, extra, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let ticket = Ticket {
        owner: visit.owner().to_owned(),
        file: id.to_owned(),
        document: document.to_owned(),
        reason: reason.to_owned(),
        until: (visit.now + LIFE).timestamp(),
    };
    let sealed = visit
        .portal
        .sealer
        .seal(PURPOSE, &ticket)
        .ok_or(Error::Unforeseen)?;
    let context = came_from(visit)
        .map(|context| format!("{context}&"))
        .unwrap_or_default();
    Ok(visit.go(format_args!(
        "/office/files/{id}?{context}paper={sealed}&show=now{}",
        visit.keep_carried()
    )))
}

/// Whether the agent just asked for the paper. Every other time the page is drawn (after a form, after a mistake) it offers the paper and opens
/// nothing: an opening is an agent's act, and is written down as one.
pub(crate) fn asked_now(visit: &Visit) -> bool {
    visit.query.get("show") == "now"
}

/// The ticket in the address of a file's page, while it stands.
pub(crate) fn ticket_of(visit: &Visit, id: &str) -> Option<(Ticket, String)> {
    let sealed = visit.query.get("paper");
    open(visit, id, sealed).map(|ticket| (ticket, sealed.to_owned()))
}

fn open(visit: &Visit, id: &str, sealed: &str) -> Option<Ticket> {
    let ticket: Ticket = visit.portal.sealer.open(PURPOSE, sealed)?;
    let good = ticket.owner == visit.owner() && ticket.file == id && ticket.until >= visit.now.timestamp();
    good.then_some(ticket)
}

/// The bytes, for the frame.
pub(crate) async fn show(visit: Visit, Path((_, id, document)): Path<(String, String, String)>) -> Page {
    require(&visit, REVIEWERS)?;
    let id = known_id(&id)?;
    let ticket = open(&visit, id, visit.query.get("ticket")).filter(|ticket| ticket.document == document);
    let Some(ticket) = ticket else {
        return Err(Error::Refused {
            reason: "OPENING_OVER".to_owned(),
            fields: Vec::new(),
            retry_after: None,
        });
    };
    let token = visit.token(Audience::Benefits).await?;
    let grant = visit
        .backend()
        .opening_grant(&token, id, &ticket.document, &ticket.reason)
        .await?;
    let token = visit.token(Audience::Documents).await?;
    let paper = visit.backend().open_for_review(&token, grant).await?;
    // Only what the browser's viewer shows is shown; the name stays with the member.
    let (kind, disposition) = if paper.media_type == "application/pdf" {
        ("application/pdf", "inline")
    } else {
        ("application/octet-stream", "attachment")
    };
    let mut response: Response = Body::from_stream(paper.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
