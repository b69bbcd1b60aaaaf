//! A health reviewer who opened a paper of the file gives an opinion: a code and the cost that care still has. The case officer is next.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Begun, Outcome};
use super::view::FileView;
use crate::domain::application::Step;
use crate::domain::review::Opinion;
use crate::domain::review::acts::Content;
use crate::domain::review::duties::Act;
use crate::error::Error;
use crate::use_cases::{Office, RequestKey};

/// # Errors
/// A file that is at another step, is not the agent's, or changed since it was looked at; one of whose papers, as they are now, the agent
/// opened none.
pub(crate) async fn record_opinion(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
    opinion: Opinion,
) -> Result<FileView, Error> {
    let writing = match desk::begin(office, reviewer, request, id, Act::GiveOpinion).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let file = writing.file.application.clone().into_awaiting_opinion()?;
    if !writing.file.papers_were_opened_by(reviewer) {
        return Err(Error::PaperNotOpened);
    }
    let moved = file.opinion_given(reviewer.now).any();
    // Where it was sent back from a proposal, it returns to whoever proposed.
    let next = writing.file.back_to(Step::Examination, reviewer);
    let outcome = Outcome {
        moved: Some((moved, next)),
        acts: vec![Content::Opinion { opinion }],
        action: "opinion_recorded",
        fields: &["opinion", "retained_cost"],
        reason: None,
        event: None,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
