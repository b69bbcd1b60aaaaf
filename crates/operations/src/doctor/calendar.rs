//! Whether the civil calendar knows when Morocco's clock goes back for Ramadan and forward again: the days that the time-zone database names. A day
//! begins and ends by it, and with it periods, deadlines and ceilings.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::civil::civil_datetime;

use super::finding::{Finding, Kind};

/// Year, month, day.
type Day = (i32, u32, u32);

/// Sundays on which the clock goes back by an hour at three, and forward again at two, as the time-zone database has had them since 2024: later
/// years are checked by a later version.
const RAMADANS: [(Day, Day); 4] = [
    ((2026, 2, 15), (2026, 3, 22)),
    ((2027, 2, 7), (2027, 3, 14)),
    ((2028, 1, 23), (2028, 3, 5)),
    ((2029, 1, 14), (2029, 2, 18)),
];

/// Instants at noon on which the clock in Casablanca is so many hours before Greenwich.
pub(crate) fn samples() -> Vec<(DateTime<Utc>, i64)> {
    let noon = |(year, month, day): Day, days: i64| {
        NaiveDate::from_ymd_opt(year, month, day)
            .and_then(|date| date.and_hms_opt(12, 0, 0))
            .map(|at| at.and_utc() + TimeDelta::days(days))
    };
    RAMADANS
        .iter()
        .flat_map(|&(back, forward)| {
            [
                (noon(back, -1), 1),
                (noon(back, 1), 0),
                (noon(forward, -1), 0),
                (noon(forward, 1), 1),
            ]
        })
        .filter_map(|(at, hours)| Some((at?, hours)))
        .collect()
}

/// Looks at the calendar that is built into this program, and so into the services of its version.
#[must_use]
pub fn civil_calendar(now: DateTime<Utc>) -> Vec<Finding> {
    let mut wrong: Vec<String> = samples()
        .into_iter()
        .filter(|&(at, hours)| civil_datetime(at) != at.naive_utc() + TimeDelta::hours(hours))
        .map(|(at, _)| at.date_naive().to_string())
        .collect();
    let last = samples().last().map(|(at, _)| *at);
    if last.is_some_and(|last| now + TimeDelta::days(365) > last) {
        wrong.push("the days of next year are not known to this version".to_owned());
    }
    told("installation", "this program", &wrong)
}

pub(crate) fn told(service: &str, place: &str, wrong: &[String]) -> Vec<Finding> {
    if wrong.is_empty() {
        return Vec::new();
    }
    let days: Vec<String> = RAMADANS
        .iter()
        .map(|((y, m, d), (y2, m2, d2))| format!("{y}-{m:02}-{d:02} to {y2}-{m2:02}-{d2:02}"))
        .collect();
    vec![Finding::new(
        Kind::TimeZoneRules,
        service,
        format!("{place} has another time in Casablanca: {}", wrong.join(", ")),
        format!("an hour less during Ramadan: {}", days.join(", ")),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32) -> DateTime<Utc> {
        let day = NaiveDate::from_ymd_opt(year, 11, 23).unwrap();
        day.and_hms_opt(0, 0, 0).unwrap().and_utc()
    }

    #[test]
    fn the_built_in_calendar_knows_every_ramadan_that_is_checked() {
        assert_eq!(civil_calendar(on(2026)), []);
    }

    #[test]
    fn a_version_that_is_used_for_years_says_that_it_no_longer_knows() {
        let found = civil_calendar(on(2028));
        assert_eq!(found.len(), 1);
        assert!(found[0].seen.contains("next year"), "{}", found[0].seen);
    }
}
