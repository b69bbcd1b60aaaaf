//! An agent waits no longer for a member who does not answer: the file is examined as it is. What the member changed and did not send stays, and
//! makes the medical opinion due again like a resending.

use kernel::ApplicationId;

use super::Reviewer;
use super::desk::{self, Begun, Outcome, Writing};
use super::propose_decision::sent_in;
use super::view::FileView;
use crate::domain::application::{Examination, Step};
use crate::domain::assessment;
use crate::domain::review::acts::Content;
use crate::domain::review::duties::Act;
use crate::domain::review::information::bears_on_opinion;
use crate::error::Error;
use crate::use_cases::resend_application::keep_apart;
use crate::use_cases::{Office, RequestKey, ceilings};

/// # Errors
/// A file that waits for nothing, is not the agent's, or changed since it was looked at.
pub(crate) async fn stop_waiting(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
) -> Result<FileView, Error> {
    let mut writing = match desk::begin(office, reviewer, request, id, Act::RequestInformation).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let Writing { tx, file } = &mut writing;
    let waiting = file.application.clone().into_awaiting_member()?;
    let asked = file.dossier.open_request().ok_or(Error::NothingAsked)?;
    let changed = asked
        .items
        .iter()
        .any(|(item, corrected)| *corrected && bears_on_opinion(&item.target));
    let opinion_again = changed && file.dossier.opinion().is_some();
    let to = if opinion_again {
        Examination::MedicalOpinion
    } else {
        waiting.stage.back_to
    };
    let open = file.benefit.seen_to_the_end().ok_or(Error::BenefitNotOpen)?;
    let same_request = assessment::same_request(open, &file.application.answers);
    keep_apart(office, tx, &file.application, &same_request).await?;
    let year = sent_in(file, reviewer.now);
    let now = reviewer.now;
    if !ceilings::reserve_when_sent(tx, file.benefit, &file.application, &file.applicant, year, now).await? {
        return Err(Error::CeilingReached);
    }
    let holder = if opinion_again {
        file.back_to(Step::MedicalOpinion, reviewer)
    } else {
        file.assignment
    };
    let outcome = Outcome {
        moved: Some((waiting.resent(to, now), holder)),
        acts: vec![Content::StoppedWaiting { opinion_again }],
        action: "stopped_waiting",
        fields: &["state"],
        reason: None,
        event: None,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}
