//! Codes that people read from paper and type: activation codes of the desk, recovery codes. Thirty characters that are hard to take for one
//! another; capitals, spaces and hyphens do not matter when they come back. The random bytes are passed in.

/// Without 0 and O, 1, I and L, and U: 30 characters.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bytes from here on would make the first characters likelier than the others.
const LARGEST_FAIR_BYTE: u8 = 239;
/// Far more than anybody types.
const LONGEST_TYPED: usize = 64;

/// A code of `N` characters without its hyphens. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PrintedCode<const N: usize>(String);

/// What the desk prints: 12 characters, 58 bits.
pub(crate) type ActivationCode = PrintedCode<12>;
/// What replaces a telephone that was lost: 10 characters, 49 bits.
pub(crate) type RecoveryCode = PrintedCode<10>;

impl<const N: usize> PrintedCode<N> {
    /// A code of fresh bytes; `None` when too many of them were unfair, for which a few times `N` bytes are enough.
    pub(crate) fn from_random(bytes: &[u8]) -> Option<Self> {
        let code: String = bytes
            .iter()
            .filter(|byte| **byte <= LARGEST_FAIR_BYTE)
            .take(N)
            .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]))
            .collect();
        (code.len() == N).then_some(Self(code))
    }

    /// Reads what was typed; `None` for what cannot be a code.
    pub(crate) fn parse(typed: &str) -> Option<Self> {
        if typed.len() > LONGEST_TYPED {
            return None;
        }
        let clean: String = kernel::digits::to_ascii_digits(typed)
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-' && !kernel::digits::is_invisible(*c))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let known = clean.bytes().all(|byte| ALPHABET.contains(&byte));
        (known && clean.len() == N).then_some(Self(clean))
    }

    /// The characters alone, for hashing.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is printed: groups with hyphens between.
    pub(crate) fn grouped(&self, group: usize) -> String {
        self.0
            .as_bytes()
            .chunks(group)
            .map(String::from_utf8_lossy)
            .collect::<Vec<_>>()
            .join("-")
    }
}

impl<const N: usize> std::fmt::Debug for PrintedCode<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrintedCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_has_its_length_and_is_printed_in_groups() {
        let bytes: Vec<u8> = (0..24).collect();
        let code = ActivationCode::from_random(&bytes).unwrap();
        assert_eq!(code.grouped(4), "2345-6789-ABCD");
        assert_eq!(format!("{code:?}"), "PrintedCode(..)");
    }

    #[test]
    fn it_is_read_whatever_the_capitals_spaces_hyphens_and_digits() {
        let code = ActivationCode::parse("2345-6789-ABCD").unwrap();
        for typed in [
            " 23456789abcd",
            "2345 6789 AbCd",
            "٢٣٤٥-٦٧٨٩-ABCD",
            "\u{200f}2345-6789-abcd",
        ] {
            assert_eq!(ActivationCode::parse(typed), Some(code.clone()), "{typed}");
        }
        for typed in [
            "",
            "2345-6789-ABC",
            "2345-6789-ABCDE",
            "2345-6789-ABC0",
            "2345-6789-ABCÉ",
            &"2".repeat(65),
        ] {
            assert_eq!(ActivationCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn unfair_bytes_are_left_out_and_every_character_is_as_likely() {
        assert_eq!(RecoveryCode::from_random(&[255; 64]), None);
        let mut counts = [0; 30];
        for byte in 0..=LARGEST_FAIR_BYTE {
            counts[usize::from(byte) % 30] += 1;
        }
        assert_eq!(counts, [8; 30]);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(bytes in proptest::collection::vec(0_u8..=255, 40)) {
            if let Some(code) = RecoveryCode::from_random(&bytes) {
                prop_assert_eq!(RecoveryCode::parse(&code.grouped(5)), Some(code));
            }
        }
    }
}
