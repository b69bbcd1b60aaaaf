//! The payroll number (matricule, رقم التأجير): 1 to 8 digits, also the member's login.
//!
//! Kept as text: leading zeros are part of it and are never added or removed. No check digit is known, and
//! whether anybody bears the number is not known here.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digits::squeeze;

const MAX_DIGITS: usize = 8;

/// A payroll number of 1 to 8 ASCII digits. `Debug` hides it, because it names a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Matricule(String);

/// Why a text is not a payroll number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MatriculeError {
    /// Nothing but spaces.
    #[error("the payroll number is missing")]
    Empty,
    /// More than 8 digits.
    #[error("a payroll number has at most 8 digits, found {found}")]
    TooLong {
        /// How many digits were typed.
        found: usize,
    },
    /// A letter or a sign.
    #[error("a payroll number has digits only")]
    NotADigit,
}

impl Matricule {
    /// Reads a typed number: spaces are dropped, Arabic digits become ASCII ones.
    pub fn parse(text: &str) -> Result<Self, MatriculeError> {
        let clean = squeeze(text);
        if clean.is_empty() {
            return Err(MatriculeError::Empty);
        }
        if !clean.bytes().all(|b| b.is_ascii_digit()) {
            return Err(MatriculeError::NotADigit);
        }
        if clean.len() > MAX_DIGITS {
            return Err(MatriculeError::TooLong { found: clean.len() });
        }
        Ok(Self(clean))
    }

    /// The digits, for a query or the member's own page.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Matricule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Matricule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Matricule(hidden)")
    }
}

impl std::str::FromStr for Matricule {
    type Err = MatriculeError;

    fn from_str(text: &str) -> Result<Self, MatriculeError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Matricule {
    type Error = MatriculeError;

    fn try_from(text: String) -> Result<Self, MatriculeError> {
        Self::parse(&text)
    }
}

impl From<Matricule> for String {
    fn from(matricule: Matricule) -> Self {
        matricule.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_to_eight_digits_are_kept_as_text_with_their_leading_zeros() {
        for (typed, kept) in [
            ("9", "9"),
            ("90000001", "90000001"),
            ("00900001", "00900001"),
            (" 900 0001 ", "9000001"),
            ("٩٠٠٠٠٠٠١", "90000001"),
            ("۹۰۰۰۰۰۰۱", "90000001"),
            ("\u{200F}90\u{00A0}000\u{202F}001", "90000001"),
        ] {
            assert_eq!(Matricule::parse(typed).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn what_is_not_a_payroll_number_is_refused_with_its_reason() {
        assert_eq!(Matricule::parse(""), Err(MatriculeError::Empty));
        assert_eq!(Matricule::parse(" \u{200E} "), Err(MatriculeError::Empty));
        assert_eq!(
            Matricule::parse("900000012"),
            Err(MatriculeError::TooLong { found: 9 })
        );
        for wrong in ["9000000A", "-9000001", "9000.001", "九", "9000/01", "½"] {
            assert_eq!(Matricule::parse(wrong), Err(MatriculeError::NotADigit), "{wrong}");
        }
    }

    #[test]
    fn debug_hides_the_number_and_json_reads_it_back_checked() {
        let matricule = Matricule::parse("90000001").unwrap();
        assert_eq!(format!("{matricule:?}"), "Matricule(hidden)");
        assert_eq!(serde_json::to_string(&matricule).unwrap(), "\"90000001\"");
        assert_eq!(
            serde_json::from_str::<Matricule>("\"90000001\"").unwrap(),
            matricule
        );
        assert!(serde_json::from_str::<Matricule>("\"9000000A\"").is_err());
    }

    proptest! {
        #[test]
        fn reading_any_text_never_panics_and_what_is_read_is_already_clean(text in ".{0,40}") {
            if let Ok(matricule) = Matricule::parse(&text) {
                prop_assert_eq!(Matricule::parse(matricule.as_str()), Ok(matricule.clone()));
                prop_assert!((1..=8).contains(&matricule.as_str().len()));
            }
        }

        #[test]
        fn every_number_of_one_to_eight_digits_is_read(digits in "[0-9]{1,8}") {
            let matricule = Matricule::parse(&digits).unwrap();
            prop_assert_eq!(matricule.as_str(), digits);
        }
    }
}
