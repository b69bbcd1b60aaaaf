//! A new version of an agreement; the first one makes it.

use kernel::AgreementId;
use kernel::civil::civil_date;
use platform::ids::uuid_v7;

use super::Desk;
use super::administration::Order;
use crate::domain::agreement::{Agreement, Terms, Version, check_terms};
use crate::error::Error;
use crate::store::book;

/// # Errors
/// An unknown partner, an agreement that ended, terms that cannot be taken.
pub(crate) async fn put_agreement(
    desk: &Desk,
    order: &Order,
    partner: &str,
    reference: &str,
    terms: Terms,
) -> Result<Agreement, Error> {
    let mut tx = desk.pool.begin().await?;
    let done = order.was_done(&mut tx).await?;
    book::turn_page(&mut tx).await?;
    let known = book::read(&mut tx).await?;
    let partner = known.partner_named(partner).ok_or(Error::PartnerNotFound)?;
    let found = partner
        .agreements
        .iter()
        .find(|agreement| agreement.reference == reference);
    if let (Some(agreement), true) = (found, done) {
        return Ok(agreement.clone());
    }
    if found.is_some_and(|agreement| agreement.ended_on.is_some()) {
        return Err(Error::AgreementEnded);
    }
    let mut agreement = found.cloned().unwrap_or_else(|| Agreement {
        id: AgreementId::from_uuid(uuid_v7(order.now)),
        partner: partner.id,
        reference: reference.to_owned(),
        ended_on: None,
        versions: Vec::new(),
    });
    let faults = check_terms(reference, &terms, &agreement.versions, civil_date(order.now));
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let number = agreement.versions.last().map_or(1, |last| last.number + 1);
    let version = Version { number, terms };
    if number == 1 {
        book::insert_agreement(&mut tx, &agreement).await?;
    }
    book::insert_version(&mut tx, agreement.id, &version, order.now).await?;
    agreement.versions.push(version);
    order
        .done(
            &mut tx,
            "agreement",
            agreement.id.as_uuid(),
            "version_put",
            &["terms"],
        )
        .await?;
    tx.commit().await?;
    Ok(agreement)
}
