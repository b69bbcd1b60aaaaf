//! Who need not begin: a member whose own facts already break a condition is told so before anything is asked or taken.

use chrono::{DateTime, Utc};
use kernel::{MemberId, civil};
use rules::EarlyOutcome;
use sqlx::PgConnection;

use crate::domain::assessment;
use crate::domain::catalogue::Benefit;
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::store::member_facts;

/// The member's facts, when they have arrived.
pub(crate) async fn facts_of(
    conn: &mut PgConnection,
    member: MemberId,
) -> Result<Option<MemberFacts>, Error> {
    Ok(member_facts::of_member(conn, member).await?)
}

/// The conditions of the benefit that the member breaks today, whatever would be answered. None while their facts have not arrived.
///
/// # Errors
/// When a condition has no value for the facts.
pub(crate) fn already_broken(
    benefit: &Benefit,
    facts: Option<&MemberFacts>,
    now: DateTime<Utc>,
) -> Result<Vec<EarlyOutcome>, Error> {
    match (benefit.rules(), facts) {
        (Some(rules), Some(facts)) => Ok(assessment::broken_whatever_is_answered(
            rules,
            facts,
            civil::civil_date(now),
        )?),
        (None, _) | (_, None) => Ok(Vec::new()),
    }
}

/// # Errors
/// [`Error::NotEligible`] with the conditions that the member's own facts break.
pub(crate) fn must_be_open_to(
    benefit: &Benefit,
    facts: Option<&MemberFacts>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let broken = already_broken(benefit, facts, now)?;
    if broken.is_empty() {
        return Ok(());
    }
    Err(Error::NotEligible(
        broken.into_iter().map(|outcome| outcome.code).collect(),
    ))
}
