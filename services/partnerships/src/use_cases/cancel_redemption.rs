//! A partner takes a sale back within 24 hours; what it counted towards a limit is given back.

use kernel::RedemptionId;
use kernel::civil::civil_date;

use super::Desk;
use super::partner_request::{Answered, PartnerRequest};
use super::record_redemption::audit_line;
use crate::domain::book::Scope;
use crate::domain::check::all_periods;
use crate::domain::sale::Redemption;
use crate::error::Error;
use crate::events::published;
use crate::store::redemptions;

/// # Errors
/// A sale that is not the partner's, was taken back before, or is older than a day.
pub(crate) async fn cancel_redemption(
    desk: &Desk,
    request: &PartnerRequest,
    id: RedemptionId,
    render: fn(&Redemption) -> String,
) -> Result<Answered, Error> {
    let now = desk.clock.now();
    let mut tx = desk.pool.begin().await?;
    // Before the answer that may be kept, as with a sale.
    let book = desk.book.now(&mut tx).await?;
    let partner = book.partner_of(&request.client, Scope::Redeem)?;
    if let Some(answered) = request.claim(&mut tx, now).await? {
        return Ok(answered);
    }
    let sale = redemptions::locked(&mut tx, partner.id, id)
        .await?
        .ok_or(Error::RedemptionNotFound)?
        .cancelled(now)
        .map_err(Error::Sale)?;
    redemptions::cancel(&mut tx, &sale).await?;
    redemptions::give_back(&mut tx, &sale, &all_periods(civil_date(sale.occurred_at))).await?;
    audit_line(
        &mut tx,
        &request.client,
        &sale,
        "cancelled",
        &["cancelled_at"],
        now,
    )
    .await?;
    bus::enqueue(&mut tx, published::cancelled(&sale, now)).await?;
    let answered = request.complete(&mut tx, render(&sale)).await?;
    tx.commit().await?;
    desk.wake.now();
    Ok(answered)
}
