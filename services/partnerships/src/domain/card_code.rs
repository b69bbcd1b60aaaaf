//! The code on a member's card page: ten characters that a clerk types without mistaking one for another. Never written to a log or a table.

use kernel::digits::{ascii_digit, is_invisible};

/// 0-9 and A-Z without I, L, O and U: 32 signs, so that a random byte gives one without a bias.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code; 50 bits, of which one in ten minutes is checked a few hundred times at most.
pub(crate) const LENGTH: usize = 10;

/// A code in its one spelling.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CardCode(String);

impl std::fmt::Debug for CardCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardCode")
    }
}

impl CardCode {
    /// The code that these random bytes give.
    pub(crate) fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(
            bytes
                .iter()
                .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
                .collect(),
        )
    }

    /// Reads what a clerk typed: small letters, gaps and hyphens, Arabic digits, O for 0, I and L for 1. `None` when that leaves no code.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // Far more than a code with every gap: nothing longer is looked at.
        if text.len() > 64 {
            return None;
        }
        let code: Option<String> = text
            .chars()
            .filter(|c| !(c.is_whitespace() || *c == '-' || is_invisible(*c)))
            .map(|c| {
                let c = match ascii_digit(c).to_ascii_uppercase() {
                    'O' => '0',
                    'I' | 'L' => '1',
                    other => other,
                };
                u8::try_from(c)
                    .is_ok_and(|byte| ALPHABET.contains(&byte))
                    .then_some(c)
            })
            .collect();
        code.filter(|code| code.len() == LENGTH).map(Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_as_clerks_type_it() {
        for text in [
            "0A1B2 C3D4E",
            "0a1b2c3d4e",
            "OAlB2-C3D4E",
            " oaib2\u{00A0}c3d4e ",
            "٠A١B٢C٣D٤E",
        ] {
            assert_eq!(CardCode::parse(text).unwrap().as_str(), "0A1B2C3D4E", "{text}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in [
            "",
            "0A1B2C3D4",
            "0A1B2C3D4E5",
            "0A1B2C3D4U",
            "0A1B2C3D4é",
            "0A1B2_3D4E",
        ] {
            assert_eq!(CardCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn debug_output_hides_the_code() {
        let code = CardCode::from_random([7; LENGTH]);
        assert_eq!(format!("{code:?}"), "CardCode");
    }

    proptest! {
        #[test]
        fn every_code_that_is_given_out_is_read_back(bytes: [u8; LENGTH]) {
            let code = CardCode::from_random(bytes);
            prop_assert_eq!(CardCode::parse(code.as_str()), Some(code));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,80}") {
            if let Some(code) = CardCode::parse(&text) {
                prop_assert_eq!(code.as_str().len(), LENGTH);
            }
        }
    }
}
