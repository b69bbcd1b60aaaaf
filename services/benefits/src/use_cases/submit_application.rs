//! A member sends a draft: one file with a number, however often Terminer is pressed. No other service is asked; the event leaves with the
//! commit, whether or not the broker is up.

use auth::token::TokenError;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{ApplicationId, civil};
use platform::crypto::PersonKey;
use platform::ids;
use platform::telemetry::database_span;
use sqlx::PgConnection;
use tracing::Instrument as _;

use super::ceilings;
use super::view::View;
use super::{Asker, Office, RequestKey, audit_line};
use crate::domain::answers::GivenPaper;
use crate::domain::application::Application;
use crate::domain::assessment::{self, Ready};
use crate::domain::catalogue::OpenForm;
use crate::domain::ceiling::Standing;
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::events::published;
use crate::store::assessments::{Assessment, Occasion};
use crate::store::{StoreError, applications, assessments, member_facts, violates};

/// Oldest paper that can be sent. Documents lets go of one that no file names after 90 days; the rest is for the event to arrive in.
const OLDEST_PAPER: TimeDelta = TimeDelta::days(83);

/// # Errors
/// The first of: another draft than the member read, facts unknown, a paper too old, questions unanswered, papers not usable, conditions not held, the ceiling reached, the same
/// request open. The draft stays.
pub(crate) async fn submit_application(
    office: &Office,
    asker: &Asker,
    request: &RequestKey,
    id: ApplicationId,
    expected: Option<i64>,
) -> Result<View, Error> {
    prepare_numbers(office, civil::civil_year(asker.now)).await?;
    let mut tx = office.pool.begin().await?;
    if let Some(done) = request.claim_for(office, &mut tx, asker, id).await? {
        return office.replay(&mut tx, asker, done).await;
    }

    let key = office.key_of(&mut tx, asker).await?;
    let Some(draft) = applications::own_locked(&mut tx, &key, asker.member, id).await? else {
        tx.rollback().await?;
        return Err(office.not_yours(asker, id).await);
    };
    if draft.stage().is_open() || draft.stage().decided_at().is_some() {
        // A second press with another key, or Back and Terminer again: the file that was made is the answer.
        let view = office.view_of(&mut tx, &key, asker, draft).await?;
        tx.commit().await?;
        return Ok(view);
    }
    draft.stage().must_be_draft()?;
    must_be_as_read(&draft, expected)?;
    let open = office
        .catalogue
        .get(&draft.benefit)
        .and_then(|benefit| benefit.open_form())
        .ok_or(Error::BenefitNotOpen)?;
    let facts = member_facts::of_member(&mut tx, asker.member)
        .await?
        .ok_or(Error::FactsUnknown)?;

    papers_are_there(&draft, office.clock.now())?;
    let (standing, ready) = decide(&mut tx, asker, open, &draft, &facts).await?;
    let sent_in = civil::civil_year(asker.now);
    if !ceilings::reserve_first(&mut tx, open.benefit, &draft, &facts, sent_in, asker.now).await? {
        // Somebody else took the last one between the two statements: judged again, the condition that reads the ceiling names the reason.
        decide(&mut tx, asker, open, &draft, &facts).await?;
        return Err(Error::CeilingReached);
    }

    let submitted = save(office, &mut tx, &key, asker, open, draft, &facts, &ready).await?;
    let view = View::of_sent(
        office,
        submitted,
        ready.decision,
        standing.map(Standing::with_what_sending_takes),
    );
    tx.commit().instrument(database_span("COMMIT")).await?;
    office.wake.now();
    tracing::info!(application.id = %id, benefit.code = open.benefit.public_code(), "application submitted");
    Ok(view)
}

/// The sequences of this year, before the transaction begins: the first submission of a year makes them, the others find them in memory.
async fn prepare_numbers(office: &Office, year: i32) -> Result<(), Error> {
    if office.numbers.has(year) {
        return Ok(());
    }
    for open in office.catalogue.iter().filter_map(|benefit| benefit.open_form()) {
        office
            .numbers
            .prepare(&office.pool, open.request_code, year)
            .await?;
    }
    office.numbers.has_all_of(year);
    Ok(())
}

/// Whoever declares that what they read is exact must have read what is sent: an answer from another window makes it another version.
///
/// # Errors
/// [`Error::FileChanged`].
pub(super) fn must_be_as_read(application: &Application, expected: Option<i64>) -> Result<(), Error> {
    match expected {
        Some(read) if read != application.version => Err(Error::FileChanged),
        Some(_) | None => Ok(()),
    }
}

/// A draft that is touched again and again outlives its papers.
fn papers_are_there(draft: &Application, now: DateTime<Utc>) -> Result<(), Error> {
    draft
        .answers
        .papers
        .values()
        .try_for_each(|paper| paper_is_there(paper, now))
}

/// What documents may have let go of is asked for again. A paper's id holds the instant at which it was taken in.
pub(super) fn paper_is_there(paper: &GivenPaper, now: DateTime<Utc>) -> Result<(), Error> {
    match ids::instant_of(paper.document.as_uuid()) {
        Some(at) if at < now - OLDEST_PAPER => Err(Error::Receipt(TokenError::NotNow)),
        Some(_) | None => Ok(()),
    }
}

async fn decide(
    conn: &mut PgConnection,
    asker: &Asker,
    open: OpenForm<'_>,
    draft: &Application,
    facts: &MemberFacts,
) -> Result<(Option<Standing>, Ready), Error> {
    let on = civil::civil_date(asker.now);
    let sent_in = civil::civil_year(asker.now);
    let standing = ceilings::standing(conn, open.benefit, draft, Some(facts), sent_in).await?;
    let left = standing.map(|standing| standing.left);
    let ready = assessment::judge(open, &draft.answers, facts, left, on)?;
    Ok((standing, ready))
}

/// What is granted once is not asked for again, by whomever it was asked.
pub(super) async fn not_granted_before(
    conn: &mut PgConnection,
    open: OpenForm<'_>,
    open_request_key: &[u8],
) -> Result<(), Error> {
    if open.form.granted_once && applications::is_granted(conn, open_request_key).await? {
        return Err(Error::AlreadyGranted);
    }
    Ok(())
}

/// Two requests at the same moment: the indexes let one through.
pub(super) fn asked_already(error: StoreError) -> Error {
    if violates(&error, applications::ONE_OPEN_REQUEST) || violates(&error, applications::GRANTED_ONCE) {
        Error::OpenRequestExists
    } else {
        error.into()
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "the one place where everything that a submission rests on is written down together"
)]
async fn save(
    office: &Office,
    conn: &mut PgConnection,
    key: &PersonKey,
    asker: &Asker,
    open: OpenForm<'_>,
    draft: Application,
    facts: &MemberFacts,
    ready: &Ready,
) -> Result<Application, Error> {
    let open_request_key = office
        .open_requests
        .of("benefits.open_request", &ready.same_request);
    not_granted_before(conn, open, &open_request_key).await?;
    let year = civil::civil_year(asker.now);
    let number = office
        .numbers
        .next_unless_open(conn, open.request_code, year, &open_request_key)
        .await?
        .ok_or(Error::OpenRequestExists)?;
    let submitted = draft
        .into_draft()?
        .submitted(number, open.benefit.first_examination(), asker.now)
        .any();
    applications::save_submitted(conn, &submitted, &open_request_key, open.form.granted_once)
        .await
        .map_err(asked_already)?;
    let assessment = Assessment {
        id: ids::uuid_v7(asker.now),
        occasion: Occasion::Submission,
        application: submitted.id,
        judged_at: asker.now,
        facts_version: facts.version,
        facts_recorded_at: facts.recorded_at,
        decision: &ready.decision,
    };
    assessments::insert(conn, key, &assessment).await?;
    audit_line(
        conn,
        asker,
        submitted.id,
        "submitted",
        &["state", "request_number"],
    )
    .await?;
    bus::enqueue(conn, published::submitted(&submitted, Some(open.benefit), asker)).await?;
    Ok(submitted)
}
