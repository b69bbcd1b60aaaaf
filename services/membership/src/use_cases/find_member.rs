//! Who bears a payroll number, for agents' accounts and the desk: callers of the platform alone, since the answer tells that somebody exists.

use chrono::{DateTime, Utc};
use kernel::civil::civil_date;
use kernel::{Matricule, MemberId};
use sqlx::PgPool;

use crate::error::Error;
use crate::store::{family_links, members};

/// A living member, without anything that names them.
pub(crate) struct Found {
    pub(crate) member: MemberId,
    pub(crate) position: String,
    pub(crate) has_address: bool,
    pub(crate) locale: String,
    /// Of one family with whom it was asked about, or that member.
    pub(crate) is_relative: bool,
}

pub(crate) async fn find_member(
    pool: &PgPool,
    matricule: &str,
    relative_of: Option<MemberId>,
    now: DateTime<Utc>,
) -> Result<Found, Error> {
    let matricule = Matricule::parse(matricule).map_err(|_| Error::MemberNotFound)?;
    let mut conn = pool.acquire().await?;
    let record = members::staff_record(&mut conn, matricule.as_str(), civil_date(now))
        .await?
        .filter(|record| record.death_date.is_none())
        .ok_or(Error::MemberNotFound)?;
    let is_relative = match relative_of {
        Some(other) => family_links::is_one_family(&mut conn, other.as_uuid(), record.member_id).await?,
        None => false,
    };
    Ok(Found {
        is_relative,
        member: MemberId::from_uuid(record.member_id),
        position: record.position.unwrap_or_default(),
        has_address: record.email_index.is_some(),
        locale: record.language,
    })
}
