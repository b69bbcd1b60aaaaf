//! The Moroccan bank account number (RIB, رقم الحساب البنكي): 24 digits, made of bank 3, city 3, account 16
//! and key 2.
//!
//! The key must *equal* `97 - ((B * 100) mod 97)`, B being the first 22 digits. "Divisible by 97" alone is
//! not enough: keys 00, 98 and 99 pass that test and are wrong. Bank names are not known here; an unknown
//! bank code is for finance to look at, not a fault of the number.
//!
//! The type has neither `Display` nor serde: the digits leave it only through [`Rib::as_str`] and
//! [`Rib::to_iban`], and `Debug` shows the masked form.

use std::fmt;

use thiserror::Error;

use crate::digits::squeeze;

const DIGITS: usize = 24;
const BANK: usize = 3;
const CITY: usize = 3;
const ACCOUNT: usize = 16;
const BODY: usize = BANK + CITY + ACCOUNT;

/// A bank account number whose key is right. Text, because leading zeros count.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rib(String);

/// Why a text is not a bank account number. No variant and no text repeats digits of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RibError {
    /// Nothing but spaces.
    #[error("the bank account number is missing")]
    Empty,
    /// Only digits, but not 24 of them.
    #[error("a bank account number has 24 digits, found {found}")]
    Length {
        /// How many digits were typed.
        found: usize,
    },
    /// A letter or a sign among the digits.
    #[error("a bank account number has digits only, found {char:?} at place {position}")]
    NotADigit {
        /// Counted from 1, spaces left out.
        position: usize,
        /// What stands there.
        char: char,
    },
    /// 24 digits whose last two are not the key of the others.
    #[error(
        "the key of the bank account number is wrong: a digit was mistyped or two were swapped"
    )]
    WrongKey,
    /// A part given to [`Rib::from_parts`] does not have its number of digits.
    #[error("the {part} part has {expected} digits")]
    Part {
        /// "bank", "city" or "account".
        part: &'static str,
        /// How many digits that part has.
        expected: usize,
    },
}

impl Rib {
    /// Reads a typed number: spaces are dropped, Arabic digits become ASCII ones, then the key is checked.
    pub fn parse(text: &str) -> Result<Self, RibError> {
        let clean = squeeze(text);
        if clean.is_empty() {
            return Err(RibError::Empty);
        }
        if let Some((at, char)) = clean.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            return Err(RibError::NotADigit {
                position: at + 1,
                char,
            });
        }
        if clean.len() != DIGITS {
            return Err(RibError::Length { found: clean.len() });
        }
        let (body, key) = clean.split_at(BODY);
        if key != key_of(body) {
            return Err(RibError::WrongKey);
        }
        Ok(Self(clean))
    }

    /// Builds a number from its parts and computes the key. Meant for synthetic data: a member's number is
    /// always typed with its key, which is what catches the typing error.
    pub fn from_parts(bank: &str, city: &str, account: &str) -> Result<Self, RibError> {
        for (part, value, expected) in [
            ("bank", bank, BANK),
            ("city", city, CITY),
            ("account", account, ACCOUNT),
        ] {
            if value.len() != expected || !value.bytes().all(|b| b.is_ascii_digit()) {
                return Err(RibError::Part { part, expected });
            }
        }
        let body = format!("{bank}{city}{account}");
        let key = key_of(&body);
        Ok(Self(format!("{body}{key}")))
    }

    /// The 24 digits; never for a log, an event or an error.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first three digits: the bank's code.
    #[must_use]
    pub fn bank_code(&self) -> &str {
        &self.0[..BANK]
    }

    /// The last four of the 24 digits (the key included): what the holder recognises.
    #[must_use]
    pub fn last_four(&self) -> &str {
        &self.0[DIGITS - 4..]
    }

    /// Bank code and last four digits, as in `999 ···· 1234`: what a page may show.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} ···· {}", self.bank_code(), self.last_four())
    }

    /// The international number. Its check digits are always 64: a valid RIB is a multiple of 97, so that
    /// `98 - ((RIB followed by "MA00" as 221000) mod 97)` only depends on the country.
    #[must_use]
    pub fn to_iban(&self) -> String {
        format!("MA64{}", self.0)
    }
}

impl fmt::Debug for Rib {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rib({})", self.masked())
    }
}

impl std::str::FromStr for Rib {
    type Err = RibError;

    fn from_str(text: &str) -> Result<Self, RibError> {
        Self::parse(text)
    }
}

/// The key of the first 22 digits, as two characters from "01" to "97".
fn key_of(body: &str) -> String {
    let remainder = mod_97(body) * 100 % 97;
    format!("{:02}", 97 - remainder)
}

/// Remainder of a digit string of any length: 24 digits do not fit 64 bits.
fn mod_97(digits: &str) -> u32 {
    digits.bytes().fold(0, |remainder, digit| {
        (remainder * 10 + u32::from(digit - b'0')) % 97
    })
}
