//! An e-mail address as the account form takes it. Whether it is somebody's is not known here; comparing it with the staff file is membership's work.

use std::fmt;

const MAX_BYTES: usize = 254;
const MAX_LOCAL_BYTES: usize = 64;

/// A plausible address in lower case. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EmailAddress(String);

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmailError {
    Empty,
    Format,
}

impl EmailAddress {
    /// Takes `local@domain.tld` in ASCII; quoted local parts and addresses in brackets are refused, since no staff file has them.
    pub(crate) fn parse(text: &str) -> Result<Self, EmailError> {
        let clean: String = text
            .chars()
            .filter(|c| !kernel::digits::is_invisible(*c))
            .collect();
        let clean = clean.trim().to_ascii_lowercase();
        if clean.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = clean.split_once('@').ok_or(EmailError::Format)?;
        let fits = clean.len() <= MAX_BYTES && local.len() <= MAX_LOCAL_BYTES;
        if fits && is_local_part(local) && is_domain(domain) {
            Ok(Self(clean))
        } else {
            Err(EmailError::Format)
        }
    }

    /// The address itself; never for a log or an event.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the domain is one of these or below one of them.
    pub(crate) fn is_at_one_of(&self, domains: &[String]) -> bool {
        let Some((_, domain)) = self.0.split_once('@') else {
            return false;
        };
        domains.iter().any(|listed| {
            domain == listed
                || domain
                    .strip_suffix(listed.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    }
}

fn is_local_part(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    !local.is_empty()
        && local.bytes().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
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
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case_without_spaces_around() {
        let address = EmailAddress::parse("  Amina.B@Finances.Example ").unwrap();
        assert_eq!(address.as_str(), "amina.b@finances.example");
    }

    #[test]
    fn a_text_that_no_mail_server_would_take_is_refused() {
        for bad in [
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a b@c.example",
            "a@b..example",
            "a@-b.example",
            "a@b@c.example",
            ".a@b.example",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(EmailError::Format), "{bad}");
        }
        assert_eq!(EmailAddress::parse(" \u{200e}"), Err(EmailError::Empty));
        assert_eq!(
            EmailAddress::parse(&format!("{}@b.example", "a".repeat(300))),
            Err(EmailError::Format)
        );
    }

    #[test]
    fn a_professional_domain_covers_the_domains_below_it_and_no_look_alike() {
        let domains = vec!["finances.example".to_owned()];
        let at = |text: &str| EmailAddress::parse(text).unwrap().is_at_one_of(&domains);
        assert!(at("a@finances.example"));
        assert!(at("a@tgr.finances.example"));
        assert!(!at("a@notfinances.example"));
        assert!(!at("a@finances.example.mail.example"));
    }

    #[test]
    fn an_address_is_not_printed_by_debug() {
        let address = EmailAddress::parse("amina@finances.example").unwrap();
        assert_eq!(format!("{address:?}"), "EmailAddress(hidden)");
    }
}
