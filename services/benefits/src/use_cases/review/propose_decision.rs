//! A case officer proposes: to grant what the rules compute, which is reserved of the ceiling from then on, or to refuse. A validator is next.

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, Money, civil};
use platform::ids;
use rules::Decision;
use sqlx::PgConnection;

use super::Reviewer;
use super::desk::{self, Begun, File, Outcome, Writing};
use super::view::FileView;
use crate::domain::answers::Step as AnswerStep;
use crate::domain::assessment;
use crate::domain::ceiling::Left;
use crate::domain::review::acts::{Content, Recommendation};
use crate::domain::review::duties::Act;
use crate::domain::review::refusal::{self, Known, RefusalRefused};
use crate::error::Error;
use crate::store::assessments::{self, Assessment, Occasion};
use crate::use_cases::ceilings;
use crate::use_cases::{Office, RequestKey};

/// How often an amount is computed anew when somebody else took from the same ceiling in between.
const ATTEMPTS: usize = 3;

/// What the case officer wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Proposal {
    Grant,
    Refuse { reason: String },
}

/// # Errors
/// A grant against the opinion or the conditions, or on papers that the agent did not open; a reason that does not exist; facts that are not fresh; a file at another step, not the
/// agent's, or changed.
pub(crate) async fn propose_decision(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
    proposal: Proposal,
) -> Result<FileView, Error> {
    if let Some(done) = desk::done_before(office, reviewer, request).await? {
        return Ok(done);
    }
    super::fresh_facts::make_sure(office, id).await?;
    for _ in 1..ATTEMPTS {
        match attempt(office, reviewer, request, id, expected, &proposal).await {
            // Somebody took of the same ceiling between reading and taking: what is left now decides.
            Err(Error::CeilingReached) => {}
            done => return done,
        }
    }
    attempt(office, reviewer, request, id, expected, &proposal).await
}

async fn attempt(
    office: &Office,
    reviewer: &Reviewer,
    request: &RequestKey,
    id: ApplicationId,
    expected: i64,
    proposal: &Proposal,
) -> Result<FileView, Error> {
    let mut writing = match desk::begin(office, reviewer, request, id, Act::Propose).await? {
        Begun::Work(writing) => *writing,
        Begun::Done(view) => return Ok(*view),
    };
    writing.must_be_mine(reviewer, expected)?;
    let Writing { tx, file } = &mut writing;
    let awaiting = file.application.clone().into_awaiting_proposal()?;
    if *proposal == Proposal::Grant {
        must_be_whole(file)?;
        must_be_read(file, reviewer)?;
    }
    let judged = judge(tx, file, reviewer.now).await?;
    let (recommendation, reason) = match proposal {
        Proposal::Grant => (grant(tx, file, judged.as_ref(), reviewer.now).await?, None),
        Proposal::Refuse { reason } => {
            let reason = refusal::reasons(file.health())
                .find(|known| known.code == reason)
                .ok_or(RefusalRefused::Reason)?;
            must_not_deny_the_file(tx, file, reason.code, judged.as_ref(), reviewer.now).await?;
            let refuse = Recommendation::Refuse {
                reason: reason.code.to_owned(),
            };
            (refuse, Some(reason.code))
        }
    };
    if let Some(decision) = &judged {
        keep(tx, file, Occasion::Proposal, decision, reviewer.now).await?;
    }
    let outcome = Outcome {
        moved: Some((awaiting.proposed(reviewer.now).any(), None)),
        acts: vec![Content::Proposed {
            proposal: recommendation,
        }],
        action: "proposed",
        fields: &["proposal"],
        // Which reason is proposed may tell of an opinion: the trail of a health file says that one was given, not which.
        reason: reason.filter(|_| !writing.file.health()),
        event: None,
    };
    desk::finish(office, reviewer, request, writing, outcome).await
}

/// Nobody proposes to pay on papers that they did not look at. Those of a health file are its reviewer's, who was asked the same.
fn must_be_read(file: &File<'_>, reviewer: &Reviewer) -> Result<(), Error> {
    if file.health() || file.papers_were_opened_by(reviewer) {
        Ok(())
    } else {
        Err(Error::PaperNotOpened)
    }
}

async fn grant(
    conn: &mut PgConnection,
    file: &File<'_>,
    judged: Option<&Decision>,
    now: DateTime<Utc>,
) -> Result<Recommendation, Error> {
    if file.health() {
        let opinion = file.dossier.opinion().ok_or(Error::OpinionUnfavourable)?;
        opinion.what.retained_cost().ok_or(Error::OpinionUnfavourable)?;
    }
    let amount = amount_of(judged)?;
    let taken = ceilings::reserve_amount(
        conn,
        file.benefit,
        &file.application,
        &file.applicant,
        sent_in(file, now),
        amount,
        now,
    )
    .await?;
    if !taken {
        return Err(Error::CeilingReached);
    }
    Ok(Recommendation::Grant { amount })
}

/// Nothing is granted on a file that lacks something: no account that is still the member's, no person still declared, no paper.
///
/// # Errors
/// [`Error::FileIncomplete`] with what is lacking.
pub(super) fn must_be_whole(file: &File<'_>) -> Result<(), Error> {
    let missing = missing(file);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::FileIncomplete(missing))
    }
}

pub(super) fn missing(file: &File<'_>) -> Vec<AnswerStep> {
    let form = file.benefit.form();
    form.map(|form| file.application.answers.missing_of_file(form, &file.applicant))
        .unwrap_or_default()
}

/// The amount that the rules grant; nothing for a benefit that pays none.
///
/// # Errors
/// [`Error::NotEligible`] with the conditions that do not hold.
pub(super) fn amount_of(judged: Option<&Decision>) -> Result<Money, Error> {
    let decision = judged.ok_or(Error::FactsUnknown)?;
    if !decision.eligible {
        return Err(Error::NotEligible(
            decision
                .refusals()
                .map(|condition| condition.code.clone())
                .collect(),
        ));
    }
    Ok(decision.amount.unwrap_or(Money::ZERO))
}

/// The civil year of the sending: the one that ceilings count, unless a day of the request tells another.
pub(super) fn sent_in(file: &File<'_>, now: DateTime<Utc>) -> i32 {
    civil::civil_year(file.application.stage().sent().map_or(now, |sent| sent.at))
}

/// What the ceiling leaves to the file.
async fn left_for(
    conn: &mut PgConnection,
    file: &File<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Left>, Error> {
    let applicant = Some(&file.applicant);
    let standing = ceilings::standing(
        conn,
        file.benefit,
        &file.application,
        applicant,
        sent_in(file, now),
    )
    .await?;
    Ok(standing.map(|standing| standing.left))
}

/// Refuses a reason that the file's own conditions, ceiling or opinion deny.
pub(super) async fn must_not_deny_the_file(
    conn: &mut PgConnection,
    file: &File<'_>,
    reason: &str,
    judged: Option<&Decision>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let left = left_for(conn, file, now).await?;
    let known = Known {
        eligible: judged.map(|decision| decision.eligible),
        left,
        opinion: file.dossier.opinion().map(|opinion| opinion.what),
    };
    Ok(refusal::must_not_be_denied(reason, known)?)
}

/// What the rules say of the file, by the facts of the day on which it was sent and what agents found; nothing where an answer on which they
/// rest is no longer one.
pub(super) async fn judge(
    conn: &mut PgConnection,
    file: &File<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Decision>, Error> {
    let (Some(rules), Some(form)) = (file.benefit.rules(), file.benefit.form()) else {
        return Ok(None);
    };
    let left = left_for(conn, file, now).await?;
    let on = civil::civil_date(file.application.stage().sent().map_or(now, |sent| sent.at));
    let Some(case) = assessment::case(form, &file.application.answers, &file.applicant, left, on) else {
        return Ok(None);
    };
    let opinion = file.dossier.opinion();
    let retained = opinion.and_then(|opinion| opinion.what.retained_cost());
    Ok(Some(
        rules.decide(&case.facts().with_known("cost.retained", retained))?,
    ))
}

/// Keeps a judgement with both instants, the version of rules and facts, and the facts themselves.
pub(super) async fn keep(
    conn: &mut PgConnection,
    file: &File<'_>,
    occasion: Occasion,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let assessment = Assessment {
        id: ids::uuid_v7(now),
        occasion,
        application: file.application.id,
        judged_at: now,
        facts_version: file.applicant.version,
        facts_recorded_at: file.applicant.recorded_at,
        decision,
    };
    Ok(assessments::insert(conn, &file.key, &assessment).await?)
}
