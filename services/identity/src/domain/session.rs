//! How long a session lives: it ends after a time without use, and after a time whatever its use.

use chrono::{DateTime, Duration, Utc};

/// How often the last use is written down; a write per page would cost more than the minute is worth.
const TOUCH_EVERY: Duration = Duration::minutes(1);

/// The two lengths, from the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionTimes {
    pub(crate) idle: Duration,
    pub(crate) absolute: Duration,
}

/// The dates of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionLife {
    pub(crate) last_seen_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

impl SessionLife {
    pub(crate) fn is_alive(self, times: SessionTimes, now: DateTime<Utc>) -> bool {
        now < self.ends_at(times)
    }

    /// When it ends if it is not used again.
    pub(crate) fn ends_at(self, times: SessionTimes) -> DateTime<Utc> {
        self.expires_at.min(self.last_seen_at + times.idle)
    }

    pub(crate) fn should_touch(self, now: DateTime<Utc>) -> bool {
        now - self.last_seen_at >= TOUCH_EVERY
    }
}

/// Services for which the edge may ask a token. A token for anybody else would be a key to a door that we do not know.
const AUDIENCES: [&str; 6] = [
    "membership",
    "benefits",
    "documents",
    "notifications",
    "partnerships",
    "identity",
];

/// The audience in its static spelling, if it is one of ours.
pub(crate) fn audience(name: &str) -> Option<&'static str> {
    AUDIENCES.into_iter().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_session_ends_after_its_idle_time_or_its_whole_time() {
        let start = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let times = SessionTimes {
            idle: Duration::minutes(30),
            absolute: Duration::hours(12),
        };
        let fresh = SessionLife {
            last_seen_at: start,
            expires_at: start + times.absolute,
        };
        assert!(fresh.is_alive(times, start + Duration::seconds(30 * 60 - 1)));
        assert!(!fresh.is_alive(times, start + Duration::minutes(30)));
        let used_late = SessionLife {
            last_seen_at: start + Duration::minutes(11 * 60 + 50),
            ..fresh
        };
        assert!(used_late.is_alive(times, start + Duration::minutes(11 * 60 + 59)));
        assert!(!used_late.is_alive(times, start + Duration::hours(12)));
    }

    #[test]
    fn the_last_use_is_written_at_most_once_a_minute() {
        let start = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let life = SessionLife {
            last_seen_at: start,
            expires_at: start + Duration::hours(12),
        };
        assert!(!life.should_touch(start + Duration::seconds(59)));
        assert!(life.should_touch(start + Duration::seconds(60)));
    }

    #[test]
    fn a_token_is_made_for_our_services_only() {
        assert_eq!(audience("benefits"), Some("benefits"));
        assert_eq!(audience("portal"), None);
        assert_eq!(audience(""), None);
    }
}
