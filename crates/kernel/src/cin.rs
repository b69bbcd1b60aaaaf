//! The national identity card number (CIN, رقم البطاقة الوطنية): one or two letters, then one to six digits.
//!
//! There is no check digit, and no region is ever derived from the letters. The type has neither `Display`
//! nor serde on purpose: an identity number leaves it only through [`Cin::as_str`], which is easy to find.

use std::fmt;

use thiserror::Error;

use crate::digits::squeeze;

const MAX_LETTERS: usize = 2;
const MAX_DIGITS: usize = 6;
/// Below this many digits the card is old or the number cut: worth a warning, not a refusal.
const USUAL_DIGITS: usize = 5;

/// An identity card number in its one spelling: upper case, no spaces, dots or hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cin(String);

/// Why a text is not an identity card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CinError {
    /// Nothing but spaces and signs.
    #[error("the identity card number is missing")]
    Empty,
    /// Not one or two letters followed by one to six digits.
    #[error("an identity card number is one or two letters followed by one to six digits")]
    Format,
}

impl Cin {
    /// Reads a typed number: upper case, without spaces, dots and hyphens, Arabic digits as ASCII ones.
    pub fn parse(text: &str) -> Result<Self, CinError> {
        let clean: String = squeeze(text)
            .chars()
            .filter(|c| !matches!(c, '.' | '-' | '\u{2010}'..='\u{2014}'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if clean.is_empty() {
            return Err(CinError::Empty);
        }
        let letters = clean.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = clean.bytes().skip(letters).take_while(u8::is_ascii_digit).count();
        let well_formed = (1..=MAX_LETTERS).contains(&letters)
            && (1..=MAX_DIGITS).contains(&digits)
            && letters + digits == clean.len();
        if well_formed {
            Ok(Self(clean))
        } else {
            Err(CinError::Format)
        }
    }

    /// The number itself; never for a log, an event or an error.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Fewer than five digits: valid, but worth asking the person to look again.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.0.bytes().filter(u8::is_ascii_digit).count() < USUAL_DIGITS
    }
}

impl fmt::Debug for Cin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cin(hidden)")
    }
}

impl std::str::FromStr for Cin {
    type Err = CinError;

    fn from_str(text: &str) -> Result<Self, CinError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_or_two_letters_and_up_to_six_digits_are_accepted() {
        for valid in ["ZZ123456", "Z123456", "ZZ78901", "Z45678", "Z1"] {
            assert_eq!(Cin::parse(valid).unwrap().as_str(), valid);
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for wrong in [
            "123456",
            "ZZZ123456",
            "Z1234567",
            "ZZ12C456",
            "ZZ",
            "Z123456Z",
            "ÉZ12345",
            "ز123456",
            "ZZ+12345",
        ] {
            assert_eq!(Cin::parse(wrong), Err(CinError::Format), "{wrong}");
        }
        for empty in ["", "  ", " . - ", "\u{200F}"] {
            assert_eq!(Cin::parse(empty), Err(CinError::Empty), "{empty:?}");
        }
    }

    #[test]
    fn one_spelling_stands_for_all_ways_of_typing_it() {
        for typed in [
            "zz 123456",
            "ZZ-123456",
            "z.z.123.456",
            "ZZ١٢٣٤٥٦",
            "\u{202B}Zz۱۲۳۴۵۶\u{202C}",
            "ZZ\u{2011}123456",
        ] {
            assert_eq!(Cin::parse(typed).unwrap().as_str(), "ZZ123456", "{typed}");
        }
    }

    #[test]
    fn fewer_than_five_digits_is_worth_a_warning() {
        assert!(Cin::parse("ZZ1234").unwrap().is_short());
        assert!(!Cin::parse("ZZ12345").unwrap().is_short());
    }

    #[test]
    fn debug_and_errors_hide_the_number() {
        assert_eq!(format!("{:?}", Cin::parse("ZZ123456").unwrap()), "Cin(hidden)");
        let error = Cin::parse("ZZZ123456").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("123456"));
    }

    proptest! {
        #[test]
        fn reading_any_text_never_panics_and_what_is_read_is_already_clean(text in ".{0,40}") {
            if let Ok(cin) = Cin::parse(&text) {
                prop_assert_eq!(Cin::parse(cin.as_str()), Ok(cin.clone()));
            }
        }

        #[test]
        fn every_well_formed_number_is_read_as_it_stands(number in "[A-Z]{1,2}[0-9]{1,6}") {
            let cin = Cin::parse(&number).unwrap();
            prop_assert_eq!(cin.as_str(), &number);
            let lower = Cin::parse(&number.to_lowercase()).unwrap();
            prop_assert_eq!(lower.as_str(), &number);
        }
    }
}
