//! Ages in completed years, and the windows of age that benefits and partners set.
//!
//! Somebody born on 29 February reaches the next age on 1 March in a common year. A birth date after the
//! day asked about is an error, never an age of zero or below. Which window holds for which benefit is not
//! known here.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::words::words;

/// The birth date lies after the day asked about. The dates are not repeated: they are personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the birth date is after the day asked about")]
pub struct BirthInFuture;

/// Completed years on that day.
///
/// Spans beyond 65,535 years, which only a broken date can give, count as 65,535.
pub fn age_on(birth: NaiveDate, on: NaiveDate) -> Result<u16, BirthInFuture> {
    if birth > on {
        return Err(BirthInFuture);
    }
    // Comparing (month, day) puts 29 February after 28 February and before 1 March: exactly the rule.
    let birthday_passed = (on.month(), on.day()) >= (birth.month(), birth.day());
    let years = on.year() - birth.year() - i32::from(!birthday_passed);
    Ok(u16::try_from(years).unwrap_or(u16::MAX))
}

words! {
    /// How the upper bound of a window is meant: "up to 21".
    pub enum AgeMode ("age mode") {
        /// The whole year in which the age is 21, to the day before the 22nd birthday.
        WholeYear = "whole_year",
        /// To the day before the 21st birthday.
        UntilBirthday = "until_birthday",
    }
}

/// A window of completed years: `from` is always included, `to` as the mode says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AgeWindow {
    /// First age that is inside, in completed years.
    pub from: u16,
    /// Upper bound in completed years, read by `mode`.
    pub to: u16,
    /// Whether the year of age `to` is still inside.
    pub mode: AgeMode,
}

impl AgeWindow {
    /// Whether somebody born on `birth` is inside the window on that day.
    pub fn contains(&self, birth: NaiveDate, on: NaiveDate) -> Result<bool, BirthInFuture> {
        Ok(self.contains_age(age_on(birth, on)?))
    }

    /// Whether a person of that age in completed years is inside the window.
    #[must_use]
    pub fn contains_age(&self, age: u16) -> bool {
        let below_upper_bound = match self.mode {
            AgeMode::WholeYear => age <= self.to,
            AgeMode::UntilBirthday => age < self.to,
        };
        age >= self.from && below_upper_bound
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const WHOLE_YEAR: AgeWindow = AgeWindow {
        from: 4,
        to: 21,
        mode: AgeMode::WholeYear,
    };
    const UNTIL_BIRTHDAY: AgeWindow = AgeWindow {
        from: 4,
        to: 21,
        mode: AgeMode::UntilBirthday,
    };

    #[test]
    fn ages_and_both_modes_of_the_window_4_to_21_follow_the_table() {
        for (born, on, age, whole_year, until_birthday) in [
            ("2016-12-01", "2020-12-01", 4, true, true),
            ("2016-12-02", "2020-12-01", 3, false, false),
            ("1999-12-01", "2020-11-30", 20, true, true),
            ("1999-12-01", "2020-12-01", 21, true, false),
            ("1998-12-02", "2020-12-01", 21, true, false),
            ("1998-12-01", "2020-12-01", 22, false, false),
            ("2016-02-29", "2020-02-28", 3, false, false),
            ("2016-02-29", "2020-02-29", 4, true, true),
            ("2016-02-29", "2021-02-28", 4, true, true),
            ("2016-02-29", "2021-03-01", 5, true, true),
        ] {
            let (birth, on) = (day(born), day(on));
            assert_eq!(age_on(birth, on), Ok(age), "{birth} on {on}");
            assert_eq!(
                WHOLE_YEAR.contains(birth, on),
                Ok(whole_year),
                "{birth} on {on}, whole year"
            );
            assert_eq!(
                UNTIL_BIRTHDAY.contains(birth, on),
                Ok(until_birthday),
                "{birth} on {on}, until birthday"
            );
        }
    }

    #[test]
    fn a_birth_date_in_the_future_is_an_error_and_the_day_of_birth_is_age_zero() {
        let birth = day("2026-11-22");
        assert_eq!(age_on(birth, day("2026-11-21")), Err(BirthInFuture));
        assert_eq!(WHOLE_YEAR.contains(birth, day("2026-11-21")), Err(BirthInFuture));
        assert_eq!(age_on(birth, birth), Ok(0));
    }

    #[test]
    fn a_window_reads_back_from_json() {
        let json = r#"{"from":4,"to":21,"mode":"until_birthday"}"#;
        assert_eq!(serde_json::from_str::<AgeWindow>(json).unwrap(), UNTIL_BIRTHDAY);
        assert_eq!(serde_json::to_string(&UNTIL_BIRTHDAY).unwrap(), json);
    }

    fn any_day() -> impl Strategy<Value = NaiveDate> {
        // 1800 to 2200, in days of the common era.
        (657_072_i32..803_169).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap())
    }

    proptest! {
        #[test]
        fn an_age_never_falls_as_the_days_go_by(birth in any_day(), days in 0_u64..40_000, more in 0_u64..1_000) {
            let on = birth + Days::new(days);
            let later = on + Days::new(more);
            prop_assert!(age_on(birth, on).unwrap() <= age_on(birth, later).unwrap());
        }

        #[test]
        fn one_day_adds_at_most_one_year_and_only_on_a_birthday(birth in any_day(), days in 0_u64..40_000) {
            let on = birth + Days::new(days);
            let next = on + Days::new(1);
            let gained = age_on(birth, next).unwrap() - age_on(birth, on).unwrap();
            let leapling = (birth.month(), birth.day()) == (2, 29);
            let birthday = (next.month(), next.day()) == (birth.month(), birth.day())
                || (leapling && !next.leap_year() && (next.month(), next.day()) == (3, 1));
            prop_assert_eq!(gained, u16::from(birthday));
        }

        #[test]
        fn somebody_older_is_never_younger(birth in any_day(), days in 0_u64..40_000, older in 0_u64..1_000) {
            let on = birth + Days::new(days);
            let elder = birth - Days::new(older);
            prop_assert!(age_on(elder, on).unwrap() >= age_on(birth, on).unwrap());
        }

        #[test]
        fn until_the_birthday_is_never_wider_than_the_whole_year(birth in any_day(), days in 0_u64..12_000) {
            let on = birth + Days::new(days);
            prop_assert!(!UNTIL_BIRTHDAY.contains(birth, on).unwrap() || WHOLE_YEAR.contains(birth, on).unwrap());
        }

        #[test]
        fn a_birth_after_the_day_is_always_an_error(on in any_day(), days in 1_u64..40_000) {
            prop_assert_eq!(age_on(on + Days::new(days), on), Err(BirthInFuture));
        }
    }

    #[test]
    fn the_widest_dates_do_not_overflow() {
        assert_eq!(age_on(NaiveDate::MIN, NaiveDate::MAX), Ok(u16::MAX));
    }
}
