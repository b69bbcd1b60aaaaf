//! What a partner's check of a code answers. Everything that is not valid looks alike to the partner; the reason is kept for the member.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use kernel::civil::start_of_day;
use kernel::{MemberId, PersonId};

use super::agreement::{Agreement, Limits};
use super::book::Standing;
use super::category::Category;
use super::coverage::{NotCovered, cover};
use super::household::Holder;

/// A code that was given out, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownCard {
    pub(crate) member: MemberId,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) voided_at: Option<DateTime<Utc>>,
    /// None when the record says nothing of the person any more.
    pub(crate) holder: Option<Holder>,
    pub(crate) person: PersonId,
    /// Sales so far by period.
    pub(crate) used: BTreeMap<String, u32>,
}

/// Why a check is not valid. For the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody was given this code, or it ended more than a day ago.
    Unknown,
    CodeExpired,
    CodeVoided,
    NoLongerDeclared,
    LimitReached,
    NotCovered(NotCovered),
}

impl Refusal {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::CodeExpired => "CODE_EXPIRED",
            Self::CodeVoided => "CODE_VOIDED",
            Self::NoLongerDeclared => "NO_LONGER_DECLARED",
            Self::LimitReached => "LIMIT_REACHED",
            Self::NotCovered(why) => why.as_str(),
        }
    }
}

/// # Errors
/// Why the card is not valid.
pub(crate) fn judge(
    card: Option<&KnownCard>,
    standing: &Standing<'_>,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Category, Refusal> {
    let card = card.ok_or(Refusal::Unknown)?;
    if card.voided_at.is_some() {
        return Err(Refusal::CodeVoided);
    }
    if card.expires_at <= now {
        return Err(Refusal::CodeExpired);
    }
    let holder = card.holder.ok_or(Refusal::NoLongerDeclared)?;
    cover(standing.terms, &holder, day).map_err(Refusal::NotCovered)?;
    let reached = periods(&standing.offer.limits, day)
        .iter()
        .any(|(period, limit)| card.used.get(period).is_some_and(|used| used >= limit));
    if reached {
        return Err(Refusal::LimitReached);
    }
    Ok(holder.category)
}

/// The periods in which sales are counted for a day, in the order in which their counters are locked, each with its limit. Sales are counted in
/// all of them, limited or not: a limit that a later version sets finds the count that it needs.
pub(crate) fn periods(limits: &Limits, day: NaiveDate) -> [(String, u32); 3] {
    let (year, month) = (day.year(), day.month());
    [
        (format!("day {day}"), limits.per_day.unwrap_or(u32::MAX)),
        (
            format!("month {year}-{month:02}"),
            limits.per_month.unwrap_or(u32::MAX),
        ),
        (format!("year {year}"), limits.per_year.unwrap_or(u32::MAX)),
    ]
}

/// The names of a day's periods: what a look-up asks for before it knows the terms, and what a cancelled sale gives back.
pub(crate) fn all_periods(day: NaiveDate) -> Vec<String> {
    periods(&Limits::default(), day)
        .into_iter()
        .map(|(period, _)| period)
        .collect()
}

/// Until when the answer of a check holds: so many minutes, and never past the end of what it was judged by.
pub(crate) fn valid_until(
    agreement: &Agreement,
    day: NaiveDate,
    now: DateTime<Utc>,
    life: TimeDelta,
) -> DateTime<Utc> {
    let until = now + life;
    agreement
        .end_after(day)
        .map_or(until, |end| until.min(start_of_day(end)))
}

#[cfg(test)]
mod tests {
    use kernel::Position;

    use super::*;
    use crate::domain::agreement::Terms;
    use crate::domain::agreement::tests::{agreement, coach_terms};
    use crate::domain::household::tests::{day, person};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn card() -> KnownCard {
        KnownCard {
            member: MemberId::from_uuid(uuid::Uuid::from_u128(9)),
            expires_at: at("2026-11-22T10:10:00Z"),
            voided_at: None,
            person: person(3),
            holder: Some(Holder {
                person: person(3),
                category: Category::Child,
                birth_date: day("2015-11-30"),
                death_date: None,
                position: Some(Position::Active),
                suspended: false,
            }),
            used: BTreeMap::new(),
        }
    }

    fn answer(card: Option<&KnownCard>, terms: Terms, now: &str) -> Result<Category, Refusal> {
        let agreement = agreement(vec![terms]);
        let version = &agreement.versions[0];
        let standing = Standing {
            agreement: &agreement,
            version: 1,
            terms: &version.terms,
            offer: &version.terms.offers[0],
        };
        judge(card, &standing, day("2026-11-22"), at(now))
    }

    #[test]
    fn a_code_is_valid_to_its_last_second_and_not_beyond() {
        let card = card();
        assert_eq!(
            answer(Some(&card), coach_terms(), "2026-11-22T10:09:59Z"),
            Ok(Category::Child)
        );
        assert_eq!(
            answer(Some(&card), coach_terms(), "2026-11-22T10:10:00Z"),
            Err(Refusal::CodeExpired)
        );
    }

    #[test]
    fn each_refusal_has_its_reason() {
        let now = "2026-11-22T10:00:00Z";
        assert_eq!(answer(None, coach_terms(), now), Err(Refusal::Unknown));
        let voided = KnownCard {
            voided_at: Some(at(now)),
            ..card()
        };
        assert_eq!(
            answer(Some(&voided), coach_terms(), now),
            Err(Refusal::CodeVoided)
        );
        let gone = KnownCard {
            holder: None,
            ..card()
        };
        assert_eq!(
            answer(Some(&gone), coach_terms(), now),
            Err(Refusal::NoLongerDeclared)
        );
        let mut narrow = coach_terms();
        narrow.child_ages.to = 9;
        assert_eq!(
            answer(Some(&card()), narrow, now),
            Err(Refusal::NotCovered(NotCovered::TooOld))
        );
    }

    #[test]
    fn a_limit_that_is_reached_makes_the_card_not_valid_and_another_period_does_not() {
        let mut terms = coach_terms();
        terms.offers[0].limits.per_day = Some(2);
        let with = |period: &str, used| KnownCard {
            used: BTreeMap::from([(period.to_owned(), used)]),
            ..card()
        };
        let now = "2026-11-22T10:00:00Z";
        assert!(answer(Some(&with("day 2026-11-22", 1)), terms.clone(), now).is_ok());
        assert_eq!(
            answer(Some(&with("day 2026-11-22", 2)), terms.clone(), now),
            Err(Refusal::LimitReached)
        );
        assert!(answer(Some(&with("day 2026-11-21", 9)), terms.clone(), now).is_ok());
        assert!(
            answer(Some(&with("month 2026-11", 9)), terms, now).is_ok(),
            "no limit is set"
        );
    }

    #[test]
    fn periods_are_those_of_the_civil_day_in_one_order() {
        assert_eq!(
            all_periods(day("2026-01-05")),
            ["day 2026-01-05", "month 2026-01", "year 2026"]
        );
    }

    #[test]
    fn an_answer_never_holds_past_the_end_of_the_agreement() {
        let life = TimeDelta::minutes(30);
        let now = at("2026-11-22T22:45:00Z"); // 23:45 in Casablanca
        let mut agreement = agreement(vec![coach_terms()]);
        assert_eq!(
            valid_until(&agreement, day("2026-11-22"), now, life),
            at("2026-11-22T23:15:00Z")
        );
        agreement.ended_on = Some(day("2026-11-23"));
        assert_eq!(
            valid_until(&agreement, day("2026-11-22"), now, life),
            at("2026-11-22T23:00:00Z")
        );
    }
}
