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
        let digits = clean
            .bytes()
            .skip(letters)
            .take_while(u8::is_ascii_digit)
            .count();
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
