//! An agreement ends on a day: from that day on, in Casablanca, nothing is honoured under it.

use chrono::NaiveDate;
use kernel::civil::civil_date;

use super::Desk;
use super::administration::Order;
use crate::domain::agreement::Agreement;
use crate::error::Error;
use crate::store::book;

/// `ended_on`: today when absent.
///
/// # Errors
/// An unknown partner or agreement, a day in the past, an agreement that ends earlier already.
pub(crate) async fn end_agreement(
    desk: &Desk,
    order: &Order,
    partner: &str,
    reference: &str,
    ended_on: Option<NaiveDate>,
) -> Result<Agreement, Error> {
    let today = civil_date(order.now);
    let ended_on = ended_on.unwrap_or(today);
    let mut tx = desk.pool.begin().await?;
    let done = order.was_done(&mut tx).await?;
    book::turn_page(&mut tx).await?;
    let known = book::read(&mut tx).await?;
    let mut agreement = known
        .partner_named(partner)
        .ok_or(Error::PartnerNotFound)?
        .agreements
        .iter()
        .find(|agreement| agreement.reference == reference)
        .cloned()
        .ok_or(Error::AgreementNotFound)?;
    if done {
        return Ok(agreement);
    }
    if ended_on < today {
        return Err(Error::DayInThePast);
    }
    if agreement.ended_on.is_some_and(|end| end <= ended_on) {
        return Err(Error::AgreementEnded);
    }
    book::end_agreement(&mut tx, agreement.id, ended_on).await?;
    agreement.ended_on = Some(ended_on);
    order
        .done(
            &mut tx,
            "agreement",
            agreement.id.as_uuid(),
            "ended",
            &["ended_on"],
        )
        .await?;
    tx.commit().await?;
    Ok(agreement)
}
