//! The signed-in member's own record. The member's id comes from the token, so that nobody can ask for another's.

use chrono::{DateTime, Utc};
use kernel::civil::civil_date;
use kernel::{MemberId, Rib};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::position_history::{Period, in_force};
use crate::error::Error;
use crate::sealing::Sealing;
use crate::store::family_links::{self, Relative};
use crate::store::members::{self, OwnRecord};
use crate::store::{bank_accounts, positions};

/// The record with what was opened for its holder.
pub(crate) struct Record {
    pub(crate) record: OwnRecord,
    pub(crate) position: Period,
    pub(crate) family: Vec<Relative>,
    /// The account's version and its number; the caller masks it.
    pub(crate) account: Option<(Uuid, Rib)>,
}

pub(crate) async fn get_own_record(
    pool: &PgPool,
    sealing: &Sealing,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<Record, Error> {
    let id = member.as_uuid();
    let mut tx = pool
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let record = members::own_record(&mut tx, id)
        .await?
        .ok_or(Error::MemberNotFound)?;
    let believed = positions::believed(&mut tx, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default();
    let family = family_links::relatives(&mut tx, &[id]).await?;
    let account = match (record.bank_account_id, &record.rib_sealed) {
        (Some(account), Some(sealed)) => {
            let key = sealing
                .cipher
                .existing_person_key(&mut tx, record.person_id)
                .await?;
            let key = key.ok_or(Error::Corrupt("a sealed account without a key"))?;
            Some((account, bank_accounts::open(&key, account, sealed)?))
        }
        _ => None,
    };
    tx.commit().await?;
    let history: Vec<Period> = believed.iter().map(|b| b.period).collect();
    let position =
        in_force(&history, civil_date(now)).ok_or(Error::Corrupt("a member without a position"))?;
    Ok(Record {
        record,
        position,
        family,
        account,
    })
}
