//! A member sends a corrected file again: it goes back to whoever asked, with its number and its age. What an opinion rests on and was
//! corrected is examined anew.

use std::collections::BTreeSet;

use kernel::{ApplicationId, civil};
use platform::crypto::PersonKey;
use platform::ids;
use sqlx::PgConnection;

use super::submit_application::{asked_already, must_be_as_read, not_granted_before, paper_is_there};
use super::view::View;
use super::{Asker, Office, RequestKey, audit_line, ceilings};
use crate::domain::application::{Application, Examination, Stage, Step};
use crate::domain::assessment::{self, Ready};
use crate::domain::catalogue::{Benefit, OpenForm};
use crate::domain::member::MemberFacts;
use crate::domain::review::acts::{Act, Asked, Content, Dossier};
use crate::domain::review::clock::Clock;
use crate::domain::review::information::{self, Target};
use crate::error::Error;
use crate::events::published;
use crate::store::assessments::{Assessment, Occasion};
use crate::store::review_files::{self, Assignment};
use crate::store::{applications, assessments, member_facts, review_acts};

/// # Errors
/// A file of which nothing is asked, that is another than the member read, or not everything that was asked is corrected; then as for a submission. The file stays as it was.
pub(crate) async fn resend_application(
    office: &Office,
    asker: &Asker,
    request: &RequestKey,
    id: ApplicationId,
    expected: Option<i64>,
) -> Result<View, Error> {
    let mut tx = office.pool.begin().await?;
    if let Some(done) = request.claim(office, &mut tx, asker).await? {
        return office.replay(&mut tx, asker, done).await;
    }

    let key = office.key_of(&mut tx, asker).await?;
    let Some(file) = applications::own_locked(&mut tx, &key, asker.member, id).await? else {
        tx.rollback().await?;
        return Err(office.not_yours(asker, id).await);
    };
    let Stage::AwaitsMember(waiting) = file.stage() else {
        return Err(Error::NothingAsked);
    };
    let asked_at = waiting.back_to;
    must_be_as_read(&file, expected)?;
    let corrected = information::changed(&file.answers, file.answers_in_hand());
    let file = file.into_awaiting_member()?.with_correction().any();
    let benefit = office.catalogue.get(&file.benefit).ok_or(Error::BenefitUnknown)?;
    let facts = member_facts::of_member(&mut tx, asker.member)
        .await?
        .ok_or(Error::FactsUnknown)?;
    let mut dossier = review_acts::of_application(&mut tx, &key, id).await?;
    let asked = dossier.open_request().ok_or(Error::NothingAsked)?;

    everything_is_corrected(&asked)?;
    let concerned: BTreeSet<Target> = asked.targets().into_iter().chain(corrected).collect();
    papers_are_there(office, &file, &concerned)?;
    let ready = judge(&mut tx, benefit, &file, &facts, asker).await?;

    let opinion_again = dossier.opinion().is_some() && concerned.iter().any(information::bears_on_opinion);
    let to = if benefit.is_restricted() && (dossier.opinion().is_none() || opinion_again) {
        Examination::MedicalOpinion
    } else {
        asked_at
    };
    let assignment = holder(&mut tx, &file, &dossier, to, asker).await?;
    let resent = file.into_awaiting_member()?.resent(to, asker.now);
    save(
        office, &mut tx, &key, asker, benefit, &resent, assignment, &facts, &ready,
    )
    .await?;
    let act = Act {
        agent: None,
        agent_member: None,
        at: asker.now,
        content: Content::Resent { opinion_again },
    };
    review_acts::append(&mut tx, &key, id, resent.version, ids::uuid_v7(asker.now), &act).await?;
    dossier.0.push(act);
    if let Some(sent) = resent.stage().sent() {
        review_files::save_clock(&mut tx, id, Clock::of(sent.at, &dossier)).await?;
    }
    audit_line(&mut tx, asker, id, "resent", &["state"]).await?;
    bus::enqueue(&mut tx, published::resent(&resent, Some(benefit), asker)).await?;
    request.complete(&mut tx, asker, id).await?;
    let view = office.view_of(&mut tx, &key, asker, resent).await?;
    tx.commit().await?;
    office.wake.now();
    Ok(view)
}

fn everything_is_corrected(asked: &Asked) -> Result<(), Error> {
    let open: Vec<Target> = asked
        .items
        .iter()
        .filter(|(_, corrected)| !corrected)
        .map(|(item, _)| item.target.clone())
        .collect();
    if open.is_empty() {
        Ok(())
    } else {
        Err(Error::CorrectionIncomplete(open))
    }
}

/// Papers that were sent before are kept; what is new must still be there.
fn papers_are_there(office: &Office, file: &Application, concerned: &BTreeSet<Target>) -> Result<(), Error> {
    for target in concerned {
        if let Target::Paper(code) = target
            && let Some(paper) = file.answers.papers.get(code)
        {
            paper_is_there(paper, office.clock.now())?;
        }
    }
    Ok(())
}

/// By the facts of the day on which it was first sent: a correction makes a file neither younger nor older.
async fn judge(
    conn: &mut PgConnection,
    benefit: &Benefit,
    file: &Application,
    facts: &MemberFacts,
    asker: &Asker,
) -> Result<Ready, Error> {
    let sent_at = file.stage().sent().map_or(asker.now, |sent| sent.at);
    let sent_in = civil::civil_year(sent_at);
    let open = benefit.seen_to_the_end().ok_or(Error::BenefitNotOpen)?;
    let standing = ceilings::standing(conn, benefit, file, Some(facts), sent_in).await?;
    let left = standing.map(|standing| standing.left);
    let on = civil::civil_date(sent_at);
    let ready = assessment::judge_again(open, &file.answers, facts, left, on)?;
    if !ceilings::reserve_when_sent(conn, benefit, file, facts, sent_in, asker.now).await? {
        return Err(Error::CeilingReached);
    }
    Ok(ready)
}

/// Whoever asked keeps the file; where another step is next, whoever did that step before gets it.
async fn holder(
    conn: &mut PgConnection,
    file: &Application,
    dossier: &Dossier,
    to: Examination,
    asker: &Asker,
) -> Result<Option<Assignment>, Error> {
    let step = Step::from(to);
    if file.stage().step() == Some(step) {
        return Ok(review_files::assignment(conn, file.id).await?);
    }
    Ok(dossier.last_at(step).map(|agent| Assignment {
        agent,
        since: asker.now,
    }))
}

#[expect(
    clippy::too_many_arguments,
    reason = "the one place where everything that a resending rests on is written down together"
)]
async fn save(
    office: &Office,
    conn: &mut PgConnection,
    key: &PersonKey,
    asker: &Asker,
    benefit: &Benefit,
    resent: &Application,
    assignment: Option<Assignment>,
    facts: &MemberFacts,
    ready: &Ready,
) -> Result<(), Error> {
    review_files::save(conn, resent, assignment).await?;
    review_files::save_answers(conn, key, resent).await?;
    let open = benefit.seen_to_the_end().ok_or(Error::BenefitNotOpen)?;
    keep_apart(office, conn, open, resent, &ready.same_request).await?;
    let assessment = Assessment {
        id: ids::uuid_v7(asker.now),
        occasion: Occasion::Resending,
        application: resent.id,
        judged_at: asker.now,
        facts_version: facts.version,
        facts_recorded_at: facts.recorded_at,
        decision: &ready.decision,
    };
    assessments::insert(conn, key, &assessment).await?;
    tracing::info!(application.id = %resent.id, benefit.code = benefit.public_code(), "application resent");
    Ok(())
}

/// Another person concerned, reason or day makes it another request, which may be open or granted already.
async fn keep_apart(
    office: &Office,
    conn: &mut PgConnection,
    open: OpenForm<'_>,
    file: &Application,
    same_request: &str,
) -> Result<(), Error> {
    let open_request_key = office.open_requests.of("benefits.open_request", same_request);
    not_granted_before(conn, open, &open_request_key).await?;
    review_files::save_open_request_key(conn, file.id, &open_request_key)
        .await
        .map_err(asked_already)
}
