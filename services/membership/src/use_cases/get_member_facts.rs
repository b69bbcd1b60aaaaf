//! The facts that other services decide on, newest version each. Who is unknown is left out of the answer.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::civil::civil_date;
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::position_history::{Period, in_force};
use crate::error::Error;
use crate::store::family_links::{self, Relative};
use crate::store::members::{self, Facts};
use crate::store::{
    positions,
    workplaces::{self, Workplace},
};

/// More would be a page of its own.
pub(crate) const MAX_IDS: usize = 200;

/// One member with position and family.
pub(crate) struct MemberFacts {
    pub(crate) facts: Facts,
    /// In force on the day of the answer.
    pub(crate) position: Period,
    /// Everything that is believed, the earliest first; what is to come is announced only once, when it becomes known.
    pub(crate) history: Vec<Period>,
    /// The earliest first.
    pub(crate) workplaces: Vec<Workplace>,
    pub(crate) relatives: Vec<Relative>,
}

/// All from one snapshot, so that a version always stands beside the facts that it names.
pub(crate) async fn get_member_facts(
    pool: &PgPool,
    members: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<MemberFacts>, Error> {
    if members.len() > MAX_IDS {
        return Err(Error::TooManyIds { limit: MAX_IDS });
    }
    let mut tx = pool
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let facts = members::facts(&mut tx, members).await?;
    let mut places = workplaces::of_members(&mut tx, members).await?;
    let mut believed = positions::believed(&mut tx, members).await?;
    let mut families: HashMap<Uuid, Vec<Relative>> = HashMap::new();
    for relative in family_links::relatives(&mut tx, members).await? {
        families.entry(relative.member).or_default().push(relative);
    }
    tx.commit().await?;
    let today = civil_date(now);
    facts
        .into_iter()
        .map(|facts| {
            let history: Vec<Period> = believed
                .remove(&facts.member_id)
                .unwrap_or_default()
                .iter()
                .map(|b| b.period)
                .collect();
            let position = in_force(&history, today).ok_or(Error::Corrupt("a member without a position"))?;
            let relatives = families.remove(&facts.member_id).unwrap_or_default();
            let workplaces = places.remove(&facts.member_id).unwrap_or_default();
            Ok(MemberFacts {
                workplaces,
                facts,
                position,
                history,
                relatives,
            })
        })
        .collect()
}
