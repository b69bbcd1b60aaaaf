//! The registry of typed ids: every id of the platform is a `UUIDv7` in a wrapper of its own, so that a
//! member's id cannot be passed where an account's is expected.
//!
//! No id is drawn here: the caller gives the instant and the random bytes ([`MemberId::new_v7`]), or the
//! `Uuid` it read ([`MemberId::from_uuid`]). The version of a read id is not checked; who stores ids
//! decides what it accepts.

use thiserror::Error;
use uuid::Uuid;

/// A text that is not an id in its one spelling (36 characters, hyphenated).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a {kind} id")]
pub struct IdError {
    /// Which id was expected: "member", "document" ...
    pub kind: &'static str,
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident = $kind:literal; )+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
            #[serde(transparent)]
            pub struct $name(Uuid);

            impl $name {
                /// What the id names, as it stands in error texts.
                pub const KIND: &'static str = $kind;

                /// Wraps a `Uuid` that was read or drawn elsewhere.
                #[must_use]
                pub const fn from_uuid(uuid: Uuid) -> Self {
                    Self(uuid)
                }

                /// A `UUIDv7` of this instant (milliseconds since 1970, UTC) and these random bytes.
                #[must_use]
                pub const fn new_v7(unix_ms: u64, random: [u8; 10]) -> Self {
                    Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
                }

                /// The bare `Uuid`, for a query or a message.
                #[must_use]
                pub const fn as_uuid(self) -> Uuid {
                    self.0
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    std::fmt::Display::fmt(&self.0, f)
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    write!(f, concat!(stringify!($name), "({})"), self.0)
                }
            }

            impl std::str::FromStr for $name {
                type Err = IdError;

                fn from_str(text: &str) -> Result<Self, IdError> {
                    parse(text).map(Self).ok_or(IdError { kind: $kind })
                }
            }

            impl From<Uuid> for $name {
                fn from(uuid: Uuid) -> Self {
                    Self(uuid)
                }
            }

            impl From<$name> for Uuid {
                fn from(id: $name) -> Uuid {
                    id.0
                }
            }
        )+

        /// The kind of every id in the registry, for the tests that walk it.
        pub const KINDS: &[&str] = &[ $( $kind, )+ ];
    };
}

/// One spelling only: braces, URNs and bare hexadecimal are refused, so that an id compares as text in
/// logs, addresses and caches.
fn parse(text: &str) -> Option<Uuid> {
    const HYPHENATED: usize = 36;
    if text.len() != HYPHENATED {
        return None;
    }
    Uuid::try_parse(text).ok()
}

ids! {
    /// A membership: the staff member or retiree who joined.
    MemberId = "member";
    /// Any natural person: a member, a spouse, a child, a guardian.
    PersonId = "person";
    /// An account that signs in: a member's or an agent's.
    AccountId = "account";
    /// A signed-in session.
    SessionId = "session";
    /// A request for a benefit, from draft to decision.
    ApplicationId = "application";
    /// An uploaded paper.
    DocumentId = "document";
    /// A published fact.
    EventId = "event";
    /// A due job of the work queue.
    JobId = "job";
    /// A mail or SMS to be sent, named without saying what is in it.
    DeliveryId = "delivery";
    /// A message in a member's inbox.
    MessageId = "message";
    /// A bank account that a member declared.
    BankAccountId = "bank account";
    /// One run of a roster import.
    ImportId = "import";
    /// A partner that honours the card.
    PartnerId = "partner";
    /// An agreement with a partner, whatever its versions.
    AgreementId = "agreement";
    /// One check of a card by a partner.
    VerificationId = "verification";
    /// A sale with a reduction that a partner recorded.
    RedemptionId = "redemption";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_error_names_the_kind_and_not_what_was_typed() {
        let error = "ZZ123456".parse::<DocumentId>().unwrap_err();
        assert_eq!(error, IdError { kind: "document" });
        assert_eq!(error.to_string(), "not a document id");
    }

    #[test]
    fn only_the_hyphenated_spelling_is_read() {
        let text = "01934c1e-7b00-7000-8000-000000000001";
        assert!(text.parse::<MemberId>().is_ok());
        for other in [
            "01934c1e7b0070008000000000000001",
            "{01934c1e-7b00-7000-8000-000000000001}",
            "urn:uuid:01934c1e-7b00-7000-8000-000000000001",
            "01934c1e-7b00-7000-8000-00000000000g",
            " 01934c1e-7b00-7000-8000-00000000001",
            "",
        ] {
            assert!(other.parse::<MemberId>().is_err(), "{other} was read");
        }
    }

    #[test]
    fn every_kind_of_the_registry_is_named_once() {
        let mut kinds = KINDS.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), KINDS.len());
        assert!(KINDS.contains(&ApplicationId::KIND));
    }

    #[test]
    fn debug_shows_the_kind() {
        let id = JobId::new_v7(0, [0; 10]);
        assert_eq!(format!("{id:?}"), format!("JobId({id})"));
    }

    proptest! {
        #[test]
        fn an_id_reads_back_from_its_text_its_json_and_its_uuid(bytes in any::<[u8; 16]>()) {
            let id = ApplicationId::from_uuid(Uuid::from_bytes(bytes));
            prop_assert_eq!(id.to_string().parse::<ApplicationId>(), Ok(id));
            prop_assert_eq!(ApplicationId::from_uuid(id.as_uuid()), id);
            let json = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(&json, &format!("\"{id}\""));
            prop_assert_eq!(serde_json::from_str::<ApplicationId>(&json).unwrap(), id);
        }

        #[test]
        fn a_new_id_is_version_seven_and_sorts_by_its_instant(
            earlier in 0..(1_u64 << 47), gap in 1..(1_u64 << 40), random in any::<[[u8; 10]; 2]>(),
        ) {
            let first = EventId::new_v7(earlier, random[0]);
            let second = EventId::new_v7(earlier + gap, random[1]);
            prop_assert_eq!(first.as_uuid().get_version_num(), 7);
            prop_assert!(first < second);
            prop_assert!(first.to_string() < second.to_string());
        }

        #[test]
        fn reading_any_text_as_an_id_never_panics(text in ".{0,40}") {
            let _ = text.parse::<SessionId>();
        }
    }
}
