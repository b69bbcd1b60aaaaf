//! The civil calendar of Morocco (Africa/Casablanca) and how dates, hours and amounts are written in Arabic
//! and French.
//!
//! Times are kept in UTC everywhere else; only here does a day begin and end. The present is never read:
//! instants are passed in. Lunar dates and public holidays are tables that an agent edits, not computations.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{Africa::Casablanca, Tz};

use crate::locale::Locale;
use crate::money::Money;

/// The zone of every civil date of the platform.
pub const ZONE: Tz = Casablanca;

const MONTHS_AR: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ماي",
    "يونيو",
    "يوليوز",
    "غشت",
    "شتنبر",
    "أكتوبر",
    "نونبر",
    "دجنبر",
];

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The wall clock in Casablanca at that instant.
#[must_use]
pub fn civil_datetime(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&ZONE).naive_local()
}

/// The day in Casablanca at that instant.
#[must_use]
pub fn civil_date(at: DateTime<Utc>) -> NaiveDate {
    civil_datetime(at).date()
}

/// The year in Casablanca at that instant: the one of request numbers, ceilings and budgets.
#[must_use]
pub fn civil_year(at: DateTime<Utc>) -> i32 {
    civil_date(at).year()
}

/// The first instant of that civil day. The clock has been put forward at midnight in some years: then the
/// day begins at the first hour that exists.
#[must_use]
pub fn start_of_day(date: NaiveDate) -> DateTime<Utc> {
    const HALF_HOURS: i64 = 6;
    let midnight = date.and_time(NaiveTime::MIN);
    (0..=HALF_HOURS)
        .filter_map(|step| midnight.checked_add_signed(TimeDelta::minutes(30 * step)))
        .find_map(|local| ZONE.from_local_datetime(&local).earliest())
        .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// The month's name, counted from 1 as in `Datelike::month`; `None` outside 1 to 12.
#[must_use]
pub fn month_name(month: u32, locale: Locale) -> Option<&'static str> {
    let names = match locale {
        Locale::Ar => &MONTHS_AR,
        Locale::Fr => &MONTHS_FR,
    };
    let at = usize::try_from(month).ok()?.checked_sub(1)?;
    names.get(at).copied()
}

/// The date in full: `22 نونبر 2026`, `22 novembre 2026`, `1er janvier 2026`. Digits are ASCII in both
/// languages, as Moroccan administrations write them.
#[must_use]
pub fn format_date(date: NaiveDate, locale: Locale) -> String {
    let month = month_name(date.month(), locale).unwrap_or_default();
    let ordinal = if locale == Locale::Fr && date.day() == 1 {
        "er"
    } else {
        ""
    };
    format!("{}{ordinal} {month} {}", date.day(), date.year())
}

/// Hour and minute in Casablanca, as in `09:05`.
#[must_use]
pub fn format_time(at: DateTime<Utc>) -> String {
    civil_datetime(at).format("%H:%M").to_string()
}

/// Date and hour in Casablanca: `22 novembre 2026 à 14:05`, `22 نونبر 2026 على الساعة 14:05`.
#[must_use]
pub fn format_date_time(at: DateTime<Utc>, locale: Locale) -> String {
    let joined_by = match locale {
        Locale::Ar => "على الساعة",
        Locale::Fr => "à",
    };
    format!(
        "{} {joined_by} {}",
        format_date(civil_date(at), locale),
        format_time(at)
    )
}

/// The amount with its unit: `1 250,50 DH`, `1 250,50 درهم`, never broken over two lines. In Arabic a negative
/// amount starts with a left-to-right mark, without which the minus sign would jump behind the number.
#[must_use]
pub fn format_money(money: Money, locale: Locale) -> String {
    let amount = money.amount_fr();
    match locale {
        Locale::Ar if money.is_negative() => format!("\u{200E}{amount}\u{00A0}درهم"),
        Locale::Ar => format!("{amount}\u{00A0}درهم"),
        Locale::Fr => format!("{amount}\u{00A0}DH"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_year_turns_at_midnight_in_casablanca() {
        assert_eq!(civil_year(at("2025-12-31T22:59:59Z")), 2025);
        assert_eq!(civil_year(at("2025-12-31T23:00:00Z")), 2026);
        assert_eq!(civil_date(at("2025-12-31T23:00:00Z")), day("2026-01-01"));
    }

    #[test]
    fn the_clock_goes_back_an_hour_during_ramadan() {
        assert_eq!(format_time(at("2025-02-15T12:00:00Z")), "13:00");
        assert_eq!(format_time(at("2025-03-15T12:00:00Z")), "12:00");
        assert_eq!(format_time(at("2025-05-15T08:05:00Z")), "09:05");
    }

    #[test]
    fn a_day_begins_at_its_first_hour_even_when_midnight_was_skipped() {
        assert_eq!(start_of_day(day("2026-01-01")), at("2025-12-31T23:00:00Z"));
        assert_eq!(start_of_day(day("2025-03-15")), at("2025-03-15T00:00:00Z"));
        // On 1 June 2008 the clock went from 00:00 to 01:00.
        assert_eq!(start_of_day(day("2008-06-01")), at("2008-06-01T00:00:00Z"));
    }

    #[test]
    fn dates_are_written_as_moroccan_administrations_write_them() {
        assert_eq!(format_date(day("2026-11-22"), Locale::Ar), "22 نونبر 2026");
        assert_eq!(format_date(day("2026-11-22"), Locale::Fr), "22 novembre 2026");
        assert_eq!(format_date(day("2026-01-01"), Locale::Fr), "1er janvier 2026");
        assert_eq!(format_date(day("2026-01-01"), Locale::Ar), "1 يناير 2026");
        assert_eq!(format_date(day("2026-02-11"), Locale::Fr), "11 février 2026");
        let sent = at("2026-11-22T13:05:00Z");
        assert_eq!(format_date_time(sent, Locale::Fr), "22 novembre 2026 à 14:05");
        assert_eq!(
            format_date_time(sent, Locale::Ar),
            "22 نونبر 2026 على الساعة 14:05"
        );
    }

    #[test]
    fn every_month_has_its_name_and_no_other_number_has_one() {
        assert_eq!(month_name(8, Locale::Ar), Some("غشت"));
        assert_eq!(month_name(12, Locale::Fr), Some("décembre"));
        for locale in [Locale::Ar, Locale::Fr] {
            assert!((1..=12).all(|month| month_name(month, locale).is_some()));
            assert_eq!(month_name(0, locale), None);
            assert_eq!(month_name(13, locale), None);
        }
    }

    #[test]
    fn amounts_carry_their_unit_and_never_break() {
        let amount = Money::from_centimes(125_050);
        assert_eq!(format_money(amount, Locale::Fr), "1\u{202F}250,50\u{00A0}DH");
        assert_eq!(format_money(amount, Locale::Ar), "1\u{202F}250,50\u{00A0}درهم");
        let owed = Money::from_centimes(-5);
        assert_eq!(format_money(owed, Locale::Fr), "-0,05\u{00A0}DH");
        assert_eq!(format_money(owed, Locale::Ar), "\u{200E}-0,05\u{00A0}درهم");
    }

    proptest! {
        #[test]
        fn the_first_instant_of_a_day_is_in_it_and_the_one_before_is_not(days in 0_i32..73_000) {
            // 1900 to 2100.
            let date = NaiveDate::from_num_days_from_ce_opt(693_596 + days).unwrap();
            let start = start_of_day(date);
            prop_assert_eq!(civil_date(start), date);
            prop_assert!(civil_date(start - TimeDelta::seconds(1)) < date);
        }
    }
}
