//! Who need not begin: a member whose own facts already break a condition is told so before anything is asked or taken, and for whom nothing is
//! left of a ceiling.

use chrono::{DateTime, Utc};
use kernel::{MemberId, PersonId, civil};
use rules::EarlyOutcome;
use sqlx::PgConnection;

use crate::domain::assessment;
use crate::domain::catalogue::{Benefit, Relation};
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::store::{ceilings as counters, member_facts};
use crate::use_cases::ceilings;

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
    match (benefit.rules(), benefit.form(), facts) {
        (Some(rules), Some(form), Some(facts)) => Ok(assessment::broken_whatever_is_answered(
            rules,
            form,
            facts,
            civil::civil_date(now),
        )?),
        (None, _, _) | (_, None, _) | (_, _, None) => Ok(Vec::new()),
    }
}

/// Somebody for whom the member could ask, and nothing is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsedUp {
    pub(crate) relation: Relation,
    /// None for the member.
    pub(crate) person: Option<PersonId>,
    pub(crate) year: i32,
    /// A day of the request tells the year: another one may have something left.
    pub(crate) year_of_an_answer: bool,
}

/// For whom nothing is left of the ceiling in the present year, by what was granted and what is being examined. Sending decides.
pub(crate) async fn used_up(
    conn: &mut PgConnection,
    benefit: &Benefit,
    facts: &MemberFacts,
    now: DateTime<Utc>,
) -> Result<Vec<UsedUp>, Error> {
    let (Some(ceiling), Some(open)) = (benefit.ceiling(), benefit.open_form()) else {
        return Ok(Vec::new());
    };
    let year = civil::civil_year(now);
    let offered = |relation| open.form.persons_concerned.contains(&relation);
    let mut people = Vec::new();
    if offered(Relation::Member) {
        people.push((Relation::Member, facts.person));
    }
    let relatives = facts
        .relatives
        .iter()
        .filter(|relative| offered(relative.relation));
    people.extend(relatives.map(|relative| (relative.relation, relative.person)));
    let keys: Vec<_> = people
        .iter()
        .map(|(_, person)| ceiling.keys_for(*person, facts, year))
        .collect();
    let used = counters::used(conn, &keys.concat()).await?;
    let mut used_up = Vec::new();
    for ((relation, person), keys) in people.into_iter().zip(keys) {
        if ceilings::of(benefit, &keys, &used).is_some_and(|standing| standing.is_used_up()) {
            used_up.push(UsedUp {
                relation,
                person: (relation != Relation::Member).then_some(person),
                year,
                year_of_an_answer: ceiling.year_of.is_some(),
            });
        }
    }
    Ok(used_up)
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
