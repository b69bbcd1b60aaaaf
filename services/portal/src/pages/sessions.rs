//! Where the account is signed in, and ending a session on another device.

use askama::Template;

use super::Page;
use crate::backend::Audience;
use crate::error::Error;
use crate::views::{Frame, Section};
use crate::visit::Visit;

struct Line {
    id: String,
    device: String,
    since: String,
    seen: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct Sessions {
    p: Frame,
    sessions: Vec<Line>,
}

pub(crate) async fn show(visit: Visit) -> Page {
    let token = visit.token(Audience::Identity).await?;
    let mut sessions = visit.backend().list_sessions(&token).await?;
    sessions.sort_by_key(|session| (!session.current, std::cmp::Reverse(session.last_seen_at)));
    let frame = visit.heading(Section::None, "sessions-title");
    let lines = sessions
        .into_iter()
        .map(|session| Line {
            device: if session.device.is_empty() {
                visit.say("sessions-unknown-device")
            } else {
                session.device
            },
            since: frame.date(session.created_at),
            seen: frame.moment(session.last_seen_at),
            current: session.current,
            id: session.id,
        })
        .collect();
    Ok(visit.page(&Sessions {
        p: frame,
        sessions: lines,
    }))
}

pub(crate) async fn revoke(visit: Visit) -> Page {
    let token = visit.token(Audience::Identity).await?;
    match visit
        .backend()
        .revoke_session(&token, visit.fields.trimmed("session"))
        .await
    {
        // Ended already is what was wanted.
        Ok(()) | Err(Error::NotFound) => Ok(visit.go("/sessions")),
        Err(error) => Err(error),
    }
}
