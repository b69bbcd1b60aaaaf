//! An agent waits no longer for a member who does not answer, once the time that the member was told is over: the file is examined as it was sent
//! last, and the member is told. Nobody waits for the answer of a member who died, and nobody tells them that their time is over. What the member answered anew and did not send is no part of it and is gone: it was neither confirmed nor judged.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Begun, Outcome};
use super::view::FileView;
use crate::domain::review::acts::Content;
use crate::domain::review::duties::Act;
use crate::error::Error;
use crate::events::published;
use crate::use_cases::{Office, RequestKey};

/// # Errors
/// A file that waits for nothing or whose member has time yet, is not the agent's, or changed since it was looked at.
pub(crate) async fn stop_waiting(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
) -> Result<FileView, Error> {
    let writing = match desk::begin(office, reviewer, request, id, Act::RequestInformation).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let file = &writing.file;
    let waiting = file.application.clone().into_awaiting_member()?;
    if file.dossier.open_request().is_none() {
        return Err(Error::NothingAsked);
    }
    if !file.waits_in_vain(reviewer) {
        return Err(Error::StillTimeToAnswer);
    }
    let moved = waiting.given_up_on(reviewer.now);
    let event = (!file.member_died()).then(|| published::waiting_ended(&moved, file.benefit, reviewer));
    let outcome = Outcome {
        moved: Some((moved, file.assignment)),
        acts: vec![Content::StoppedWaiting],
        action: "stopped_waiting",
        fields: &["state"],
        reason: None,
        event,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
