//! An agent asks the member to correct answers or papers, each with why. The file waits, and comes back to the same agent.

use kernel::ApplicationId;
use kernel::permission::Role;

use super::Reviewer;
use super::desk::{self, Begun, Outcome};
use super::view::FileView;
use crate::domain::review::acts::Content;
use crate::domain::review::duties::Act;
use crate::domain::review::information::{self, Item};
use crate::error::Error;
use crate::events::published;
use crate::use_cases::{Office, RequestKey};

/// # Errors
/// A member who died; items that the form does not have; a note of a health reviewer; a file at another step, not the agent's, or changed.
pub(crate) async fn request_information(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
    items: Vec<Item>,
) -> Result<FileView, Error> {
    let writing = match desk::begin(office, reviewer, request, id, Act::RequestInformation).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let file = &writing.file;
    file.must_have_room()?;
    if file.member_died() {
        return Err(Error::MemberCannotAnswer);
    }
    let form = file.benefit.form().ok_or(Error::BenefitNotOpen)?;
    let notes_allowed = !(file.health() && reviewer.agent.is(Role::HealthReviewer));
    information::check(&items, form, notes_allowed)?;
    let application = file.application.clone();
    let moved = match application.clone().into_awaiting_opinion() {
        Ok(file) => file.information_requested(reviewer.now),
        Err(_) => application
            .into_awaiting_proposal()?
            .information_requested(reviewer.now),
    }
    .any();
    let event = published::information_requested(&moved, file.benefit, reviewer);
    let outcome = Outcome {
        moved: Some((moved, file.assignment)),
        acts: vec![Content::InformationRequested {
            items,
            answer_by: Some(office.review.answer_by(reviewer.now)),
        }],
        action: "information_requested",
        fields: &["state", "information_requests"],
        reason: None,
        event: Some(event),
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
