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
