//! The foundation's clock for a file: how many days old it is to those who must answer it, and by when they do. It counts civil days from the day on
//! which the file was first sent, and stands while its member is waited for: those days are not the foundation's. The one place where that is worked
//! out; lists keep what it says beside the file.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::civil::{civil_date, start_of_day};

use super::acts::Dossier;

/// How near an open file is to the day by which the foundation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    OnTime,
    /// Two thirds of the time are used up.
    Soon,
    Late,
}

/// From when the days are counted, and whether they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// The instant of sending, later by the days that the file waited for its member.
    pub(crate) counted_from: DateTime<Utc>,
    /// The age in days at which it stands, while the file waits.
    pub(crate) stands_at: Option<i64>,
}

impl Clock {
    pub(crate) fn of(sent_at: DateTime<Utc>, dossier: &Dossier) -> Self {
        let asked = dossier.asked();
        let waited = asked
            .iter()
            .filter_map(|asked| Some(days(asked.at, asked.resent_at.or(asked.ended_at)?)))
            .sum();
        let counted_from = later(sent_at, waited);
        Self {
            counted_from,
            stands_at: dossier.open_request().map(|asked| days(counted_from, asked.at)),
        }
    }

    /// Civil days that are the foundation's.
    pub(crate) fn age(self, now: DateTime<Utc>) -> i64 {
        self.stands_at.unwrap_or_else(|| days(self.counted_from, now))
    }

    /// The day by which the foundation answers that takes so many days; none while it is the member's turn.
    pub(crate) fn due(self, within: u16) -> Option<NaiveDate> {
        match self.stands_at {
            None => Some(civil_date(self.counted_from) + TimeDelta::days(i64::from(within))),
            Some(_) => None,
        }
    }

    /// None while it is the member's turn.
    pub(crate) fn urgency(self, now: DateTime<Utc>, within: u16) -> Option<Urgency> {
        match self.stands_at {
            None => Some(urgency(self.age(now), within)),
            Some(_) => None,
        }
    }
}

fn urgency(age: i64, within: u16) -> Urgency {
    let within = i64::from(within);
    if age > within {
        Urgency::Late
    } else if age * 3 > within * 2 {
        Urgency::Soon
    } else {
        Urgency::OnTime
    }
}

fn days(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (civil_date(to) - civil_date(from)).num_days().max(0)
}

/// The same time of day so many civil days later, whatever the clocks did in between.
fn later(at: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    if days == 0 {
        return at;
    }
    let day = civil_date(at);
    let into_the_day = at - start_of_day(day);
    let end = start_of_day(day + TimeDelta::days(days + 1)) - TimeDelta::microseconds(1);
    (start_of_day(day + TimeDelta::days(days)) + into_the_day).min(end)
}

#[cfg(test)]
mod tests {
    use super::super::acts::tests::act;
    use super::super::acts::{Act, Content};
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn asked() -> Content {
        Content::InformationRequested {
            items: Vec::new(),
            answer_by: None,
        }
    }

    fn clock(acts: &[(&str, Content)]) -> Clock {
        let done = |(when, content): &(&str, Content)| Act {
            at: at(when),
            ..act(1, content.clone())
        };
        Clock::of(
            at("2026-10-10T10:00:00Z"),
            &Dossier(acts.iter().map(done).collect()),
        )
    }

    #[test]
    fn the_days_that_a_file_waited_for_its_member_are_not_the_foundations() {
        let resent = || Content::Resent { opinion_again: false };
        let twice = clock(&[
            ("2026-10-12T09:00:00Z", asked()),
            ("2026-10-15T22:59:00Z", resent()),
            ("2026-10-20T09:00:00Z", asked()),
            ("2026-10-27T09:00:00Z", Content::StoppedWaiting),
        ]);
        assert_eq!(twice.age(at("2026-11-09T10:00:00Z")), 20);
        assert_eq!(twice.due(30), Some(day("2026-11-19")));
        assert_eq!(
            twice.urgency(at("2026-10-30T10:00:00Z"), 30),
            Some(Urgency::OnTime)
        );
        assert_eq!(twice.urgency(at("2026-11-10T10:00:00Z"), 30), Some(Urgency::Soon));
        assert_eq!(twice.urgency(at("2026-11-19T10:00:00Z"), 30), Some(Urgency::Soon));
        assert_eq!(twice.urgency(at("2026-11-20T10:00:00Z"), 30), Some(Urgency::Late));
        // Sent again within the same day: nothing was waited.
        let at_once = clock(&[
            ("2026-10-12T09:00:00Z", asked()),
            ("2026-10-12T15:00:00Z", resent()),
        ]);
        assert_eq!(at_once, clock(&[]));
        assert_eq!(at_once.due(30), Some(day("2026-11-09")));
    }

    #[test]
    fn the_clock_stands_while_the_member_is_waited_for() {
        let waits = clock(&[("2026-10-12T09:00:00Z", asked())]);
        assert_eq!(waits.age(at("2027-01-01T10:00:00Z")), 2);
        assert_eq!(waits.due(30), None);
        assert_eq!(waits.urgency(at("2027-01-01T10:00:00Z"), 30), None);
    }

    #[test]
    fn the_day_on_which_counting_begins_is_right_across_a_change_of_the_clocks() {
        // The clocks of Casablanca went back on 15 February 2026 and forward on 22 March.
        for (sent, waited, begins) in [
            ("2026-02-14T22:30:00Z", 3, "2026-02-17"),
            ("2026-03-20T23:59:59Z", 2, "2026-03-22"),
            ("2026-03-21T00:00:00Z", 1, "2026-03-22"),
        ] {
            assert_eq!(civil_date(later(at(sent), waited)), day(begins), "{sent}");
        }
    }
}
