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
    #[error("the key of the bank account number is wrong: a digit was mistyped or two were swapped")]
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_with_the_right_key_are_accepted_whatever_the_remainder() {
        for valid in [
            "007780000123456789012396",
            "011810000056789012345636",
            "230640220011223344556606",
            "310450100098765432109884",
            "350810000000000765432120",
            "225330000010000000005797",
            "225330000010000000008901",
            "225330000010000000002402",
        ] {
            assert_eq!(Rib::parse(valid).unwrap().as_str(), valid);
        }
    }

    #[test]
    fn a_wrong_key_is_refused() {
        for (wrong, why) in [
            ("350810000000000765432121", "key off by one"),
            ("007780000132456789012396", "two account digits swapped"),
            ("310450100098765432109800", "key 00"),
            ("011 810 0000567890123456 37", "spaced, wrong key"),
        ] {
            assert_eq!(Rib::parse(wrong), Err(RibError::WrongKey), "{why}");
        }
    }

    #[test]
    fn keys_00_98_and_99_are_refused_although_the_whole_is_divisible_by_97() {
        for trap in [
            "225330000010000000005700",
            "225330000010000000008998",
            "225330000010000000002499",
        ] {
            assert_eq!(mod_97(trap), 0, "the trap must pass the plain test");
            assert_eq!(Rib::parse(trap), Err(RibError::WrongKey));
        }
    }

    #[test]
    fn missing_digits_letters_and_nothing_are_told_apart() {
        assert_eq!(
            Rib::parse("01181000005678901234563"),
            Err(RibError::Length { found: 23 })
        );
        assert_eq!(
            Rib::parse("0118100000567890123456361"),
            Err(RibError::Length { found: 25 })
        );
        assert_eq!(
            Rib::parse("23064O220011223344556606"),
            Err(RibError::NotADigit {
                position: 6,
                char: 'O'
            })
        );
        assert_eq!(
            Rib::parse("230 64O220011223344556606"),
            Err(RibError::NotADigit {
                position: 6,
                char: 'O'
            })
        );
        assert_eq!(
            Rib::parse("MA64"),
            Err(RibError::NotADigit {
                position: 1,
                char: 'M'
            })
        );
        assert_eq!(Rib::parse(""), Err(RibError::Empty));
        assert_eq!(Rib::parse(" \u{00A0}\u{200F} "), Err(RibError::Empty));
    }

    #[test]
    fn spaces_and_arabic_digits_are_normalised_before_the_check() {
        for typed in [
            "350 810 0000000007654321 20",
            "٣٥٠٨١٠٠٠٠٠٠٠٠٠٠٧٦٥٤٣٢١٢٠",
            "۳۵۰۸۱۰۰۰۰۰۰۰۰۰۰۷۶۵۴۳۲۱۲۰",
            "\u{202B}350810\u{00A0}0000000007654321\u{202F}20\u{202C}",
        ] {
            assert_eq!(Rib::parse(typed).unwrap().as_str(), "350810000000000765432120");
        }
    }

    #[test]
    fn only_the_bank_and_the_last_four_digits_are_shown() {
        let rib = Rib::from_parts("999", "000", "0000000000000042").unwrap();
        assert_eq!(rib.bank_code(), "999");
        assert_eq!(rib.last_four(), &rib.as_str()[20..]);
        assert_eq!(rib.masked(), format!("999 ···· {}", rib.last_four()));
        assert_eq!(format!("{rib:?}"), format!("Rib({})", rib.masked()));
    }

    #[test]
    fn no_error_repeats_the_account() {
        for wrong in [
            "350810000000000765432121",
            "01181000005678901234563",
            "35081000000X000765432120",
        ] {
            let error = Rib::parse(wrong).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(
                wrong
                    .as_bytes()
                    .windows(4)
                    .all(|run| !shown.contains(std::str::from_utf8(run).unwrap())),
                "{shown}"
            );
        }
    }

    #[test]
    fn parts_of_the_wrong_size_are_refused() {
        let part = |part, expected| Err(RibError::Part { part, expected });
        assert_eq!(Rib::from_parts("99", "000", "0000000000000042"), part("bank", 3));
        assert_eq!(
            Rib::from_parts("999", "0000", "0000000000000042"),
            part("city", 3)
        );
        assert_eq!(
            Rib::from_parts("999", "000", "00000000000000A2"),
            part("account", 16)
        );
        assert_eq!(Rib::from_parts("٩٩٩", "000", "0000000000000042"), part("bank", 3));
    }

    #[test]
    fn the_registry_example_of_an_iban_satisfies_both_rules() {
        let rib = Rib::parse("011519000001205000534921").unwrap();
        assert_eq!(rib.to_iban(), "MA64011519000001205000534921");
    }

    /// ISO 13616: the country moved behind the number, letters as two digits, check digits 00.
    fn iban_check_digits(rib: &str) -> u32 {
        98 - mod_97(&format!("{rib}221000"))
    }

    prop_compose! {
        fn synthetic()(bank in "[0-9]{3}", city in "[0-9]{3}", account in "[0-9]{16}") -> Rib {
            Rib::from_parts(&bank, &city, &account).unwrap()
        }
    }

    proptest! {
        #[test]
        fn a_computed_key_is_always_accepted_and_from_01_to_97(rib in synthetic()) {
            prop_assert_eq!(Rib::parse(rib.as_str()), Ok(rib.clone()));
            let key: u32 = rib.as_str()[22..].parse().unwrap();
            prop_assert!((1..=97).contains(&key));
            prop_assert_eq!(mod_97(rib.as_str()), 0);
        }

        #[test]
        fn changing_any_one_digit_is_noticed(rib in synthetic(), at in 0_usize..24, by in 1_u8..10) {
            let mut digits = rib.as_str().as_bytes().to_vec();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            let changed = String::from_utf8(digits).unwrap();
            prop_assert_eq!(Rib::parse(&changed), Err(RibError::WrongKey));
        }

        #[test]
        fn swapping_two_neighbours_is_noticed(rib in synthetic(), at in 0_usize..23) {
            let mut digits = rib.as_str().as_bytes().to_vec();
            prop_assume!(digits[at] != digits[at + 1]);
            digits.swap(at, at + 1);
            let swapped = String::from_utf8(digits).unwrap();
            prop_assert_eq!(Rib::parse(&swapped), Err(RibError::WrongKey));
        }

        #[test]
        fn exactly_one_key_of_the_hundred_is_right(rib in synthetic()) {
            let body = &rib.as_str()[..22];
            let accepted = (0..100).filter(|key| Rib::parse(&format!("{body}{key:02}")).is_ok()).count();
            prop_assert_eq!(accepted, 1);
        }

        #[test]
        fn the_check_digits_of_the_iban_are_always_64(rib in synthetic()) {
            prop_assert_eq!(iban_check_digits(rib.as_str()), 64);
        }

        #[test]
        fn reading_any_text_never_panics_and_what_is_read_is_already_clean(text in ".{0,60}") {
            if let Ok(rib) = Rib::parse(&text) {
                prop_assert_eq!(Rib::parse(rib.as_str()), Ok(rib.clone()));
            }
        }

        #[test]
        fn reading_any_digits_never_panics(text in "[0-9٠-٩۰-۹ ]{0,40}") {
            let _ = Rib::parse(&text);
        }
    }
}
