//! The instant that a call writes down. A demonstration's loader may name one in the past, so that files of many months come about through
//! the use cases. Who may name one is proved beside it, by a token of the portal, as which the loader works: a member's own token is no such
//! proof. From anybody else and anywhere else the metadata is refused, never silently ignored.

use auth::token;
use auth::trust::Trust;
use chrono::{DateTime, Utc};
use kernel::permission::CallerKind;
use platform::clock::Clock;
use tonic::metadata::MetadataMap;

use crate::error::Error;

/// The instant, RFC 3339.
const TIME: &str = "tadamon-demo-time";
/// A token of the portal for this service.
const TOKEN: &str = "tadamon-demo-token";
const AUDIENCE: &str = "benefits";
/// The principal with whose key the loader signs.
const LOADER: &str = "portal";

/// Gives the present, or in a demonstration the instant that the loader names.
#[derive(Clone, Debug)]
pub(crate) struct DemonstrationClock {
    clock: Clock,
    /// The keys by which the loader is known; absent outside a demonstration.
    trust: Option<Trust>,
}

fn refused(field: &'static str, instead: &'static str) -> Error {
    Error::Malformed {
        field,
        reason: "DEMO_TIME_REFUSED",
        instead,
    }
}

impl DemonstrationClock {
    /// Without trust no instant is taken from anybody.
    pub(crate) fn new(clock: Clock, trust: Option<Trust>) -> Self {
        Self { clock, trust }
    }

    /// # Errors
    /// An instant that is named outside a demonstration, by another than the loader, lies ahead, or is not RFC 3339.
    pub(crate) fn now(&self, metadata: &MetadataMap) -> Result<DateTime<Utc>, Error> {
        let present = self.clock.now();
        let Some(named) = metadata.get(TIME) else {
            return Ok(present);
        };
        let Some(trust) = &self.trust else {
            return Err(refused(TIME, "nothing: this installation is no demonstration"));
        };
        let token = metadata.get(TOKEN).and_then(|token| token.to_str().ok());
        if !token.is_some_and(|token| is_the_loader(trust, token, present)) {
            return Err(refused(TOKEN, "a token of the demonstration's loader"));
        }
        let at = named
            .to_str()
            .ok()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .ok_or_else(|| refused(TIME, "an RFC 3339 instant"))?
            .to_utc();
        if at > present {
            Err(refused(TIME, "an instant that has passed"))
        } else {
            Ok(at)
        }
    }
}

fn is_the_loader(trust: &Trust, token: &str, now: DateTime<Utc>) -> bool {
    match token::verify(trust, token, AUDIENCE, now) {
        Ok(claims) => claims.kind == CallerKind::Service && claims.sub == LOADER,
        Err(error) => {
            tracing::info!(cause = %error, "token of a demonstration's loader refused");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use auth::token::{Claims, sign};
    use chrono::TimeDelta;
    use kernel::{AccountId, MemberId};
    use testkit::TestKeys;
    use uuid::Uuid;

    use super::*;

    const PAST: &str = "2025-11-03T09:30:00+01:00";

    fn clock() -> Clock {
        Clock::manual(DateTime::from_timestamp(1_790_000_000, 0).expect("an instant"))
    }

    fn demonstration(keys: &TestKeys) -> DemonstrationClock {
        DemonstrationClock::new(clock(), Some(Trust::new(&keys.directory().trust_path())))
    }

    fn token(keys: &TestKeys, service: &str, audience: &str, at: DateTime<Utc>) -> String {
        sign(
            &keys.signing_key(service),
            &Claims::service(service, audience, at),
        )
    }

    fn naming(text: &str, token: Option<&str>) -> MetadataMap {
        let mut metadata = MetadataMap::new();
        metadata.insert(TIME, text.parse().expect("metadata"));
        if let Some(token) = token {
            metadata.insert(TOKEN, token.parse().expect("metadata"));
        }
        metadata
    }

    #[test]
    fn without_the_metadata_it_is_now() {
        let keys = testkit::keys();
        for clock in [demonstration(&keys), DemonstrationClock::new(clock(), None)] {
            let now = clock.now(&MetadataMap::new()).expect("the present");
            assert_eq!(now, self::clock().now());
        }
    }

    #[test]
    fn only_a_demonstration_takes_an_instant_and_only_a_past_one() {
        let keys = testkit::keys();
        let loader = token(&keys, LOADER, AUDIENCE, clock().now());
        let at = demonstration(&keys)
            .now(&naming(PAST, Some(&loader)))
            .expect("an instant");
        assert_eq!(at.to_rfc3339(), "2025-11-03T08:30:00+00:00");
        for bad in ["2099-01-01T00:00:00Z", "yesterday", "2025-11-03"] {
            let named = demonstration(&keys).now(&naming(bad, Some(&loader)));
            assert!(named.is_err(), "{bad}");
        }
        assert!(
            DemonstrationClock::new(clock(), None)
                .now(&naming(PAST, Some(&loader)))
                .is_err()
        );
    }

    #[test]
    fn an_instant_is_taken_from_the_loader_alone() {
        let keys = testkit::keys();
        let now = clock().now();
        let member = Claims::member(
            AccountId::from_uuid(Uuid::from_u128(1)),
            MemberId::from_uuid(Uuid::from_u128(2)),
            Uuid::from_u128(3).into(),
            AUDIENCE,
            now,
        );
        let others = [
            ("nobody", None),
            ("no token", Some("loader".to_owned())),
            ("a member", Some(sign(&keys.signing_key("identity"), &member))),
            ("another service", Some(token(&keys, "documents", AUDIENCE, now))),
            ("for another service", Some(token(&keys, LOADER, "identity", now))),
            (
                "of yesterday",
                Some(token(&keys, LOADER, AUDIENCE, now - TimeDelta::days(1))),
            ),
            (
                "of foreign keys",
                Some(token(&testkit::keys(), LOADER, AUDIENCE, now)),
            ),
        ];
        for (who, token) in others {
            match demonstration(&keys).now(&naming(PAST, token.as_deref())) {
                Err(Error::Malformed { field, .. }) => assert_eq!(field, TOKEN, "{who}"),
                other => panic!("{who}: {other:?}"),
            }
        }
    }
}
