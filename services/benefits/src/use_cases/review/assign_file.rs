//! An agent takes a file. Whoever comes second is told who has it; taking it over is said expressly, and makes the first one's view old.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Begun, File, Outcome};
use super::view::FileView;
use crate::domain::application::Stage;
use crate::domain::review::acts::Content;
use crate::domain::review::duties::Act;
use crate::error::Error;
use crate::use_cases::{Office, RequestKey};

/// # Errors
/// A file that is not the agent's to handle; one that changed since it was looked at; one that ended.
pub(crate) async fn assign_file(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
    take_over: bool,
) -> Result<FileView, Error> {
    let writing = match desk::begin(office, reviewer, request, id, Act::See).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    if let Err(why) = writing.file.may(reviewer, Act::Handle) {
        // A page that is older than a colleague's step is no attempt at what is forbidden.
        let old = writing.must_be_version(expected);
        writing.tx.rollback().await?;
        old?;
        return Err(desk::refused(office, reviewer, id, why).await);
    }
    let other_has_it = writing.file.assignment.is_some() && !writing.file.is_mine(reviewer);
    if writing.file.is_mine(reviewer) || (other_has_it && !take_over) {
        // Nothing to write; the answer says who has it.
        writing.tx.rollback().await?;
        return super::get_file::get_file(office, reviewer, id).await;
    }
    writing.must_be_version(expected)?;
    let fresh = matches!(writing.file.application.stage(), Stage::Submitted(_));
    let taken = writing.file.application.clone().in_review(reviewer.now)?;
    let outcome = Outcome {
        moved: Some((taken, File::in_hands_of(reviewer))),
        acts: if fresh { vec![Content::TakenUp] } else { Vec::new() },
        action: if other_has_it { "taken_over" } else { "assigned" },
        fields: if fresh {
            &["state", "assigned_to"]
        } else {
            &["assigned_to"]
        },
        reason: None,
        event: None,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
