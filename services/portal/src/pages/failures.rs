//! The designed pages for what went wrong. Typed answers go along sealed, so that trying again or signing in again finds them.

use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::Page;
use crate::error::Error;
use crate::security::{kept, next, switched};
use crate::views::{self, Frame, Section};
use crate::visit::{Visit, go_to};

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure {
    p: Frame,
    tone: &'static str,
    icon: &'static str,
    sentences: Vec<String>,
    code: u16,
    /// Address and label of the main way on.
    main: (String, String),
    /// Address and label of the other way, when there is one.
    second: Option<(String, String)>,
}

/// Seconds after which trying again makes sense when the service did not say.
const RETRY_SECONDS: u64 = 30;

/// Answers an error in the reader's language.
pub(crate) fn respond(visit: &Visit, error: &Error) -> Response {
    if visit.wants_json {
        return as_json(visit, error);
    }
    let posted = visit.fields.iter().next().is_some();
    if matches!(error, Error::SessionEnded) && !posted {
        return to_sign_in(visit);
    }
    let mut response = views::page(error.http_status(), &page(visit, error));
    if let Error::Away { retry_after } = error {
        let seconds = retry_after.map_or(RETRY_SECONDS, |delay| delay.as_secs().max(1));
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The pages by name, for a load balancer that shows its own errors in the portal's dress. A failure of ours is no page by name: whoever
/// counts answers of 500 would count visits.
pub(crate) async fn show(visit: Visit, Path((_, kind)): Path<(String, String)>) -> Page {
    let error = match kind.as_str() {
        "401" => Error::SessionEnded,
        "403" => Error::Forbidden,
        "404" => Error::NotFound,
        "503" => Error::Away { retry_after: None },
        _ => return Err(Error::NotFound),
    };
    Ok(views::page(error.http_status(), &page(&visit, &error)))
}

fn to_sign_in(visit: &Visit) -> Response {
    go_to(&sign_in_again(visit))
}

/// Address of the sign-in that comes back to this page.
fn sign_in_again(visit: &Visit) -> String {
    let wanted = visit.url(page_of(&visit.path));
    match next::own_path(&wanted) {
        Some(wanted) => visit.url(format_args!("/sign-in?notice=ended&next={wanted}")),
        None => visit.url("/sign-in"),
    }
}

fn as_json(visit: &Visit, error: &Error) -> Response {
    let message = match error {
        Error::Refused {
            reason, retry_after, ..
        } => super::sentence(visit, reason, *retry_after),
        _ => visit.say(&format!("error-{}-short", word(error))),
    };
    let mut answer = serde_json::json!({ "message": message });
    if matches!(error, Error::SessionEnded) {
        // What was saved stays; the way back leads to the page that asked.
        answer["href"] = sign_in_again(visit).into();
        answer["label"] = visit.say("sign-in-again").into();
    }
    (error.http_status(), Json(answer)).into_response()
}

fn word(error: &Error) -> &'static str {
    match error {
        Error::SessionEnded => "session",
        Error::Away { .. } => "away",
        Error::NotFound => "missing",
        Error::Forbidden => "forbidden",
        Error::Unreadable(_) => "unreadable",
        Error::Refused { .. } => "refused",
        Error::Unforeseen => "unforeseen",
    }
}

/// Whether the page's main way leads to the form, where the kept answers are found.
fn leads_back(error: &Error) -> bool {
    match error {
        Error::SessionEnded
        | Error::Away { .. }
        | Error::Unforeseen
        | Error::Unreadable(_)
        | Error::Refused { .. } => true,
        Error::NotFound | Error::Forbidden => false,
    }
}

/// The page that the reader was on: papers are sent to an address of their own.
fn page_of(path: &str) -> &str {
    path.strip_suffix("/upload").unwrap_or(path)
}

fn page(visit: &Visit, error: &Error) -> Failure {
    let kept = visit.keep();
    let word = word(error);
    let agent = visit
        .session
        .as_ref()
        .is_some_and(|session| !session.info.is_member);
    // Agents have no files of their own to look for, nor the desk to write to: they are told what an agent can do.
    let own_words = format!("error-{word}-text-office");
    let mut sentences = vec![match error {
        Error::Refused { reason, .. } => visit.reason(reason),
        _ if agent && visit.portal.texts.has(&own_words) => visit.say(&own_words),
        _ => visit.say(&format!("error-{word}-text")),
    }];
    if kept.is_some() && leads_back(error) {
        sentences.push(visit.say("error-answers-kept"));
    }
    let here = visit.url(page_of(&visit.path));
    // The list that a file was opened from stands in its address.
    let list = switched::own(&visit.query);
    let back = match (list.as_str(), &kept) {
        ("", None) => here.clone(),
        (list, None) => format!("{here}?{list}"),
        ("", Some(kept)) => format!("{here}?{}={kept}", kept::FIELD),
        (list, Some(kept)) => format!("{here}?{list}&{}={kept}", kept::FIELD),
    };
    let sign_in = {
        let wanted = next::own_path(&here)
            .map(|wanted| format!("&next={wanted}"))
            .unwrap_or_default();
        let kept = kept
            .as_ref()
            .map(|kept| format!("&{}={kept}", kept::FIELD))
            .unwrap_or_default();
        visit.url(format_args!("/sign-in?notice=ended{wanted}{kept}"))
    };
    let to_start = match &visit.session {
        Some(_) if agent => (visit.url("/office"), visit.say("office-back")),
        Some(_) => (visit.url("/home"), visit.say("go-home")),
        None => (visit.url(""), visit.say("go-home")),
    };
    let contact = if agent {
        None
    } else {
        Some((visit.url("/contact"), visit.say("contact-us")))
    };
    let (tone, icon, main, second) = match error {
        Error::SessionEnded => (
            "brand",
            "lock",
            (sign_in, visit.say("sign-in-again")),
            Some(to_start),
        ),
        Error::Away { .. } => ("wait", "clock", (back, visit.say("try-again")), contact),
        Error::Unforeseen => ("wait", "warning", (back, visit.say("try-again")), contact),
        Error::NotFound => ("brand", "paper", to_start, contact),
        Error::Forbidden => ("brand", "lock", to_start, contact),
        Error::Unreadable(_) | Error::Refused { .. } => {
            ("wait", "warning", (back, visit.say("go-back")), Some(to_start))
        }
    };
    let frame = visit.frame(Section::None, visit.say(&format!("error-{word}-title")));
    Failure {
        p: frame,
        tone,
        icon,
        sentences,
        code: error.http_status().as_u16(),
        main,
        second,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn a_status_stands_for_each_kind_of_error() {
        assert_eq!(
            Error::Away { retry_after: None }.http_status(),
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(word(&Error::NotFound), "missing");
    }
}
