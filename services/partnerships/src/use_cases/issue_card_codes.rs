//! The member opens the card page: a fresh code for everybody of the household whom an agreement covers today, a reason for everybody else.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::civil::civil_date;
use kernel::{BasisPoints, MemberId, PersonId};
use platform::ids::random;
use sqlx::PgConnection;

use super::Desk;
use crate::domain::agreement::Version;
use crate::domain::book::{Book, Partner};
use crate::domain::card_code::{CardCode, LENGTH};
use crate::domain::category::Category;
use crate::domain::coverage::cover;
use crate::domain::household::Holder;
use crate::error::Error;
use crate::store::{card_codes, member_facts};

/// No partner honours the card today.
const NO_AGREEMENT: &str = "NO_AGREEMENT";

/// The household's cards.
#[derive(Debug)]
pub(crate) struct Cards {
    pub(crate) cards: Vec<PersonCard>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// One person's card: a code, or why there is none.
#[derive(Debug)]
pub(crate) struct PersonCard {
    pub(crate) person: PersonId,
    pub(crate) category: Category,
    pub(crate) code: Result<CardCode, &'static str>,
    pub(crate) offers: Vec<OfferCover>,
}

/// What one offer in force is to the person.
#[derive(Debug, Clone)]
pub(crate) struct OfferCover {
    pub(crate) partner_code: String,
    pub(crate) partner_name: (String, String),
    pub(crate) offer_code: String,
    pub(crate) offer_name: (String, String),
    pub(crate) percent: BasisPoints,
    pub(crate) refusal: Option<&'static str>,
    /// Ages of children, when the agreement covers any.
    pub(crate) child_ages: Option<(u16, u16)>,
    pub(crate) last_day: Option<NaiveDate>,
}

/// # Errors
/// Facts that have not arrived, codes asked for too often.
pub(crate) async fn issue_card_codes(desk: &Desk, member: MemberId) -> Result<Cards, Error> {
    let now = desk.clock.now();
    let today = civil_date(now);
    let mut tx = desk.pool.begin().await?;
    let book = desk.book.now(&mut tx).await?;
    // Locked: two pages that are opened at once end with one set of codes.
    let household = member_facts::locked(&mut tx, member)
        .await?
        .ok_or(Error::FactsUnknown)?;
    keep_within_the_hour(&mut tx, desk, member, now).await?;
    let persons: Vec<PersonId> = std::iter::once(household.person)
        .chain(household.relatives.iter().map(|relative| relative.person))
        .collect();
    let suspended = card_codes::suspended(&mut tx, &persons).await?;
    let mut fresh = HashSet::new();
    let cards: Vec<PersonCard> = household
        .holders(today, &suspended)
        .iter()
        .map(|holder| card_of(&book, holder, today, &mut fresh))
        .collect();
    let expires_at = now + desk.lives.code;
    let hashes: Vec<(PersonId, Vec<u8>)> = cards
        .iter()
        .filter_map(|card| Some((card.person, desk.codes.hash(card.code.as_ref().ok()?))))
        .collect();
    card_codes::void(&mut tx, member, now).await?;
    card_codes::insert(&mut tx, member, &hashes, now, expires_at).await?;
    tx.commit().await?;
    Ok(Cards { cards, expires_at })
}

async fn keep_within_the_hour(
    conn: &mut PgConnection,
    desk: &Desk,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let hour = TimeDelta::hours(1);
    let issued = card_codes::issued_since(conn, member, now - hour).await?;
    match issued.first() {
        Some(first) if issued.len() >= desk.lives.sets_per_hour => {
            Err(Error::CodesTooOften(*first + hour - now))
        }
        Some(_) | None => Ok(()),
    }
}

fn card_of(book: &Book, holder: &Holder, today: NaiveDate, fresh: &mut HashSet<String>) -> PersonCard {
    let offers: Vec<OfferCover> = book
        .partners
        .iter()
        .flat_map(|partner| {
            partner
                .agreements
                .iter()
                .filter_map(move |agreement| Some((agreement.in_force(today)?, agreement.end_after(today))))
                .flat_map(move |(version, end)| covers(partner, version, end, holder, today))
        })
        .collect();
    let code = if offers.iter().any(|offer| offer.refusal.is_none()) {
        Ok(fresh_code(fresh))
    } else {
        Err(offers
            .first()
            .and_then(|offer| offer.refusal)
            .unwrap_or(NO_AGREEMENT))
    };
    PersonCard {
        person: holder.person,
        category: holder.category,
        code,
        offers,
    }
}

fn covers(
    partner: &Partner,
    version: &Version,
    end: Option<NaiveDate>,
    holder: &Holder,
    today: NaiveDate,
) -> Vec<OfferCover> {
    let terms = &version.terms;
    let refusal = cover(terms, holder, today).err().map(|why| why.as_str());
    let child_ages = terms
        .categories
        .contains(&Category::Child)
        .then_some((terms.child_ages.from, terms.child_ages.to));
    terms
        .offers
        .iter()
        .map(|offer| OfferCover {
            partner_code: partner.code.clone(),
            partner_name: (partner.name_ar.clone(), partner.name_fr.clone()),
            offer_code: offer.code.clone(),
            offer_name: (offer.name_ar.clone(), offer.name_fr.clone()),
            percent: offer.percent,
            refusal,
            child_ages,
            last_day: end.and_then(|end| end.pred_opt()),
        })
        .collect()
}

/// A code that nobody else of this set has. One that an earlier set had is refused by the table, once in a thousand million million.
fn fresh_code(fresh: &mut HashSet<String>) -> CardCode {
    loop {
        let code = CardCode::from_random(random::<LENGTH>());
        if fresh.insert(code.as_str().to_owned()) {
            return code;
        }
    }
}
