//! A partner checks a code. Two statements whatever the codes: one that finds everything the answers rest on, one that writes them down. A code
//! that nobody was given, one that ended, a suspended card and a child too old differ in the reason that the member may read, and in nothing else.

use std::sync::Arc;

use kernel::VerificationId;
use kernel::civil::civil_date;
use platform::ids::uuid_v7;

use super::Desk;
use crate::domain::book::{Book, Scope};
use crate::domain::card_code::CardCode;
use crate::domain::category::Category;
use crate::domain::check::{KnownCard, Refusal, all_periods, judge, valid_until};
use crate::error::Error;
use crate::store::card_codes::{Question, look_up};
use crate::store::verifications::{self, NewCheck};

use chrono::{DateTime, Utc};
use kernel::BasisPoints;

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
    let questions: Vec<Question<'_>> = checks
        .iter()
        .map(|check| Question {
            code_hash: desk.codes.hash(&check.code),
            client: &check.client,
            offer_code: &check.offer_code,
        })
        .collect();
    let mut conn = desk.pool.acquire().await?;
    let (revision, cards) = look_up(&mut conn, &questions, day, &all_periods(day)).await?;
    let book = desk.book.at(&mut conn, revision).await?;
    let mut written = Vec::with_capacity(checks.len());
    let mut answers = Vec::with_capacity(checks.len());
    for (check, card) in checks.iter().zip(cards) {
        answers.push(match judged(desk, &book, check, card.as_ref(), now) {
            Ok((entry, answer)) => {
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

/// What is written down of a check, and what is answered.
fn judged<'a>(
    desk: &Desk,
    book: &'a Book,
    check: &'a Check,
    card: Option<&KnownCard>,
    now: DateTime<Utc>,
) -> Result<(NewCheck<'a>, Answer), Error> {
    let day = civil_date(now);
    let partner = book.partner_of(&check.client, Scope::Verify)?;
    let standing = partner
        .standing(day, &check.offer_code, &check.counter_code)
        .map_err(Error::NoTerms)?;
    let verdict = judge(card, &standing, day, now);
    let until = valid_until(standing.agreement, day, now, desk.lives.answer);
    let holder = card.and_then(|card| {
        let holder = card.holder?;
        Some((card.member, card.person, holder.category))
    });
    let id = VerificationId::from_uuid(uuid_v7(now));
    let entry = NewCheck {
        id,
        at: now,
        partner: partner.id,
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
    tracing::debug!(partner.id = %partner.id, verification.id = %id, valid = verdict.is_ok(), "a card was checked");
    let answer = Answer {
        verification: id,
        valid: verdict.ok().map(|category| Valid {
            category,
            percent: standing.offer.percent,
            until,
        }),
    };
    Ok((entry, answer))
}
