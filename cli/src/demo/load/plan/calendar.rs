//! When people act: members at any time of the day, agents in office hours of working days, nobody on the anchor day or later.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use kernel::civil;

use crate::demo::roster::random::Random;

/// Minutes of the civil day: from breakfast to late in the evening.
const MEMBERS: (i64, u64) = (7 * 60 + 30, 15 * 60);
/// Office hours.
const OFFICE: (i64, u64) = (8 * 60 + 45, 7 * 60 + 20);
/// Where no office hour is left before the anchor day.
const OVERTIME: TimeDelta = TimeDelta::minutes(12);

/// Fourteen months.
pub(super) const OLDEST: u64 = 425;

#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    anchor: NaiveDate,
}

impl Calendar {
    pub(super) fn new(anchor: NaiveDate) -> Self {
        Self { anchor }
    }

    pub(super) fn day(self, days_ago: u64) -> NaiveDate {
        self.anchor
            .checked_sub_days(Days::new(days_ago))
            .unwrap_or(self.anchor)
    }

    /// A member's act on that day, after `last`.
    pub(super) fn member(
        self,
        days_ago: u64,
        last: Option<DateTime<Utc>>,
        random: &mut Random,
    ) -> DateTime<Utc> {
        let at = minute(self.day(days_ago), MEMBERS, random);
        last.filter(|last| at <= *last).map_or(at, |last| last + OVERTIME)
    }

    /// An agent's act on the first working day from that one, after `last`.
    pub(super) fn agent(self, days_ago: u64, last: DateTime<Utc>, random: &mut Random) -> DateTime<Utc> {
        (1..=days_ago)
            .rev()
            .map(|days| self.day(days))
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .map(|day| minute(day, OFFICE, random))
            .find(|at| *at > last)
            .unwrap_or(last + OVERTIME)
    }

    /// Days ago of a day that lies `permille` of the way through a span that is one civil year's, whatever the anchor: the present year's where
    /// enough of it is over, else the last one's. The span ends early enough for what follows from its last day.
    pub(super) fn in_one_year(self, permille: u64) -> u64 {
        const ENOUGH: u32 = 130;
        const LEFT: u64 = 45;
        let (year, end) = if self.anchor.ordinal() > ENOUGH {
            (self.anchor.year(), LEFT)
        } else {
            (self.anchor.year() - 1, u64::from(self.anchor.ordinal()) + 20)
        };
        let first = NaiveDate::from_ymd_opt(year, 1, 8).unwrap_or(self.anchor);
        let start = u64::try_from((self.anchor - first).num_days()).unwrap_or_default();
        let start = start.min(OLDEST);
        start - start.saturating_sub(end) * permille / 1000
    }
}

fn minute(day: NaiveDate, (from, span): (i64, u64), random: &mut Random) -> DateTime<Utc> {
    let minutes = from + i64::try_from(random.below(span)).unwrap_or_default();
    let seconds = i64::try_from(random.below(60)).unwrap_or_default();
    civil::start_of_day(day) + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_one_year_is_one_of_every_anchor() {
        for days in 0..800 {
            let anchor = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(days);
            let calendar = Calendar::new(anchor);
            let ago = [0, 100, 500, 1000].map(|permille| calendar.in_one_year(permille));
            assert!(ago.is_sorted_by(|a, b| a > b), "{anchor} {ago:?}");
            assert!(ago[0] <= OLDEST && ago[3] >= 20, "{anchor} {ago:?}");
            let years = ago.map(|ago| calendar.day(ago).year());
            assert!(years.iter().all(|year| *year == years[0]), "{anchor} {years:?}");
        }
    }

    #[test]
    fn agents_act_in_office_hours_and_never_before_what_came_before() {
        let calendar = Calendar::new(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        let mut random = Random::new(3);
        for days_ago in 3..400 {
            let last = calendar.member(days_ago, None, &mut random);
            let at = calendar.agent(days_ago, last, &mut random);
            let local = civil::civil_datetime(at);
            assert!(at > last && local.date() < calendar.anchor);
            assert!(!matches!(local.weekday(), Weekday::Sat | Weekday::Sun), "{local}");
        }
    }
}
