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
