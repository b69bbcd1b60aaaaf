//! A partner records a sale with a reduction: once per check and per reference, within the agreement's limits, at the amounts that the platform
//! computes.

use kernel::civil::civil_date;
use kernel::{RedemptionId, VerificationId};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;
use sqlx::PgConnection;

use super::Desk;
use super::partner_request::{Answered, PartnerRequest};
use crate::domain::book::{Scope, Standing};
use crate::domain::check::periods;
use crate::domain::sale::{Claimed, Redemption, decide};
use crate::error::Error;
use crate::events::published;
use crate::store::{redemptions, verifications, violates};

/// The trail's name of a sale.
pub(super) const RECORD: &str = "redemption";

/// `render` writes the answer that is kept with the key.
///
/// # Errors
/// Whatever keeps the sale from being recorded; nothing is kept then.
pub(crate) async fn record_redemption(
    desk: &Desk,
    request: &PartnerRequest,
    verification: VerificationId,
    claimed: &Claimed,
    render: fn(&Redemption) -> String,
) -> Result<Answered, Error> {
    let now = desk.clock.now();
    let mut tx = desk.pool.begin().await?;
    // Before the answer that may be kept: who is not heard any more is not told again either.
    let book = desk.book.now(&mut tx).await?;
    let partner = book.partner_of(&request.client, Scope::Redeem)?;
    if let Some(answered) = request.claim(&mut tx, now).await? {
        return Ok(answered);
    }
    let checked = verifications::locked(&mut tx, partner.id, verification)
        .await?
        .ok_or(Error::VerificationNotFound)?;
    // The terms that the check was judged by: what the counter was promised holds, though the agreement ended or changed since.
    let standing = partner
        .standing_of(
            checked.agreement,
            checked.agreement_version,
            &checked.offer_code,
            &claimed.counter_code,
        )
        .map_err(Error::NoTerms)?;
    let (person, reduction) = decide(&checked, standing.offer.percent, claimed, now).map_err(Error::Sale)?;
    let sale = Redemption {
        id: RedemptionId::from_uuid(uuid_v7(now)),
        verification,
        partner: partner.id,
        agreement: standing.agreement.id,
        agreement_version: standing.version,
        offer_code: checked.offer_code.clone(),
        counter_code: claimed.counter_code.clone(),
        person,
        partner_reference: claimed.partner_reference.clone(),
        gross: claimed.gross,
        reduction,
        occurred_at: claimed.occurred_at,
        recorded_at: now,
        cancelled_at: None,
        version: 1,
    };
    insert(&mut tx, &sale, &request.client).await?;
    take_from_limits(&mut tx, &sale, &standing).await?;
    audit_line(
        &mut tx,
        &request.client,
        &sale,
        "recorded",
        &["gross", "reduction"],
        now,
    )
    .await?;
    bus::enqueue(&mut tx, published::recorded(&sale, now)).await?;
    let answered = request.complete(&mut tx, render(&sale)).await?;
    tx.commit().await?;
    desk.wake.now();
    Ok(answered)
}

async fn insert(conn: &mut PgConnection, sale: &Redemption, client: &str) -> Result<(), Error> {
    redemptions::insert(conn, sale, client).await.map_err(|error| {
        if violates(&error, redemptions::ONE_PER_VERIFICATION) {
            Error::AlreadyRedeemed
        } else if violates(&error, redemptions::ONE_PER_REFERENCE) {
            Error::ReferenceUsed
        } else {
            error.into()
        }
    })
}

async fn take_from_limits(
    conn: &mut PgConnection,
    sale: &Redemption,
    standing: &Standing<'_>,
) -> Result<(), Error> {
    for (period, limit) in periods(&standing.offer.limits, civil_date(sale.occurred_at)) {
        if !redemptions::take(conn, sale, &period, limit).await? {
            return Err(Error::LimitReached);
        }
    }
    Ok(())
}

/// A line in the trail of the sale, in the name of the client.
pub(super) async fn audit_line(
    conn: &mut PgConnection,
    client: &str,
    sale: &Redemption,
    action: &'static str,
    fields: &[&'static str],
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let actor = Actor {
        kind: kernel::CallerKind::Partner.as_str().to_owned(),
        id: client.to_owned(),
    };
    let entry = AuditEntry {
        record_kind: RECORD,
        record_id: sale.id.as_uuid(),
        actor: &actor,
        action,
        fields,
        reason: None,
        at,
    };
    Ok(audit::record(conn, entry).await?)
}
