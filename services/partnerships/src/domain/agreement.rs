//! An agreement with a partner: what each version says, which version is in force on a day, and what terms must satisfy to be put. Whether a person
//! is covered is [`super::coverage`]'s.

use chrono::NaiveDate;
use kernel::{AgeWindow, AgreementId, BasisPoints, PartnerId, Position};
use serde::{Deserialize, Serialize};

use super::category::Category;

/// Longest code of an offer, counter or partner.
const CODE: std::ops::RangeInclusive<usize> = 2..=32;
const NAME: usize = 120;
const REFERENCE: usize = 80;
/// Offers and counters of one agreement: a coach company has a few hundred counters.
const OFFERS: usize = 50;
const COUNTERS: usize = 2_000;
/// No agreement means an age beyond this.
const AGE: u16 = 99;

/// What one version says. Kept as it was put, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) valid_from: NaiveDate,
    /// The last day; open when absent.
    pub(crate) valid_to: Option<NaiveDate>,
    pub(crate) categories: Vec<Category>,
    /// Positions whose households are covered; empty: all of them.
    pub(crate) positions: Vec<Position>,
    pub(crate) child_ages: AgeWindow,
    pub(crate) offers: Vec<Offer>,
    pub(crate) counters: Vec<Counter>,
    /// Of the declaration to the data-protection commission.
    pub(crate) cndp_reference: String,
}

/// A share off the gross amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) code: String,
    pub(crate) name_ar: String,
    pub(crate) name_fr: String,
    pub(crate) percent: BasisPoints,
    pub(crate) limits: Limits,
}

/// Sales of one person by civil day, month and year; absent: no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Limits {
    pub(crate) per_day: Option<u32>,
    pub(crate) per_month: Option<u32>,
    pub(crate) per_year: Option<u32>,
}

/// Where a card is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counter {
    pub(crate) code: String,
    pub(crate) name_ar: String,
    pub(crate) name_fr: String,
}

/// One version with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) number: u32,
    pub(crate) terms: Terms,
}

/// An agreement with all its versions, the earliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agreement {
    pub(crate) id: AgreementId,
    pub(crate) partner: PartnerId,
    pub(crate) reference: String,
    /// The first day on which nothing is honoured any more, when it was ended before its time.
    pub(crate) ended_on: Option<NaiveDate>,
    pub(crate) versions: Vec<Version>,
}

impl Agreement {
    /// The version in force that day: the newest that has begun, unless it has run out or the agreement was ended.
    pub(crate) fn in_force(&self, day: NaiveDate) -> Option<&Version> {
        if self.ended_on.is_some_and(|end| end <= day) {
            return None;
        }
        self.versions
            .iter()
            .rev()
            .find(|version| version.terms.valid_from <= day)
            .filter(|version| version.terms.valid_to.is_none_or(|last| last >= day))
    }

    /// The first day after `day` on which the version in force that day no longer is; `None` when no end is known.
    pub(crate) fn end_after(&self, day: NaiveDate) -> Option<NaiveDate> {
        let version = self.in_force(day)?;
        let runs_out = version.terms.valid_to.and_then(|last| last.succ_opt());
        let replaced = self
            .versions
            .iter()
            .filter(|later| later.number > version.number)
            .map(|later| later.terms.valid_from)
            .min();
        [runs_out, replaced, self.ended_on].into_iter().flatten().min()
    }
}

impl Terms {
    pub(crate) fn offer(&self, code: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.code == code)
    }

    pub(crate) fn counter(&self, code: &str) -> Option<&Counter> {
        self.counters.iter().find(|counter| counter.code == code)
    }
}

/// A field of new terms that cannot be taken, the reason and what to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) field: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) instead: &'static str,
}

const fn fault(field: &'static str, reason: &'static str, instead: &'static str) -> Fault {
    Fault {
        field,
        reason,
        instead,
    }
}

const NAMES: (&str, &str) = ("NAME_INVALID", "both names, 1 to 120 characters");

/// A code of lower-case letters, digits and hyphens, 2 to 32 characters, that begins and ends with a letter or digit.
pub(crate) fn is_code(text: &str) -> bool {
    CODE.contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// A name that can be shown: not blank, not endless, no control character.
pub(crate) fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= NAME && !text.chars().any(char::is_control)
}

/// What a partner must satisfy.
pub(crate) fn check_partner(code: &str, name_ar: &str, name_fr: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !is_code(code) {
        faults.push(fault(
            "code",
            "CODE_INVALID",
            "2 to 32 lower-case letters, digits and hyphens",
        ));
    }
    if !(is_name(name_ar) && is_name(name_fr)) {
        faults.push(fault("name", NAMES.0, NAMES.1));
    }
    faults
}

/// What a new version must satisfy: `earlier` are the versions before it, `today` the civil day on which it is put. The first version may begin in
/// the past (nothing was judged by it), a later one may not: what was judged stays as it was judged.
pub(crate) fn check_terms(
    reference: &str,
    terms: &Terms,
    earlier: &[Version],
    today: NaiveDate,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if reference.trim().is_empty() || reference.chars().count() > REFERENCE {
        faults.push(fault("reference", "REFERENCE_INVALID", "1 to 80 characters"));
    }
    if terms.valid_to.is_some_and(|last| last < terms.valid_from) {
        faults.push(fault("valid_to", "DATES_INVALID", "not before valid_from"));
    }
    if !earlier.is_empty() && terms.valid_from < today {
        faults.push(fault("valid_from", "DAY_IN_THE_PAST", "today or later"));
    }
    if terms.categories.is_empty() || repeats(&terms.categories) {
        faults.push(fault(
            "categories",
            "CATEGORIES_INVALID",
            "member, spouse, child: at least one, each once",
        ));
    }
    if repeats(&terms.positions) {
        faults.push(fault("positions", "POSITIONS_INVALID", "each once"));
    }
    if terms.child_ages.from > terms.child_ages.to || terms.child_ages.to > AGE {
        faults.push(fault("child_age_to", "AGES_INVALID", "child_age_from to 99"));
    }
    check_offers(&terms.offers, &mut faults);
    check_counters(&terms.counters, &mut faults);
    faults
}

fn check_offers(offers: &[Offer], faults: &mut Vec<Fault>) {
    let codes: Vec<&str> = offers.iter().map(|offer| offer.code.as_str()).collect();
    if codes.is_empty() || codes.len() > OFFERS || repeats(&codes) || !codes.iter().all(|code| is_code(code))
    {
        faults.push(fault(
            "offers",
            "CODE_INVALID",
            "1 to 50 offers, each with a code of its own",
        ));
    }
    if !offers
        .iter()
        .all(|offer| is_name(&offer.name_ar) && is_name(&offer.name_fr))
    {
        faults.push(fault("offers", NAMES.0, NAMES.1));
    }
    let whole = BasisPoints::FULL.value();
    if !offers
        .iter()
        .all(|offer| (1..=whole).contains(&offer.percent.value()))
    {
        faults.push(fault("offers", "PERCENT_INVALID", "1 to 10000 basis points"));
    }
}

fn check_counters(counters: &[Counter], faults: &mut Vec<Fault>) {
    let codes: Vec<&str> = counters.iter().map(|counter| counter.code.as_str()).collect();
    if codes.is_empty()
        || codes.len() > COUNTERS
        || repeats(&codes)
        || !codes.iter().all(|code| is_code(code))
    {
        faults.push(fault(
            "counters",
            "CODE_INVALID",
            "1 to 2000 counters, each with a code of its own",
        ));
    }
    if !counters
        .iter()
        .all(|counter| is_name(&counter.name_ar) && is_name(&counter.name_fr))
    {
        faults.push(fault("counters", NAMES.0, NAMES.1));
    }
}

fn repeats<T: Ord>(values: &[T]) -> bool {
    let mut sorted: Vec<&T> = values.iter().collect();
    sorted.sort();
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
#[path = "agreement_tests.rs"]
pub(crate) mod tests;
