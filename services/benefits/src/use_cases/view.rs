//! What a member sees of an application: the file itself, what is missing, how the conditions stand, what is left of the ceiling. Read for
//! many applications with a fixed number of queries.

use std::collections::HashMap;

use kernel::{ApplicationId, Money, PersonId, civil};
use platform::crypto::PersonKey;
use rules::{ConditionOutcome, Decision};
use sqlx::PgConnection;

use super::{Asker, Office};
use crate::domain::answers::Step;
use crate::domain::application::{Application, Stage};
use crate::domain::assessment;
use crate::domain::catalogue::{Benefit, Ceiling};
use crate::domain::ceiling::{self, CeilingKey};
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::store::{assessments, ceilings, member_facts};

/// An application with what is computed for its reader.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) application: Application,
    pub(crate) missing: Vec<Step>,
    pub(crate) conditions: Vec<ConditionOutcome>,
    /// Of the person concerned, this year; absent when nobody was named or the benefit has no ceiling.
    pub(crate) ceiling_left: Option<Money>,
}

/// Puts views together, in the order given. All applications are the asker's.
pub(crate) async fn load(
    office: &Office,
    conn: &mut PgConnection,
    key: &PersonKey,
    asker: &Asker,
    applications: Vec<Application>,
) -> Result<Vec<View>, Error> {
    let facts = member_facts::of_member(conn, asker.member).await?;
    let sent: Vec<ApplicationId> = applications
        .iter()
        .filter(|application| application.stage != Stage::Draft)
        .map(|application| application.id)
        .collect();
    let mut judged = assessments::of_applications(conn, key, &sent).await?;
    let year = civil::civil_year(asker.now);
    let used = used_by_all(office, conn, &applications, year).await?;
    applications
        .into_iter()
        .map(|application| {
            let benefit = office.catalogue.get(&application.benefit);
            let bound = benefit.and_then(Benefit::person_year_ceiling);
            let ceiling_left = left_of(bound, person_of(&application), year, &used);
            let stored = judged.remove(&application.id);
            view(asker, application, benefit, facts.as_ref(), stored, ceiling_left)
        })
        .collect()
}

/// What is left of a ceiling for one person this year.
pub(crate) async fn ceiling_left(
    conn: &mut PgConnection,
    bound: Option<&Ceiling>,
    person: Option<PersonId>,
    year: i32,
) -> Result<Option<Money>, Error> {
    let (Some(bound), Some(person)) = (bound, person) else {
        return Ok(None);
    };
    let used = ceilings::used(conn, std::slice::from_ref(&bound.code), &[person], year).await?;
    Ok(left_of(Some(bound), Some(person), year, &used))
}

async fn used_by_all(
    office: &Office,
    conn: &mut PgConnection,
    applications: &[Application],
    year: i32,
) -> Result<HashMap<CeilingKey, Money>, Error> {
    let holders: Vec<PersonId> = applications.iter().filter_map(person_of).collect();
    if holders.is_empty() {
        return Ok(HashMap::new());
    }
    let codes: Vec<String> = office
        .catalogue
        .iter()
        .filter_map(Benefit::person_year_ceiling)
        .map(|bound| bound.code.clone())
        .collect();
    Ok(ceilings::used(conn, &codes, &holders, year).await?)
}

pub(crate) fn person_of(application: &Application) -> Option<PersonId> {
    application.answers.person?.person
}

fn left_of(
    bound: Option<&Ceiling>,
    person: Option<PersonId>,
    year: i32,
    used: &HashMap<CeilingKey, Money>,
) -> Option<Money> {
    let (bound, holder) = (bound?, person?);
    let key = CeilingKey {
        ceiling: bound.code.clone(),
        holder,
        year,
    };
    Some(ceiling::left(
        bound.limit,
        used.get(&key).copied().unwrap_or(Money::ZERO),
    ))
}

fn view(
    asker: &Asker,
    application: Application,
    benefit: Option<&Benefit>,
    facts: Option<&MemberFacts>,
    stored: Option<Decision>,
    ceiling_left: Option<Money>,
) -> Result<View, Error> {
    let is_draft = application.stage == Stage::Draft;
    let missing = match benefit.and_then(Benefit::form) {
        Some(form) if is_draft => application.answers.missing(form, facts),
        Some(_) | None => Vec::new(),
    };
    let decision = match (stored, benefit.and_then(Benefit::rules), facts) {
        (Some(decision), _, _) => Some(decision),
        (None, Some(rules), Some(facts)) if is_draft => assessment::foresee(
            rules,
            &application.answers,
            facts,
            ceiling_left,
            civil::civil_date(asker.now),
        )?,
        (None, _, _) => None,
    };
    let conditions = decision.map(|decision| decision.conditions).unwrap_or_default();
    Ok(View {
        application,
        missing,
        conditions,
        ceiling_left,
    })
}
