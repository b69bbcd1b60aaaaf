//! An agent puts a file back into its queue.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Begun, Outcome};
use super::view::FileView;
use crate::domain::review::duties::Act;
use crate::error::Error;
use crate::use_cases::{Office, RequestKey};

/// # Errors
/// A file that the agent does not have, or that changed since it was looked at.
pub(crate) async fn release_file(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
) -> Result<FileView, Error> {
    // Whoever has it may put it back, also when it is no longer theirs to handle.
    let writing = match desk::begin(office, reviewer, request, id, Act::See).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let outcome = Outcome {
        moved: Some((writing.file.application.clone().handed(reviewer.now), None)),
        acts: Vec::new(),
        action: "released",
        fields: &["assigned_to"],
        reason: None,
        event: None,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
