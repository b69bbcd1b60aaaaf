//! The human number of a request: `sequence/code/year`, as in `13/Col_E/2019`.
//!
//! The rule is `^[1-9][0-9]*/[A-Za-z]+(_[A-Za-z]+)*/[0-9]{4}$`. Who hands out sequences, and which code belongs
//! to which benefit, is not known here. A number has slashes: addresses carry the opaque id instead.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A request number in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestNumber {
    sequence: u32,
    code: String,
    year: u16,
}

/// Why a request number cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RequestNumberError {
    /// Not three parts between slashes.
    #[error("a request number is written sequence/code/year")]
    Parts,
    /// Not a whole number from 1 to 4,294,967,295 without leading zeros.
    #[error("the sequence of a request number is a whole number from 1, without leading zeros")]
    Sequence,
    /// Not words of Latin letters joined by single underscores.
    #[error("the code of a request number is made of Latin letters joined by single underscores")]
    Code,
    /// Not four digits.
    #[error("the year of a request number has four digits")]
    Year,
}

impl RequestNumber {
    /// Makes a number from its parts: `sequence` from 1, `year` up to 9999.
    pub fn new(sequence: u32, code: &str, year: u16) -> Result<Self, RequestNumberError> {
        if sequence == 0 {
            return Err(RequestNumberError::Sequence);
        }
        if !is_code(code) {
            return Err(RequestNumberError::Code);
        }
        if year > 9999 {
            return Err(RequestNumberError::Year);
        }
        Ok(Self {
            sequence,
            code: code.to_owned(),
            year,
        })
    }

    /// Reads the exact spelling; nothing is trimmed or folded.
    pub fn parse(text: &str) -> Result<Self, RequestNumberError> {
        let mut parts = text.split('/');
        let (Some(sequence), Some(code), Some(year), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(RequestNumberError::Parts);
        };
        let canonical = !sequence.starts_with('0') && sequence.bytes().all(|b| b.is_ascii_digit());
        let sequence = sequence
            .parse()
            .ok()
            .filter(|_| canonical)
            .ok_or(RequestNumberError::Sequence)?;
        let four_digits = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let year = year
            .parse()
            .ok()
            .filter(|_| four_digits)
            .ok_or(RequestNumberError::Year)?;
        Self::new(sequence, code, year)
    }

    /// Place in the sequence of that code and year, from 1.
    #[must_use]
    pub const fn sequence(&self) -> u32 {
        self.sequence
    }

    /// The benefit's code, as in `Col_E`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The civil year of the submission.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }
}

/// Words of Latin letters joined by single underscores: what a catalogue may choose as a code.
#[must_use]
pub fn is_code(code: &str) -> bool {
    code.split('_')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic()))
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{:04}", self.sequence, self.code, self.year)
    }
}

impl std::str::FromStr for RequestNumber {
    type Err = RequestNumberError;

    fn from_str(text: &str) -> Result<Self, RequestNumberError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for RequestNumber {
    type Error = RequestNumberError;

    fn try_from(text: String) -> Result<Self, RequestNumberError> {
        Self::parse(&text)
    }
}

impl From<RequestNumber> for String {
    fn from(number: RequestNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn well_formed_numbers_are_read() {
        let number = RequestNumber::parse("13/Col_E/2019").unwrap();
        assert_eq!(
            (number.sequence(), number.code(), number.year()),
            (13, "Col_E", 2019)
        );
        for valid in ["1/Ris/2024", "4294967295/Aid_X/2026", "7/a_b_c/0001"] {
            assert_eq!(RequestNumber::parse(valid).unwrap().to_string(), valid);
        }
    }

    #[test]
    fn each_broken_part_is_named() {
        use RequestNumberError::{Code, Parts, Sequence, Year};
        for (wrong, why) in [
            ("", Parts),
            ("13", Parts),
            ("13/Col_E", Parts),
            ("13/Col_E/2019/", Parts),
            ("013/Col_E/2019", Sequence),
            ("0/Col_E/2019", Sequence),
            ("/Col_E/2019", Sequence),
            ("+1/Col_E/2019", Sequence),
            ("-1/Col_E/2019", Sequence),
            ("4294967296/Col_E/2019", Sequence),
            ("١٣/Col_E/2019", Sequence),
            (" 13/Col_E/2019", Sequence),
            ("13/Col__E/2019", Code),
            ("13/_E/2019", Code),
            ("13/Col_/2019", Code),
            ("13//2019", Code),
            ("13/Col1/2019", Code),
            ("13/Colé/2019", Code),
            ("13/Col_E/19", Year),
            ("13/Col_E/02019", Year),
            ("13/Col_E/+019", Year),
            ("13/Col_E/", Year),
        ] {
            assert_eq!(RequestNumber::parse(wrong), Err(why), "{wrong}");
        }
        assert_eq!(RequestNumber::new(0, "Ris", 2024), Err(Sequence));
        assert_eq!(RequestNumber::new(1, "", 2024), Err(Code));
        assert_eq!(RequestNumber::new(1, "Ris", 10_000), Err(Year));
    }

    #[test]
    fn json_reads_back_checked() {
        let number = RequestNumber::new(13, "Col_E", 2019).unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"13/Col_E/2019\"");
        assert_eq!(
            serde_json::from_str::<RequestNumber>("\"13/Col_E/2019\"").unwrap(),
            number
        );
        assert!(serde_json::from_str::<RequestNumber>("\"013/Col_E/2019\"").is_err());
    }

    proptest! {
        #[test]
        fn a_number_reads_back_from_its_text(
            sequence in 1_u32.., code in "[A-Za-z]{1,4}(_[A-Za-z]{1,3}){0,2}", year in 0_u16..=9999,
        ) {
            let number = RequestNumber::new(sequence, &code, year).unwrap();
            prop_assert_eq!(RequestNumber::parse(&number.to_string()), Ok(number));
        }

        #[test]
        fn reading_any_text_never_panics_and_what_is_read_is_its_one_spelling(
            text in prop_oneof![".{0,40}", "[0-9]{0,11}/[A-Za-z_]{0,6}/[0-9]{0,5}"],
        ) {
            if let Ok(number) = RequestNumber::parse(&text) {
                prop_assert_eq!(number.to_string(), text);
            }
        }
    }
}
