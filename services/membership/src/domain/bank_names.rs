//! Bank names by the three-digit code that starts a bank account number.
//!
//! Published lists disagree with one another, so the table is finance's to keep: the built-in one holds the
//! demonstration bank only, a setting names the installation's own file. An unknown code has no name, which is shown
//! as such and refuses nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

const BUILT_IN: &str = include_str!("../../data/banks.toml");

/// A bank in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BankName {
    pub(crate) fr: String,
    pub(crate) ar: String,
}

/// Every named bank.
#[derive(Debug, Clone)]
pub(crate) struct BankNames(BTreeMap<String, BankName>);

impl BankNames {
    /// The table that comes with the service.
    pub(crate) fn built_in() -> Result<Self, String> {
        Self::parse(BUILT_IN)
    }

    /// Reads a table: `[banks.<three digits>]` with `fr` and `ar`. The error is one line for the operator.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            banks: BTreeMap<String, BankName>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        for code in file.banks.keys() {
            if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(format!("{code:?} is not a bank code of three digits"));
            }
        }
        Ok(Self(file.banks))
    }

    pub(crate) fn of(&self, code: &str) -> Option<&BankName> {
        self.0.get(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_bank_has_a_name_in_both_languages_and_an_unknown_code_has_none() {
        let names = BankNames::built_in().unwrap();
        assert_eq!(names.of("999").unwrap().fr, "Banque de démonstration");
        assert_eq!(names.of("999").unwrap().ar, "بنك تجريبي");
        assert!(names.of("998").is_none());
    }

    #[test]
    fn a_code_that_is_not_three_digits_refuses_the_table() {
        assert!(BankNames::parse("[banks.9999]\nfr='a'\nar='b'").is_err());
        assert!(BankNames::parse("[banks.'9a9']\nfr='a'\nar='b'").is_err());
    }
}
