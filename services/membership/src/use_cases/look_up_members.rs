//! What agents are shown of members: labels for lists, one member for a file, one by payroll number at the desk. Whose file an agent may open is
//! decided by benefits; that the caller is such an agent, by the permission table.

use chrono::{DateTime, Utc};
use kernel::civil::civil_date;
use kernel::{Matricule, MemberId};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::position_history::{Period, in_force};
use crate::error::Error;
use crate::store::members::{self, Named};
use crate::store::{contacts, positions};

/// Most members of one call.
pub(crate) const MAX_LABELS: usize = 200;

/// A member's name and number with the position of today.
pub(crate) struct Label {
    pub(crate) named: Named,
    pub(crate) position: Period,
}

/// The labels of these members; unknown ids are left out.
pub(crate) async fn labels(
    pool: &PgPool,
    members: &[MemberId],
    now: DateTime<Utc>,
) -> Result<Vec<Label>, Error> {
    let ids: Vec<Uuid> = members.iter().map(|id| id.as_uuid()).collect();
    let mut tx = pool
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let labels = load(&mut tx, &ids, now).await?;
    tx.commit().await?;
    Ok(labels)
}

/// Who bears a payroll number, for the desk.
pub(crate) struct AtDesk {
    pub(crate) label: Label,
    /// There is an address on file.
    pub(crate) has_address: bool,
    /// A death is recorded.
    pub(crate) deceased: bool,
}

pub(crate) async fn by_matricule(
    pool: &PgPool,
    matricule: &Matricule,
    now: DateTime<Utc>,
) -> Result<AtDesk, Error> {
    let mut tx = pool
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let found = members::by_matricule(&mut tx, &[matricule.as_str().to_owned()]).await?;
    let member = found
        .get(matricule.as_str())
        .map(|known| known.member)
        .ok_or(Error::MemberNotFound)?;
    let label = load(&mut tx, &[member], now).await?.pop();
    let label = label.ok_or(Error::MemberNotFound)?;
    let contact = contacts::of_member(&mut tx, member).await?;
    let has_address = contact.is_some_and(|contact| contact.email_sealed.is_some());
    let facts = members::facts(&mut tx, &[member]).await?.pop();
    let deceased = facts.is_some_and(|facts| facts.death_date.is_some());
    tx.commit().await?;
    Ok(AtDesk {
        label,
        has_address,
        deceased,
    })
}

async fn load(conn: &mut PgConnection, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Label>, Error> {
    let mut believed = positions::believed(conn, ids).await?;
    let today = civil_date(now);
    members::named(conn, ids)
        .await?
        .into_iter()
        .map(|named| {
            let rows = believed.remove(&named.member_id).unwrap_or_default();
            let history: Vec<Period> = rows.iter().map(|row| row.period).collect();
            let position = in_force(&history, today).ok_or(Error::Corrupt("a member without a position"))?;
            Ok(Label { named, position })
        })
        .collect()
}
