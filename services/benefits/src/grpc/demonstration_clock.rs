//! The instant that a call writes down. A demonstration's loader may name one in the past, so that files of many months come about through
//! the use cases; anywhere else the metadata is refused, never silently ignored.

use chrono::{DateTime, Utc};
use platform::clock::Clock;
use tonic::metadata::MetadataMap;

use crate::error::Error;

const METADATA: &str = "tadamon-demo-time";

/// Gives the present, or in a demonstration the instant that the caller names.
#[derive(Clone, Debug)]
pub(crate) struct DemonstrationClock {
    clock: Clock,
    enabled: bool,
}

impl DemonstrationClock {
    pub(crate) fn new(clock: Clock, enabled: bool) -> Self {
        Self { clock, enabled }
    }

    /// # Errors
    /// An instant that is named outside a demonstration, lies ahead, or is not RFC 3339.
    pub(crate) fn now(&self, metadata: &MetadataMap) -> Result<DateTime<Utc>, Error> {
        let present = self.clock.now();
        let Some(named) = metadata.get(METADATA) else {
            return Ok(present);
        };
        let refused = |instead| Error::Malformed {
            field: METADATA,
            reason: "DEMO_TIME_REFUSED",
            instead,
        };
        if !self.enabled {
            return Err(refused("nothing: this installation is no demonstration"));
        }
        let text = named.to_str().map_err(|_| refused("an RFC 3339 instant"))?;
        let at = DateTime::parse_from_rfc3339(text)
            .map_err(|_| refused("an RFC 3339 instant"))?
            .to_utc();
        if at > present {
            Err(refused("an instant that has passed"))
        } else {
            Ok(at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        Clock::manual(DateTime::from_timestamp(1_790_000_000, 0).expect("an instant"))
    }

    fn naming(text: &'static str) -> MetadataMap {
        let mut metadata = MetadataMap::new();
        metadata.insert(METADATA, text.parse().expect("metadata"));
        metadata
    }

    #[test]
    fn without_the_metadata_it_is_now() {
        for enabled in [true, false] {
            let now = DemonstrationClock::new(clock(), enabled)
                .now(&MetadataMap::new())
                .expect("the present");
            assert_eq!(now, clock().now());
        }
    }

    #[test]
    fn only_a_demonstration_takes_an_instant_and_only_a_past_one() {
        let demonstration = DemonstrationClock::new(clock(), true);
        let at = demonstration
            .now(&naming("2025-11-03T09:30:00+01:00"))
            .expect("an instant");
        assert_eq!(at.to_rfc3339(), "2025-11-03T08:30:00+00:00");
        for bad in ["2099-01-01T00:00:00Z", "yesterday", "2025-11-03"] {
            assert!(demonstration.now(&naming(bad)).is_err(), "{bad}");
        }
        assert!(
            DemonstrationClock::new(clock(), false)
                .now(&naming("2025-11-03T09:30:00Z"))
                .is_err()
        );
    }
}
