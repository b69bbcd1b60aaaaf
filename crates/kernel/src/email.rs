//! An e-mail address: one `@`, a plain local part in ASCII, a domain with a point. Quoted local parts and addresses in brackets are refused, since no
//! staff file has them. Whether anybody reads it is not known here.

use std::fmt;

use crate::digits::is_invisible;

/// Longest address of RFC 5321, its longest local part, and the longest label of a domain, in bytes.
const MAX_ADDRESS: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// An address that mail can be sent to, as it was written. `Debug` hides it: it names a person.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// Why a text is not an address. The text is never named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("no address")]
    Empty,
    #[error("not an address such as name@domain.example")]
    Format,
}

impl EmailAddress {
    /// Reads a typed address; spaces around it and invisible characters are dropped.
    ///
    /// # Errors
    /// Nothing typed, or no address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let clean: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        let clean = clean.trim();
        if clean.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = clean.split_once('@').ok_or(EmailError::Format)?;
        if clean.len() <= MAX_ADDRESS && is_local_part(local) && is_domain(domain) {
            Ok(Self(clean.to_owned()))
        } else {
            Err(EmailError::Format)
        }
    }

    /// The address; never for a log or an event.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same address in lower case.
    #[must_use]
    pub fn into_lower_case(self) -> Self {
        Self(self.0.to_ascii_lowercase())
    }

    /// How two addresses are compared: without case.
    #[must_use]
    pub fn normalised(&self) -> String {
        normalise(&self.0)
    }

    /// Whether the domain is one of these or below one of them, whatever the case.
    #[must_use]
    pub fn is_at_one_of(&self, domains: &[String]) -> bool {
        let address = self.0.to_ascii_lowercase();
        let Some((_, domain)) = address.split_once('@') else {
            return false;
        };
        domains.iter().any(|listed| {
            let listed = listed.to_ascii_lowercase();
            domain == listed
                || domain
                    .strip_suffix(&listed)
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    }
}

/// The comparable form of any typed text, an address or not, so that a wrong one costs the same work as a right one.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is_local_part(local: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    (1..=MAX_LOCAL).contains(&local.len())
        && local.bytes().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_needs_a_local_part_one_at_sign_and_a_domain_with_a_point() {
        for good in [
            "a@finances.example",
            " a.b-c+d@mail.finances.example ",
            "A@X.EXAMPLE",
            "\u{200e}a@finances.example",
        ] {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
        let long = format!("{}@b.example", "a".repeat(65));
        for bad in [
            "a",
            "@finances.example",
            "a@",
            "a@example",
            "a@b@c.example",
            "a b@c.example",
            ".a@c.example",
            "a.@c.example",
            "a..b@c.example",
            "a@-c.example",
            "a@c-.example",
            "a@c..example",
            "a@c.example.",
            "a@[127.0.0.1]",
            "\"a b\"@c.example",
            "é@c.example",
            "a@é.example",
            "a@.example",
            "a@b.example\r\nBcc: x@y.example",
            "a,b@c.example",
            "<a@c.example>",
            &long,
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(EmailError::Format), "{bad}");
        }
        for nothing in ["", "  ", " \u{200e}"] {
            assert_eq!(EmailAddress::parse(nothing), Err(EmailError::Empty));
        }
    }

    #[test]
    fn it_is_kept_as_written_and_compared_without_case() {
        let address = EmailAddress::parse("  Amina.B@Finances.Example ").unwrap();
        assert_eq!(address.as_str(), "Amina.B@Finances.Example");
        assert_eq!(address.normalised(), "amina.b@finances.example");
        assert_eq!(address.clone().into_lower_case().as_str(), address.normalised());
        assert_eq!(format!("{address:?}"), "EmailAddress(hidden)");
    }

    #[test]
    fn a_domain_covers_the_domains_below_it_and_no_look_alike() {
        let domains = vec!["finances.example".to_owned()];
        let at = |text: &str| EmailAddress::parse(text).unwrap().is_at_one_of(&domains);
        assert!(at("a@finances.example") && at("a@dgi.finances.example") && at("a@Finances.EXAMPLE"));
        assert!(!at("a@myfinances.example") && !at("a@finances.example.evil.example"));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_refused_or_a_whole_address_in_ascii(text in "\\PC{0,80}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                let address = address.as_str();
                prop_assert!(address.is_ascii() && address.len() <= MAX_ADDRESS);
                prop_assert_eq!(address.matches('@').count(), 1);
                let again = EmailAddress::parse(address).unwrap();
                prop_assert_eq!(again.as_str(), address);
            }
        }
    }
}
