//! The identity check behind "open an account" and "forgotten password".
//!
//! Constant work: three HMACs, one statement, one round of comparisons, whether the person exists or not. No column is
//! opened: an address that matches is the typed one.

use chrono::{DateTime, Utc};
use kernel::civil::civil_date;
use kernel::{Matricule, MemberId, Position};
use sqlx::PgPool;

use crate::domain::identity_check::{OnFile, Typed, matches};
use crate::error::Error;
use crate::sealing::Sealing;
use crate::store::members::{self, StaffRecord};

/// What somebody typed, as it came.
pub(crate) struct Details<'a> {
    pub(crate) matricule: &'a str,
    pub(crate) cin: &'a str,
    pub(crate) position: &'a str,
    pub(crate) pension_number: &'a str,
    pub(crate) email: &'a str,
}

/// One person of the staff file whose every detail was typed.
pub(crate) struct Matched {
    pub(crate) member: MemberId,
    pub(crate) email: String,
    pub(crate) locale: String,
}

pub(crate) async fn match_staff_record(
    pool: &PgPool,
    sealing: &Sealing,
    details: Details<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Matched>, Error> {
    let typed = Typed {
        position: Position::parse(details.position).ok(),
        cin: sealing.typed_cin(details.cin),
        pension_number: sealing.typed_pension_number(details.pension_number),
        email: sealing.typed_email(details.email),
    };
    // What is no matricule is looked for too; nobody bears an empty one.
    let matricule =
        Matricule::parse(details.matricule).map_or_else(|_| String::new(), |m| m.as_str().to_owned());
    let mut conn = pool.acquire().await?;
    let found = members::staff_record(&mut conn, &matricule, civil_date(now)).await?;
    let on_file = found.as_ref().map_or_else(OnFile::nobody, compared_with);
    let matched = matches(&typed, &on_file);
    Ok(found.filter(|_| matched).map(|record| Matched {
        member: MemberId::from_uuid(record.member_id),
        email: details.email.trim().to_owned(),
        locale: record.language,
    }))
}

fn compared_with(record: &StaffRecord) -> OnFile {
    let position = record
        .position
        .as_deref()
        .and_then(|word| Position::parse(word).ok());
    OnFile {
        exists: position.is_some(),
        deceased: record.death_date.is_some(),
        position: position.unwrap_or(Position::Active),
        cin: record.cin_index.clone(),
        pension_number: record.pension_index.clone(),
        email: record.email_index.clone(),
    }
}

#[cfg(test)]
#[path = "match_staff_record_tests.rs"]
mod tests;
