//! A partner checks a code. The same statements whatever the codes: one that finds what the answers rest on, one that counts sales where an offer has
//! a limit, one that writes the checks down. A code that nobody was given, one that ended, a suspended card and a child too old differ in the reason that
//! the member may read, and in nothing else.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::civil::civil_date;
use kernel::{BasisPoints, PartnerId, VerificationId};
use platform::ids::uuid_v7;
use sqlx::PgConnection;

use super::Desk;
use crate::domain::agreement::Limits;
use crate::domain::book::{Book, Partner, Scope, Standing};
use crate::domain::card_code::CardCode;
use crate::domain::category::Category;
use crate::domain::check::{KnownCard, Refusal, all_periods, judge, valid_until};
use crate::error::Error;
use crate::store::card_codes::look_up;
use crate::store::redemptions::{self, Counted};
use crate::store::verifications::{self, NewCheck};

/// What a partner asks.
pub(crate) struct Check {
    pub(crate) client: String,
    pub(crate) code: CardCode,
    pub(crate) offer_code: String,
    pub(crate) counter_code: String,
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

/// Answers checks that came together, each for itself, in their order. They share two statements and a commit, and nothing else.
///
/// A check fails for a client that speaks for nobody, no agreement in force, an offer or counter that it does not have: what is wrong with the partner,
/// never what is wrong with the card.
pub(crate) async fn verify_cards(desk: &Desk, checks: &[Check]) -> Vec<Result<Answer, Arc<Error>>> {
    if checks.is_empty() {
        return Vec::new();
    }
    let mut failure = match together(desk, checks).await {
        Ok(answers) => return answers,
        Err(error) => Arc::new(error),
    };
    // The database refused them and wrote none: one of them may be at fault, and nobody is refused for another's. While it is away nothing is tried
    // again: what was sent may have been written, and each would wait in turn.
    let mut answers = Vec::with_capacity(checks.len());
    while checks.len() > 1 && answers.len() < checks.len() && !failure.is_transient() {
        match together(desk, &checks[answers.len()..=answers.len()]).await {
            Ok(own) => answers.extend(own),
            Err(error) => {
                failure = Arc::new(error);
                answers.push(Err(Arc::clone(&failure)));
            }
        }
    }
    answers.resize_with(checks.len(), || Err(Arc::clone(&failure)));
    answers
}

/// # Errors
/// What all of them failed for; then none is written down.
async fn together(desk: &Desk, checks: &[Check]) -> Result<Vec<Result<Answer, Arc<Error>>>, Error> {
    let now = desk.clock.now();
    let day = civil_date(now);
    let hashes: Vec<Vec<u8>> = checks.iter().map(|check| desk.codes.hash(&check.code)).collect();
    let mut conn = desk.pool.acquire().await?;
    let (revision, mut cards) = look_up(&mut conn, &hashes, day).await?;
    let book = desk.book.at(&mut conn, revision).await?;
    let terms: Vec<_> = checks.iter().map(|check| terms_of(&book, check, day)).collect();
    count_sales(&mut conn, &terms, &mut cards, day).await?;
    let mut written = Vec::with_capacity(checks.len());
    let mut answers = Vec::with_capacity(checks.len());
    for ((check, terms), card) in checks.iter().zip(terms).zip(cards) {
        answers.push(match terms {
            Ok((partner, standing)) => {
                let (entry, answer) = judged(desk, (partner.id, &standing), check, card.as_ref(), now);
                written.push(entry);
                Ok(answer)
            }
            Err(error) => Err(Arc::new(error)),
        });
    }
    if !written.is_empty() {
        verifications::insert(&mut conn, &written).await?;
    }
    Ok(answers)
}

fn terms_of<'a>(book: &'a Book, check: &Check, day: NaiveDate) -> Result<(&'a Partner, Standing<'a>), Error> {
    let partner = book.partner_of(&check.client, Scope::Verify)?;
    let standing = partner
        .standing(day, &check.offer_code, &check.counter_code)
        .map_err(Error::NoTerms)?;
    Ok((partner, standing))
}

/// Adds the sales so far where the offer has a limit, whether or not there is a card.
async fn count_sales(
    conn: &mut PgConnection,
    terms: &[Result<(&Partner, Standing<'_>), Error>],
    cards: &mut [Option<KnownCard>],
    day: NaiveDate,
) -> Result<(), Error> {
    let (mut places, mut counted) = (Vec::new(), Vec::new());
    for (place, (terms, card)) in terms.iter().zip(cards.iter()).enumerate() {
        if let Ok((partner, standing)) = terms
            && standing.offer.limits != Limits::default()
        {
            places.push(place);
            counted.push(Counted {
                partner: partner.id,
                offer_code: &standing.offer.code,
                person: card.as_ref().map(|card| card.person),
            });
        }
    }
    if counted.is_empty() {
        return Ok(());
    }
    let used = redemptions::used(conn, &counted, &all_periods(day)).await?;
    for (place, used) in places.into_iter().zip(used) {
        if let Some(card) = &mut cards[place] {
            card.used = used;
        }
    }
    Ok(())
}

/// What is written down of a check, and what is answered.
fn judged<'a>(
    desk: &Desk,
    (partner, standing): (PartnerId, &Standing<'_>),
    check: &'a Check,
    card: Option<&KnownCard>,
    now: DateTime<Utc>,
) -> (NewCheck<'a>, Answer) {
    let day = civil_date(now);
    let verdict = judge(card, standing, day, now);
    let until = valid_until(standing.agreement, day, now, desk.lives.answer);
    let holder = card.and_then(|card| {
        let holder = card.holder?;
        Some((card.member, card.person, holder.category))
    });
    let id = VerificationId::from_uuid(uuid_v7(now));
    let entry = NewCheck {
        id,
        at: now,
        partner,
        client: &check.client,
        agreement: standing.agreement.id,
        agreement_version: standing.version,
        offer_code: &check.offer_code,
        counter_code: &check.counter_code,
        holder,
        refusal: verdict.err().map(Refusal::as_str),
        percent: standing.offer.percent.value(),
        valid_until: until,
    };
    tracing::debug!(partner.id = %partner, verification.id = %id, valid = verdict.is_ok(), "a card was checked");
    let answer = Answer {
        verification: id,
        valid: verdict.ok().map(|category| Valid {
            category,
            percent: standing.offer.percent,
            until,
        }),
    };
    (entry, answer)
}
