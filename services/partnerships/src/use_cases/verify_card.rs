//! A partner checks a code. Two statements whatever the code: one that finds everything the answer rests on, one that writes the answer down. A code
//! that nobody was given, one that ended, a suspended card and a child too old differ in the reason that the member may read, and in nothing else.

use kernel::VerificationId;
use kernel::civil::civil_date;
use platform::ids::uuid_v7;

use super::Desk;
use crate::domain::book::Scope;
use crate::domain::card_code::CardCode;
use crate::domain::category::Category;
use crate::domain::check::{Refusal, all_periods, judge, valid_until};
use crate::error::Error;
use crate::store::card_codes::{Question, look_up};
use crate::store::verifications::{self, NewCheck};

use chrono::{DateTime, Utc};
use kernel::BasisPoints;

/// What a partner asks.
#[derive(Debug)]
pub(crate) struct Check<'a> {
    pub(crate) client: &'a str,
    pub(crate) code: &'a CardCode,
    pub(crate) offer_code: &'a str,
    pub(crate) counter_code: &'a str,
}

/// What it is told.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) verification: VerificationId,
    /// None: not valid.
    pub(crate) valid: Option<Valid>,
}

/// The card is good.
#[derive(Debug)]
pub(crate) struct Valid {
    pub(crate) category: Category,
    pub(crate) percent: BasisPoints,
    pub(crate) until: DateTime<Utc>,
}

/// # Errors
/// A client that speaks for nobody, no agreement in force, an offer or counter that it does not have: what is wrong with the partner, never what is
/// wrong with the card.
pub(crate) async fn verify_card(desk: &Desk, check: &Check<'_>) -> Result<Answer, Error> {
    let now = desk.clock.now();
    let day = civil_date(now);
    let question = Question {
        code_hash: &desk.codes.hash(check.code),
        client: check.client,
        offer_code: check.offer_code,
        day,
        periods: &all_periods(day),
    };
    let mut conn = desk.pool.acquire().await?;
    let (revision, card) = look_up(&mut conn, &question).await?;
    let book = desk.book.at(&mut conn, revision).await?;
    let partner = book.partner_of(check.client, Scope::Verify)?;
    let standing = partner
        .standing(day, check.offer_code, check.counter_code)
        .map_err(Error::NoTerms)?;
    let verdict = judge(card.as_ref(), &standing, day, now);
    let until = valid_until(standing.agreement, day, now, desk.lives.answer);
    let holder = card.as_ref().and_then(|card| {
        let holder = card.holder?;
        Some((card.member, card.person, holder.category))
    });
    let id = VerificationId::from_uuid(uuid_v7(now));
    let written = NewCheck {
        id,
        at: now,
        partner: partner.id,
        client: check.client,
        agreement: standing.agreement.id,
        agreement_version: standing.version,
        offer_code: check.offer_code,
        counter_code: check.counter_code,
        holder,
        refusal: verdict.err().map(Refusal::as_str),
        percent: standing.offer.percent.value(),
        valid_until: until,
    };
    verifications::insert(&mut conn, &written).await?;
    tracing::debug!(partner.id = %partner.id, verification.id = %id, valid = verdict.is_ok(), "a card was checked");
    Ok(Answer {
        verification: id,
        valid: verdict.ok().map(|category| Valid {
            category,
            percent: standing.offer.percent,
            until,
        }),
    })
}
