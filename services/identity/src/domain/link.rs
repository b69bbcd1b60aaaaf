//! The single-use link that sets a password: when it may be used, and where it leads. Its token is not made here; the key is with the store of secrets.

use chrono::{DateTime, Utc};
use kernel::Locale;

/// The dates that decide whether a link may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LinkLife {
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
    pub(crate) voided_at: Option<DateTime<Utc>>,
}

impl LinkLife {
    /// Once, before it expires, and while no newer link was made.
    pub(crate) fn is_usable(self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.voided_at.is_none() && now < self.expires_at
    }
}

/// The address that the mail carries.
pub(crate) fn address(portal_url: &str, locale: Locale, token: &str) -> String {
    format!(
        "{}/{locale}/account/link/{token}",
        portal_url.trim_end_matches('/')
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone};

    #[test]
    fn a_link_is_usable_once_until_it_expires_and_until_a_newer_one_is_made() {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 10, 0, 0).unwrap();
        let fresh = LinkLife {
            expires_at: now + Duration::minutes(30),
            used_at: None,
            voided_at: None,
        };
        assert!(fresh.is_usable(now));
        assert!(fresh.is_usable(now + Duration::seconds(30 * 60 - 1)));
        assert!(!fresh.is_usable(now + Duration::minutes(30)));
        assert!(
            !LinkLife {
                used_at: Some(now),
                ..fresh
            }
            .is_usable(now)
        );
        assert!(
            !LinkLife {
                voided_at: Some(now),
                ..fresh
            }
            .is_usable(now)
        );
    }

    #[test]
    fn the_address_leads_to_the_portal_in_the_readers_language() {
        assert_eq!(
            address("https://p.example/", Locale::Ar, "abc"),
            "https://p.example/ar/account/link/abc"
        );
    }
}
