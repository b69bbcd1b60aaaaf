//! The second person decides: grants exactly what was proposed, refuses with a reason and a sentence, or sends the file back.

use kernel::{ApplicationId, Money};

use super::Reviewer;
use super::desk::{self, Begun, Outcome, Writing};
use super::propose_decision::{amount_of, judge, keep, must_be_whole, must_not_deny_the_file};
use super::view::FileView;
use crate::domain::application::{Examination, Step};
use crate::domain::review::acts::{Content, Recommendation};
use crate::domain::review::duties::Act;
use crate::domain::review::note;
use crate::domain::review::refusal::Refusal;
use crate::error::Error;
use crate::events::published;
use crate::store::assessments::Occasion;
use crate::use_cases::{Office, RequestKey, ceilings};

/// What the validator says.
#[derive(Clone)]
pub(crate) enum Verdict {
    /// With the amount that the validator saw.
    Grant {
        amount: Money,
    },
    Refuse {
        reason: String,
        sentence_ar: String,
        sentence_fr: String,
    },
    SendBack {
        to: Examination,
        note: String,
    },
}

/// # Errors
/// A grant that was not proposed, or that the rules no longer give; a refusal without reason or sentences; facts that are not fresh; a person
/// who assessed or proposed; a file at another step, not the agent's, or changed.
pub(crate) async fn validate_decision(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
    verdict: Verdict,
) -> Result<FileView, Error> {
    if let Verdict::Grant { .. } = verdict {
        if let Some(done) = desk::done_before(office, reviewer, request).await? {
            return Ok(done);
        }
        super::fresh_facts::make_sure(office, id).await?;
    }
    let mut writing = match desk::begin(office, reviewer, request, id, Act::Decide).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let outcome = match verdict {
        Verdict::Grant { amount } => grant(office, reviewer, &mut writing, amount).await?,
        Verdict::Refuse {
            reason,
            sentence_ar,
            sentence_fr,
        } => {
            let health = writing.file.health();
            let refusal = Refusal::new(health, &reason, &sentence_ar, &sentence_fr)?;
            refuse(office, reviewer, &mut writing, refusal).await?
        }
        Verdict::SendBack { to, note } => send_back(reviewer, &mut writing, to, &note).await?,
    };
    let decided = outcome.event.is_some();
    let view = desk::finish(office, reviewer, request, writing, outcome).await?;
    if decided {
        tracing::info!(application.id = %id, "an application was decided");
    }
    Ok(view)
}

async fn grant(
    office: &Office,
    reviewer: &Reviewer,
    writing: &mut Writing<'_>,
    seen: Money,
) -> Result<Outcome, Error> {
    let now = reviewer.now;
    let Writing { tx, file } = writing;
    let awaiting = file.application.clone().into_awaiting_validation()?;
    let proposal = file.dossier.proposal().ok_or(Error::GrantNotProposed)?;
    let Recommendation::Grant { amount } = proposal.what else {
        return Err(Error::GrantNotProposed);
    };
    if amount != seen {
        return Err(Error::FileChanged);
    }
    must_be_whole(file)?;
    // The facts may have changed since: a grant is what the rules give now.
    let judged = judge(tx, file, now).await?;
    match (&judged, amount_of(judged.as_ref())) {
        (Some(decision), Ok(again)) if again == amount => {
            keep(tx, file, Occasion::Decision, decision, now).await?;
        }
        (_, Ok(_) | Err(Error::NotEligible(_) | Error::FactsUnknown)) => return Err(Error::ProposalOutdated),
        (_, Err(error)) => return Err(error),
    }
    ceilings::commit(tx, file.application.id, now).await?;
    let approved = awaiting.approved(now).any();
    let event = published::decided(&approved, file.benefit, reviewer);
    let appeal_until = office.review.appeal_until(now);
    Ok(Outcome {
        moved: Some((approved, None)),
        acts: vec![Content::Granted { amount, appeal_until }],
        action: "approved",
        fields: &["state", "decision"],
        reason: None,
        event: Some(event),
    })
}

async fn refuse(
    office: &Office,
    reviewer: &Reviewer,
    writing: &mut Writing<'_>,
    refusal: Refusal,
) -> Result<Outcome, Error> {
    let now = reviewer.now;
    let Writing { tx, file } = writing;
    let awaiting = file.application.clone().into_awaiting_validation()?;
    let judged = judge(tx, file, now).await?;
    must_not_deny_the_file(tx, file, &refusal.reason, judged.as_ref(), now).await?;
    // The conditions as they stand go with the refusal; where rules have nothing to say any more, the submission's stay.
    if let Some(decision) = &judged {
        keep(tx, file, Occasion::Decision, decision, now).await?;
    }
    ceilings::release(tx, file.application.id, now).await?;
    let rejected = awaiting.rejected(now).any();
    let event = published::decided(&rejected, file.benefit, reviewer);
    let appeal_until = office.review.appeal_until(now);
    Ok(Outcome {
        moved: Some((rejected, None)),
        acts: vec![Content::Refused {
            refusal,
            appeal_until,
        }],
        action: "rejected",
        fields: &["state", "decision"],
        reason: None,
        event: Some(event),
    })
}

async fn send_back(
    reviewer: &Reviewer,
    writing: &mut Writing<'_>,
    to: Examination,
    text: &str,
) -> Result<Outcome, Error> {
    let now = reviewer.now;
    let text = note(text)?;
    let Writing { tx, file } = writing;
    file.must_have_room()?;
    let awaiting = file.application.clone().into_awaiting_validation()?;
    if to == Examination::MedicalOpinion && !file.health() {
        return Err(Error::Impossible(
            crate::domain::application::Impossible::AtAnotherStep,
        ));
    }
    ceilings::release_amount(tx, file.benefit, file.application.id, now).await?;
    let holder = file.back_to(Step::from(to), reviewer);
    Ok(Outcome {
        moved: Some((awaiting.sent_back(to, now), holder)),
        acts: vec![
            Content::SentBack {
                to_opinion: to == Examination::MedicalOpinion,
            },
            Content::Note { text },
        ],
        action: "sent_back",
        fields: &["proposal"],
        reason: None,
        event: None,
    })
}
