//! The lock-out that slows a stranger: the more wrong passwords for one account in one civil day, the longer the wait.
//!
//! A device from which the account signed in before has a count of its own, so that a stranger's guesses cost the member nothing. Nothing is
//! ever locked for good: the worst wait ends with the day, and the link by mail remains a second way in.

use chrono::{DateTime, Days, Utc};

/// From this many failures in a day on, the wait lasts until the day ends.
const FAILURES_FOR_THE_DAY: u32 = 100;

/// Wrong passwords so far, as stored for one account and one device (or all strangers together).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: u32,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) slow_until: DateTime<Utc>,
}

/// What an attempt meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// May be tried; it counts as failed until the password proves right, so that parallel guesses gain nothing.
    Allowed(Failures),
    /// Too early.
    Wait { until: DateTime<Utc> },
}

/// Decides an attempt at `now` after the failures stored so far.
pub(crate) fn attempt(stored: Option<Failures>, now: DateTime<Utc>) -> Attempt {
    if let Some(failures) = stored
        && now < failures.slow_until
    {
        return Attempt::Wait {
            until: failures.slow_until,
        };
    }
    let today = kernel::civil::civil_date(now);
    let earlier = stored
        .filter(|failures| kernel::civil::civil_date(failures.last_at) == today)
        .map_or(0, |f| f.count);
    let count = earlier.saturating_add(1);
    Attempt::Allowed(Failures {
        count,
        last_at: now,
        slow_until: wait_until(count, now),
    })
}

/// The growing delay: 1 s below 3 failures, 3 s below 9, 5 s below 25, 10 s below 100, then the rest of the day in Casablanca.
fn wait_until(count: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = match count {
        0..3 => 1,
        3..9 => 3,
        9..25 => 5,
        25..FAILURES_FOR_THE_DAY => 10,
        FAILURES_FOR_THE_DAY.. => return end_of_day(now),
    };
    now + chrono::Duration::seconds(seconds)
}

fn end_of_day(now: DateTime<Utc>) -> DateTime<Utc> {
    kernel::civil::start_of_day(kernel::civil::civil_date(now) + Days::new(1))
}

/// Counts at which the operators are told that somebody guesses.
pub(crate) fn is_worth_a_warning(count: u32) -> bool {
    matches!(count, 7 | 10 | 15 | 20 | 25 | FAILURES_FOR_THE_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone};
    use proptest::prelude::*;

    fn noon() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).unwrap()
    }

    fn wait_after(count: u32) -> Duration {
        wait_until(count, noon()) - noon()
    }

    #[test]
    fn the_wait_grows_with_the_failures() {
        let seconds: Vec<i64> = [1, 2, 3, 8, 9, 24, 25, 99]
            .iter()
            .map(|count| wait_after(*count).num_seconds())
            .collect();
        assert_eq!(seconds, [1, 1, 3, 3, 5, 5, 10, 10]);
    }

    #[test]
    fn after_a_hundred_failures_the_wait_lasts_until_midnight_in_casablanca() {
        assert_eq!(
            kernel::civil::civil_date(wait_until(100, noon())),
            kernel::civil::civil_date(noon()) + Days::new(1)
        );
        assert_eq!(
            kernel::civil::civil_date(wait_until(100, noon()) - Duration::seconds(1)),
            kernel::civil::civil_date(noon())
        );
    }

    #[test]
    fn a_first_attempt_is_allowed_and_counts_at_once() {
        let Attempt::Allowed(first) = attempt(None, noon()) else {
            panic!("refused")
        };
        assert_eq!(first.count, 1);
        assert_eq!(
            attempt(Some(first), noon()),
            Attempt::Wait {
                until: noon() + Duration::seconds(1)
            }
        );
        let Attempt::Allowed(second) = attempt(Some(first), noon() + Duration::seconds(1)) else {
            panic!("refused")
        };
        assert_eq!(second.count, 2);
    }

    #[test]
    fn a_new_day_starts_from_nothing() {
        let mut failures = None;
        let mut now = noon();
        for _ in 0..100 {
            let Attempt::Allowed(next) = attempt(failures, now) else {
                panic!("refused")
            };
            now = next.slow_until;
            failures = Some(next);
        }
        let Attempt::Allowed(next_day) = attempt(failures, now) else {
            panic!("refused")
        };
        assert_eq!(next_day.count, 1);
    }

    #[test]
    fn a_day_lets_through_a_hundred_guesses_at_most() {
        let start = Utc.with_ymd_and_hms(2026, 3, 2, 0, 30, 0).unwrap();
        let mut failures = None;
        let mut now = start;
        let mut tried = 0;
        while kernel::civil::civil_date(now) == kernel::civil::civil_date(start) {
            match attempt(failures, now) {
                Attempt::Allowed(next) => {
                    tried += 1;
                    failures = Some(next);
                }
                Attempt::Wait { until } => now = until,
            }
        }
        assert_eq!(tried, 100);
    }

    proptest! {
        #[test]
        fn a_wait_is_never_shorter_after_more_failures_and_never_past_the_day(count in 1_u32..500, minute in 0_i64..1440) {
            let now = noon() + Duration::minutes(minute);
            prop_assert!(wait_until(count + 1, now) >= wait_until(count, now) || count + 1 == FAILURES_FOR_THE_DAY);
            prop_assert!(wait_until(count, now) > now);
            prop_assert!(wait_until(count, now) <= now + Duration::hours(26));
        }
    }
}
