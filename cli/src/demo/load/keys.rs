//! Idempotency keys that follow from the plan: the step of a load that was interrupted is sent again with the key that it had, and is done once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::civil;
use ring::digest::{SHA256, digest};

/// Before the anchor day begins anywhere: a key's instant may not lie ahead, and lives for three days.
const BEFORE: TimeDelta = TimeDelta::hours(2);

/// The keys of one plan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    at: DateTime<Utc>,
    anchor: NaiveDate,
    seed: u64,
}

impl Keys {
    pub(super) fn new(anchor: NaiveDate, seed: u64) -> Self {
        Self {
            at: civil::start_of_day(anchor) - BEFORE,
            anchor,
            seed,
        }
    }

    /// A UUID of version 7, always the same for the same step of the same file.
    pub(super) fn of(&self, label: &str, step: usize, part: &str) -> String {
        let text = format!("{}/{}/{label}/{step}/{part}", self.seed, self.anchor);
        let hash = digest(&SHA256, text.as_bytes());
        let millis = u64::try_from(self.at.timestamp_millis()).unwrap_or_default();
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&hash.as_ref()[..10]);
        bytes[6] = 0x70 | bytes[6] & 0x0F;
        bytes[8] = 0x80 | bytes[8] & 0x3F;
        let hex = hex::encode(bytes);
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_key_and_another_step_another() {
        let anchor = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let keys = Keys::new(anchor, 1);
        let key = keys.of("90000001/0", 3, "call");
        assert_eq!(key, Keys::new(anchor, 1).of("90000001/0", 3, "call"));
        assert_eq!((key.len(), &key[14..15]), (36, "7"));
        assert!("89ab".contains(&key[19..20]));
        let others = [
            keys.of("90000001/0", 4, "call"),
            keys.of("90000001/0", 3, "upload"),
            keys.of("90000001/1", 3, "call"),
            Keys::new(anchor, 2).of("90000001/0", 3, "call"),
        ];
        assert!(others.iter().all(|other| *other != key));
    }
}
