//! How positions follow each other. Two times are kept: the days on which a position holds, and the instants between
//! which we believed so. Nothing is overwritten: what is no longer believed is superseded and stays readable.
//!
//! Which rights a position opens is not known here.

use chrono::{Days, NaiveDate};
use kernel::Position;

/// A position and the days on which it holds, both included; no last day while it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) position: Position,
    pub(crate) from: NaiveDate,
    pub(crate) to: Option<NaiveDate>,
}

impl Period {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| to >= day)
    }
}

/// What to write so that the history says what was told.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct Revision {
    /// Places in the given history that are no longer believed.
    pub(crate) supersede: Vec<usize>,
    /// What is believed instead, and what is new.
    pub(crate) insert: Vec<Period>,
}

/// Fits the told period into the believed ones. Told days win: a believed period is cut, split or dropped where it
/// overlaps. A told period that is already believed changes nothing.
pub(crate) fn revise(believed: &[Period], told: Period) -> Revision {
    if believed.contains(&told) {
        return Revision::default();
    }
    let mut revision = Revision::default();
    for (at, period) in believed.iter().enumerate() {
        let ends_before = period.to.is_some_and(|to| to < told.from);
        let starts_after = told.to.is_some_and(|to| period.from > to);
        if ends_before || starts_after {
            continue;
        }
        revision.supersede.push(at);
        if period.from < told.from {
            revision.insert.push(Period {
                to: told.from.checked_sub_days(Days::new(1)),
                ..*period
            });
        }
        if let Some(next) = told.to.and_then(|to| to.checked_add_days(Days::new(1)))
            && period.to.is_none_or(|to| to >= next)
        {
            revision.insert.push(Period {
                from: next,
                ..*period
            });
        }
    }
    revision.insert.push(told);
    revision
}

/// The period that holds on that day; else the last one that began before it; else the first that will begin.
pub(crate) fn in_force(history: &[Period], day: NaiveDate) -> Option<Period> {
    let begun = |period: &&Period| period.from <= day;
    history
        .iter()
        .find(|period| period.holds_on(day))
        .or_else(|| history.iter().filter(begun).max_by_key(|p| p.from))
        .or_else(|| history.iter().min_by_key(|p| p.from))
        .copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(position: Position, from: &str, to: Option<&str>) -> Period {
        Period {
            position,
            from: day(from),
            to: to.map(day),
        }
    }

    fn apply(history: &[Period], told: Period) -> Vec<Period> {
        let revision = revise(history, told);
        let kept = history
            .iter()
            .enumerate()
            .filter(|(at, _)| !revision.supersede.contains(at))
            .map(|(_, period)| *period);
        kept.chain(revision.insert.iter().copied()).collect()
    }

    #[test]
    fn a_retirement_ends_the_active_period_on_the_day_before() {
        let history = [period(Position::Active, "2001-09-01", None)];
        let told = period(Position::Retired, "2026-07-01", None);
        assert_eq!(
            apply(&history, told),
            [period(Position::Active, "2001-09-01", Some("2026-06-30")), told]
        );
    }

    #[test]
    fn the_same_first_day_with_another_position_is_a_correction_and_nothing_is_left_of_the_wrong_one() {
        let history = [period(Position::Active, "2020-01-01", None)];
        let told = period(Position::Seconded, "2020-01-01", None);
        assert_eq!(apply(&history, told), [told]);
    }

    #[test]
    fn telling_what_is_known_changes_nothing() {
        let told = period(Position::Active, "2020-01-01", None);
        assert_eq!(revise(&[told], told), Revision::default());
    }

    #[test]
    fn a_secondment_inside_an_open_period_splits_it() {
        let history = [period(Position::Active, "2010-01-01", None)];
        let told = period(Position::Seconded, "2015-01-01", Some("2016-12-31"));
        assert_eq!(
            apply(&history, told),
            [
                period(Position::Active, "2010-01-01", Some("2014-12-31")),
                period(Position::Active, "2017-01-01", None),
                told
            ]
        );
    }

    #[test]
    fn a_position_that_begins_tomorrow_does_not_hold_today() {
        let history = [
            period(Position::Active, "2010-01-01", Some("2026-11-30")),
            period(Position::Retired, "2026-12-01", None),
        ];
        let on = |text| in_force(&history, day(text)).map(|p| p.position);
        assert_eq!(on("2026-11-30"), Some(Position::Active));
        assert_eq!(on("2026-12-01"), Some(Position::Retired));
        assert_eq!(on("2009-01-01"), Some(Position::Active));
    }

    proptest! {
        #[test]
        fn after_any_tellings_no_day_has_two_positions_and_the_last_telling_holds(
            tellings in proptest::collection::vec((0_usize..5, 0_u64..4000, proptest::option::of(0_u64..2000)), 1..8)
        ) {
            let start = day("2000-01-01");
            let at = |offset: u64| start.checked_add_days(Days::new(offset)).unwrap();
            let mut history = Vec::new();
            for (position, from, length) in tellings {
                let told = Period { position: Position::ALL[position], from: at(from), to: length.map(|l| at(from + l)) };
                history = apply(&history, told);
                prop_assert!(history.contains(&told));
            }
            for probe in (0..7000).step_by(37) {
                let holding = history.iter().filter(|p| p.holds_on(at(probe))).count();
                prop_assert!(holding <= 1, "two positions on day {probe}: {history:?}");
            }
        }
    }
}
