//! What a sale must satisfy to be recorded, and what it is worth: the platform computes the reduction, the partner's figure must be the same.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{AgreementId, BasisPoints, Money, PartnerId, PersonId, RedemptionId, VerificationId};

/// How far a partner's clock may differ.
const LEEWAY: TimeDelta = TimeDelta::minutes(5);
/// How late a sale may be told: a counter without a line tells at the end of the day.
const LATEST: TimeDelta = TimeDelta::hours(24);
/// How long a sale may be taken back.
const CANCELLABLE: TimeDelta = TimeDelta::hours(24);

/// A check as the sale refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verification {
    pub(crate) id: VerificationId,
    pub(crate) at: DateTime<Utc>,
    pub(crate) valid_until: DateTime<Utc>,
    /// What it was judged by.
    pub(crate) agreement: AgreementId,
    pub(crate) agreement_version: u32,
    pub(crate) offer_code: String,
    /// Whose card was found valid; none when it was not.
    pub(crate) person: Option<PersonId>,
}

/// What the partner says of the sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) gross: Money,
    pub(crate) reduction: Money,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) counter_code: String,
    pub(crate) partner_reference: String,
}

/// A recorded sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redemption {
    pub(crate) id: RedemptionId,
    pub(crate) verification: VerificationId,
    pub(crate) partner: PartnerId,
    pub(crate) agreement: AgreementId,
    pub(crate) agreement_version: u32,
    pub(crate) offer_code: String,
    pub(crate) counter_code: String,
    pub(crate) person: PersonId,
    pub(crate) partner_reference: String,
    pub(crate) gross: Money,
    pub(crate) reduction: Money,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
    /// Grows with each change.
    pub(crate) version: i64,
}

/// Why a sale is not recorded or not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SaleRefused {
    /// The check said that the card is not valid.
    NotVerified,
    /// The sale did not take place while the answer held.
    OutsideAnswer,
    /// It is to come.
    InFuture,
    ToldTooLate,
    GrossIsNothing,
    /// The platform's reduction, to the centime.
    ReductionDiffers(Money),
    AlreadyCancelled,
    CancelledTooLate,
}

/// The person who bought and the reduction, when the sale may be recorded.
///
/// # Errors
/// [`SaleRefused`].
pub(crate) fn decide(
    verification: &Verification,
    percent: BasisPoints,
    claimed: &Claimed,
    now: DateTime<Utc>,
) -> Result<(PersonId, Money), SaleRefused> {
    let person = verification.person.ok_or(SaleRefused::NotVerified)?;
    if claimed.occurred_at > now + LEEWAY {
        return Err(SaleRefused::InFuture);
    }
    if claimed.occurred_at < verification.at - LEEWAY || claimed.occurred_at >= verification.valid_until {
        return Err(SaleRefused::OutsideAnswer);
    }
    if now - claimed.occurred_at > LATEST {
        return Err(SaleRefused::ToldTooLate);
    }
    if claimed.gross <= Money::ZERO {
        return Err(SaleRefused::GrossIsNothing);
    }
    let reduction = claimed
        .gross
        .share(percent)
        .expect("an offer's share is at most the whole, which can be held");
    if reduction != claimed.reduction {
        return Err(SaleRefused::ReductionDiffers(reduction));
    }
    Ok((person, reduction))
}

impl Redemption {
    /// What the person paid.
    pub(crate) fn net(&self) -> Money {
        self.gross
            .checked_sub(self.reduction)
            .expect("the reduction is a share of the gross amount")
    }

    /// The last instant at which it may be taken back.
    pub(crate) fn cancellable_until(&self) -> DateTime<Utc> {
        self.recorded_at + CANCELLABLE
    }

    /// Taken back at `now`.
    ///
    /// # Errors
    /// Once is enough, and only for a day.
    pub(crate) fn cancelled(self, now: DateTime<Utc>) -> Result<Self, SaleRefused> {
        if self.cancelled_at.is_some() {
            return Err(SaleRefused::AlreadyCancelled);
        }
        if now > self.cancellable_until() {
            return Err(SaleRefused::CancelledTooLate);
        }
        Ok(Self {
            cancelled_at: Some(now),
            version: self.version + 1,
            ..self
        })
    }
}

#[cfg(test)]
#[path = "sale_tests.rs"]
mod tests;
