//! An agent leaves a note for colleagues. It needs neither the newest version nor the file in hand: whatever happens beside it, it is kept.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Begun, Outcome};
use super::view::FileView;
use crate::domain::review::acts::Content;
use crate::domain::review::duties::Act;
use crate::domain::review::note;
use crate::error::Error;
use crate::use_cases::{Office, RequestKey};

/// # Errors
/// A note that is empty or too long, or one too many; a file that is not the agent's to see; a health file, for its health reviewer.
pub(crate) async fn add_note(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    text: &str,
) -> Result<FileView, Error> {
    let text = note(text)?;
    let writing = match desk::begin(office, reviewer, request, id, Act::AddNote).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.file.must_have_room()?;
    let outcome = Outcome {
        moved: None,
        acts: vec![Content::Note { text }],
        action: "note_added",
        fields: &["notes"],
        reason: None,
        event: None,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
