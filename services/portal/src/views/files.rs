//! A file in a list: its service, number, state, and who acts next, in the member's words.

use super::{Baton, Frame, Status};
use crate::backend::models::{Application, FileState};

/// One line of a list of files.
#[derive(Clone, Debug)]
pub(crate) struct FileRow {
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) when: String,
    pub(crate) status: Status,
    pub(crate) baton: Baton,
}

impl FileRow {
    /// `title` is the service's name in the reader's language.
    pub(crate) fn new(frame: &Frame, file: &Application, title: String) -> Self {
        let (status, baton) = describe_state(frame, file);
        let when = match file.state {
            FileState::Draft => frame.t1("file-started-on", "date", frame.date(file.created_at)),
            FileState::Approved | FileState::Rejected if file.decision.is_some() => {
                let decided = file.decision.as_ref().and_then(|decision| decision.at);
                frame.t1("decision-on", "date", frame.date(decided))
            }
            _ => frame.t1("file-sent-on", "date", frame.date(file.submitted_at)),
        };
        Self {
            title,
            href: frame.url(format_args!("/applications/{}", file.id)),
            number: file.number.clone(),
            when,
            status,
            baton,
        }
    }
}

/// The state as icon, word and colour, and in whose hands the file is.
pub(crate) fn describe_state(frame: &Frame, file: &Application) -> (Status, Baton) {
    let (tone, icon, word, holder) = looks(file.state);
    let status = Status {
        tone,
        icon,
        word: frame.of_family("state", word),
    };
    let baton = Baton {
        holder,
        sentence: frame.of_family("baton", word),
    };
    (status, baton)
}

/// The state alone, as the office's lists show it.
pub(crate) fn describe_state_of(frame: &Frame, state: FileState) -> Status {
    let (tone, icon, word, _) = looks(state);
    Status {
        tone,
        icon,
        word: frame.of_family("state", word),
    }
}

/// Colour, icon, word and who holds a file in this state.
fn looks(state: FileState) -> (&'static str, &'static str, &'static str, &'static str) {
    match state {
        FileState::Draft => ("wait", "pen", "draft", "you"),
        FileState::Submitted => ("info", "clock", "submitted", "them"),
        FileState::InReview => ("info", "clock", "in-review", "them"),
        FileState::InformationRequested => ("wait", "warning", "information-requested", "you"),
        FileState::Approved => ("ok", "tick", "approved", "them"),
        FileState::Rejected => ("stop", "cross", "rejected", "ended"),
        FileState::Cancelled => ("", "lock", "cancelled", "ended"),
    }
}

/// The icon of a family of services.
pub(crate) fn family_icon(family: &str) -> &'static str {
    match family {
        "health" => "health",
        "schooling" => "school",
        "travel" => "sun",
        "advances" => "coins",
        "housing" => "house",
        "partners" => "handshake",
        "family" => "people",
        _ => "person",
    }
}
