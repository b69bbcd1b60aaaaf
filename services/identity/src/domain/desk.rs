//! What the desk says when it prints a code: which paper was seen and why the mail is no way. Kinds only, never a number.

use chrono::{DateTime, Utc};

use super::field::WrongField;

/// The paper that the agent saw.
pub(crate) fn parse_identification(typed: &str) -> Result<&'static str, WrongField> {
    ["identity_card", "passport", "residence_card", "professional_card"]
        .into_iter()
        .find(|known| *known == typed)
        .ok_or(WrongField::new(
            "identification",
            "IDENTIFICATION_UNKNOWN",
            "Choose the paper that was shown.",
        ))
}

/// Why the mail is no way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The staff file has no address.
    NoAddress,
    /// The member cannot use the one on file.
    AddressUnusable,
}

impl Cause {
    pub(crate) fn parse(typed: &str) -> Result<Self, WrongField> {
        match typed {
            "no_address" => Ok(Self::NoAddress),
            "address_unusable" => Ok(Self::AddressUnusable),
            _ => Err(WrongField::new(
                "cause",
                "DESK_CAUSE_UNKNOWN",
                "no_address or address_unusable.",
            )),
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::AddressUnusable => "address_unusable",
        }
    }

    /// Who has an address on file goes by mail, unless they say that they cannot.
    pub(crate) fn allows(self, has_address: bool) -> bool {
        match self {
            Self::NoAddress => !has_address,
            Self::AddressUnusable => true,
        }
    }
}

/// A printed code as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CodeLife {
    pub(crate) expires_at: DateTime<Utc>,
    /// Attempts so far, this one counted.
    pub(crate) attempts: u32,
}

impl CodeLife {
    pub(crate) fn may_be_tried(self, most_attempts: u32, now: DateTime<Utc>) -> bool {
        now < self.expires_at && self.attempts <= most_attempts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone};

    #[test]
    fn a_member_with_an_address_on_file_goes_by_mail_unless_it_is_of_no_use() {
        assert!(Cause::NoAddress.allows(false) && !Cause::NoAddress.allows(true));
        assert!(Cause::AddressUnusable.allows(true) && Cause::AddressUnusable.allows(false));
    }

    #[test]
    fn the_paper_is_of_a_list_and_its_number_is_not_taken() {
        assert_eq!(parse_identification("identity_card"), Ok("identity_card"));
        assert_eq!(
            parse_identification("ZZ100001").unwrap_err().reason,
            "IDENTIFICATION_UNKNOWN"
        );
        assert_eq!(Cause::parse("").unwrap_err().reason, "DESK_CAUSE_UNKNOWN");
    }

    #[test]
    fn a_code_is_tried_a_few_times_until_its_day() {
        let now = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let life = |attempts| CodeLife {
            expires_at: now + Duration::days(7),
            attempts,
        };
        assert!(life(1).may_be_tried(10, now) && life(10).may_be_tried(10, now));
        assert!(!life(11).may_be_tried(10, now));
        assert!(!life(1).may_be_tried(10, now + Duration::days(7)));
    }
}
