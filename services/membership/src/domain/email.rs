//! An e-mail address as the staff file may hold one: one `@`, a plain local part, a domain with a dot.
//!
//! It does not say whether the domain is a professional one (a setting of identity), nor whether anybody reads it.

/// Longest address of RFC 5321 (254) and longest local part (64), in bytes.
const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// An address that mail can be sent to. No `Debug`: it names a person.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EmailAddress(String);

impl EmailAddress {
    /// Reads a typed address; spaces around it are dropped. `None` when it is not one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.split_once('@')?;
        let labels_fit = domain.split('.').all(is_label);
        let fits = text.len() <= MAX_ADDRESS
            && (1..=MAX_LOCAL).contains(&local.len())
            && local.bytes().all(is_local_byte)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && domain.contains('.')
            && labels_fit;
        fits.then(|| Self(text.to_owned()))
    }

    /// The address as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// How two addresses are compared: without case.
    pub(crate) fn normalised(&self) -> String {
        normalise(&self.0)
    }
}

/// The comparable form of any typed text, an address or not, so that a wrong one costs the same work as a right one.
pub(crate) fn normalise(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_a_local_part_one_at_sign_and_a_domain_with_a_dot() {
        for good in [
            "a@finances.example",
            " a.b-c+d@mail.finances.example ",
            "A@X.EXAMPLE",
        ] {
            assert!(EmailAddress::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@finances.example",
            "a@",
            "a@example",
            "a@b@c.example",
            "a b@c.example",
            ".a@c.example",
            "a..b@c.example",
            "a@-c.example",
            "a@c..example",
            "é@c.example",
        ] {
            assert!(EmailAddress::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn two_spellings_that_differ_by_case_are_one_address() {
        assert_eq!(
            EmailAddress::parse("Amina@Finances.Example").map(|e| e.normalised()),
            Some("amina@finances.example".to_owned())
        );
    }
}
