//! The pension number (numéro de pension, رقم المعاش): 1 to 12 letters or digits, asked of retirees only.
//!
//! No pension body's own format is assumed. Like the identity card number it has neither `Display` nor serde.

use std::fmt;

use thiserror::Error;

use crate::digits::squeeze;

const MAX_CHARACTERS: usize = 12;

/// A pension number in its one spelling: upper case, no spaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PensionNumber(String);

/// Why a text is not a pension number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PensionNumberError {
    /// Nothing but spaces.
    #[error("the pension number is missing")]
    Empty,
    /// More than 12 characters.
    #[error("a pension number has at most 12 characters, found {found}")]
    TooLong {
        /// How many characters were typed.
        found: usize,
    },
    /// Something other than a Latin letter or a digit.
    #[error("a pension number has letters and digits only")]
    NotAlphanumeric,
}

impl PensionNumber {
    /// Reads a typed number: spaces are dropped, letters become upper case, Arabic digits ASCII ones.
    pub fn parse(text: &str) -> Result<Self, PensionNumberError> {
        let clean = squeeze(text).to_ascii_uppercase();
        if clean.is_empty() {
            return Err(PensionNumberError::Empty);
        }
        if !clean.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(PensionNumberError::NotAlphanumeric);
        }
        if clean.len() > MAX_CHARACTERS {
            return Err(PensionNumberError::TooLong { found: clean.len() });
        }
        Ok(Self(clean))
    }

    /// The number itself; never for a log, an event or an error.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PensionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PensionNumber(hidden)")
    }
}

impl std::str::FromStr for PensionNumber {
    type Err = PensionNumberError;

    fn from_str(text: &str) -> Result<Self, PensionNumberError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_to_twelve_letters_and_digits_are_kept_in_upper_case() {
        for (typed, kept) in [
            ("1", "1"),
            ("999000000001", "999000000001"),
            (" zz 99 ", "ZZ99"),
            ("٩٩٩٠٠١", "999001"),
            ("۹۹\u{200E}۹", "999"),
        ] {
            assert_eq!(PensionNumber::parse(typed).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        assert_eq!(PensionNumber::parse(" "), Err(PensionNumberError::Empty));
        assert_eq!(
            PensionNumber::parse("9990000000012"),
            Err(PensionNumberError::TooLong { found: 13 })
        );
        for wrong in ["999-1", "999/1", "معاش", "99é"] {
            assert_eq!(
                PensionNumber::parse(wrong),
                Err(PensionNumberError::NotAlphanumeric),
                "{wrong}"
            );
        }
    }

    #[test]
    fn debug_hides_the_number() {
        assert_eq!(
            format!("{:?}", PensionNumber::parse("999001").unwrap()),
            "PensionNumber(hidden)"
        );
    }

    proptest! {
        #[test]
        fn reading_any_text_never_panics_and_what_is_read_is_already_clean(text in ".{0,40}") {
            if let Ok(number) = PensionNumber::parse(&text) {
                prop_assert_eq!(PensionNumber::parse(number.as_str()), Ok(number.clone()));
                prop_assert!((1..=12).contains(&number.as_str().len()));
            }
        }
    }
}
