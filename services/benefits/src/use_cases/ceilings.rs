//! What an application takes of its benefit's ceiling, from sending to decision. Called inside the transactions of the use cases that move
//! an application, with its row locked:
//!
//! - sending, and sending again after a correction: [`reserve_when_sent`] (a use of a bound on uses; a corrected day may move it to another year);
//! - proposing an amount: [`reserve_amount`] (of a bound on money; a bound on uses is reserved already); a proposal that is sent back gives it
//!   back by [`release_amount`];
//! - granting: [`commit`]; refusing and withdrawing: [`release`].
//!
//! What does not fit is `false`: the caller refuses with [`Error::CeilingReached`], and its transaction ends.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, Money};
use sqlx::PgConnection;

use crate::domain::application::Application;
use crate::domain::catalogue::{Benefit, Bound};
use crate::domain::ceiling::{CeilingKey, Standing};
use crate::domain::member::MemberFacts;
use crate::error::Error;
use crate::store::ceilings;

/// How the ceiling stands for this application, as if it had taken nothing yet: what rules judge it by. None without a ceiling, and before
/// the answers that it needs. `sent_in` is the civil year of the submission.
pub(crate) async fn standing(
    conn: &mut PgConnection,
    benefit: &Benefit,
    application: &Application,
    facts: Option<&MemberFacts>,
    sent_in: i32,
) -> Result<Option<Standing>, Error> {
    let keys = keys(benefit, application, facts, sent_in);
    if keys.is_empty() {
        return Ok(None);
    }
    let used = ceilings::used_by_others(conn, &keys, application.id).await?;
    Ok(of(benefit, &keys, &used))
}

/// The counters of an application, none when it has no ceiling or not the answers that it needs.
pub(crate) fn keys(
    benefit: &Benefit,
    application: &Application,
    facts: Option<&MemberFacts>,
    sent_in: i32,
) -> Vec<CeilingKey> {
    benefit
        .ceiling()
        .and_then(|ceiling| ceiling.keys(&application.answers, facts, sent_in))
        .unwrap_or_default()
}

/// How the fullest of these counters stands, whoever took from it.
pub(crate) fn of(
    benefit: &Benefit,
    keys: &[CeilingKey],
    used: &HashMap<CeilingKey, i64>,
) -> Option<Standing> {
    let ceiling = benefit.ceiling()?;
    let year = keys.first()?.year;
    let fullest = keys
        .iter()
        .map(|key| used.get(key).copied().unwrap_or_default())
        .max()?;
    Some(ceiling.standing(fullest, year))
}

/// Takes what a draft takes when it is sent for the first time: it holds nothing yet, so that a ceiling of which nothing is taken then is not asked.
pub(crate) async fn reserve_first(
    conn: &mut PgConnection,
    benefit: &Benefit,
    draft: &Application,
    facts: &MemberFacts,
    sent_in: i32,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    match benefit.ceiling() {
        Some(ceiling) if matches!(ceiling.bound, Bound::Uses(_)) => {
            reserve_when_sent(conn, benefit, draft, facts, sent_in, now).await
        }
        Some(_) | None => Ok(true),
    }
}

/// Takes what a sent request takes at once. Called again it moves what was taken to where the answers now say.
pub(crate) async fn reserve_when_sent(
    conn: &mut PgConnection,
    benefit: &Benefit,
    application: &Application,
    facts: &MemberFacts,
    sent_in: i32,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let Some(ceiling) = benefit.ceiling() else {
        return Ok(true);
    };
    let takings = ceiling.taken_when_sent(keys(benefit, application, Some(facts), sent_in));
    Ok(ceilings::reserve(conn, application.id, &takings, now).await?)
}

/// Takes the amount of a proposed grant of a bound on money, in place of what an earlier proposal took; leaves a bound on uses alone.
pub(crate) async fn reserve_amount(
    conn: &mut PgConnection,
    benefit: &Benefit,
    application: &Application,
    facts: &MemberFacts,
    sent_in: i32,
    amount: Money,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    match benefit.ceiling() {
        Some(ceiling) if matches!(ceiling.bound, Bound::Money(_)) => {
            let takings = ceiling.taken_by_amount(keys(benefit, application, Some(facts), sent_in), amount);
            Ok(ceilings::reserve(conn, application.id, &takings, now).await?)
        }
        Some(_) | None => Ok(true),
    }
}

/// Gives back what a proposal took: the request is open again, and keeps the use that sending it took.
pub(crate) async fn release_amount(
    conn: &mut PgConnection,
    benefit: &Benefit,
    application: ApplicationId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    match benefit.ceiling() {
        Some(ceiling) if matches!(ceiling.bound, Bound::Money(_)) => release(conn, application, now).await,
        Some(_) | None => Ok(()),
    }
}

/// The grant: what is reserved is used for good.
pub(crate) async fn commit(
    conn: &mut PgConnection,
    application: ApplicationId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    Ok(ceilings::commit(conn, application, now).await?)
}

/// A refusal or a withdrawal: everything that is reserved is free again.
pub(crate) async fn release(
    conn: &mut PgConnection,
    application: ApplicationId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    Ok(ceilings::release(conn, application, now).await?)
}

#[cfg(test)]
mod tests;
