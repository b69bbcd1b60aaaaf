//! What benefits knows of a member: the facts that decisions rest on, copied from membership at a version. Names, identity numbers and
//! account numbers are not among them.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{BankAccountId, MemberId, PersonId, Position};

use super::catalogue::Relation;

/// A member's facts at one version of the record.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct MemberFacts {
    pub(crate) member: MemberId,
    /// Grows with each change at membership; the highest wins whatever the order of arrival.
    pub(crate) version: i64,
    /// The member as a natural person.
    pub(crate) person: PersonId,
    pub(crate) birth_date: NaiveDate,
    pub(crate) sex: String,
    /// Every period that membership believes, past and future, the earliest first; no day stands in two.
    pub(crate) positions: Vec<PositionPeriod>,
    /// Where the member works and worked, the earliest first; each holds from its first day until the next begins.
    pub(crate) workplaces: Vec<Workplace>,
    pub(crate) death_date: Option<NaiveDate>,
    pub(crate) relatives: Vec<Relative>,
    /// Changes when the account changes; absent when none is on file.
    pub(crate) bank_account: Option<BankAccountId>,
    /// When membership wrote this version.
    pub(crate) recorded_at: DateTime<Utc>,
}

impl std::fmt::Debug for MemberFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberFacts({} at version {})", self.member, self.version)
    }
}

/// A workplace from a day on. The roster gives no day of a transfer: it is the one on which membership was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workplace {
    /// ISO 3166-2 code.
    pub(crate) province_iso: String,
    pub(crate) external_services: bool,
    /// The first day; none for the one that was known first.
    pub(crate) from: Option<NaiveDate>,
}

/// A position and the days on which it holds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PositionPeriod {
    pub(crate) position: Position,
    pub(crate) from: NaiveDate,
    /// The last day; open when absent.
    pub(crate) to: Option<NaiveDate>,
}

impl PositionPeriod {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|last| last >= day)
    }
}

/// Puts periods in order; `None` when one ends before it begins or a day stands in two.
pub(crate) fn in_order(mut periods: Vec<PositionPeriod>) -> Option<Vec<PositionPeriod>> {
    periods.sort_by_key(|period| period.from);
    let whole = periods
        .iter()
        .all(|period| period.to.is_none_or(|last| last >= period.from));
    let apart = periods
        .windows(2)
        .all(|pair| pair[0].to.is_some_and(|last| last < pair[1].from));
    (whole && apart).then_some(periods)
}

/// A declared spouse or child.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Relative {
    pub(crate) person: PersonId,
    pub(crate) relation: Relation,
    pub(crate) birth_date: NaiveDate,
    pub(crate) sex: String,
    pub(crate) death_date: Option<NaiveDate>,
}

impl std::fmt::Debug for Relative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Relative({})", self.person)
    }
}

/// The person whom a request is for, as far as rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beneficiary {
    pub(crate) person: PersonId,
    pub(crate) relation: Relation,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
}

impl MemberFacts {
    /// The position held that day; none before the first, after the last or in a gap.
    pub(crate) fn position_on(&self, day: NaiveDate) -> Option<Position> {
        self.positions
            .iter()
            .find(|period| period.holds_on(day))
            .map(|period| period.position)
    }

    /// Where the member worked that day, as far as is known; nothing before the first day that is known.
    pub(crate) fn workplace_on(&self, day: NaiveDate) -> Option<&Workplace> {
        let begun = |place: &&Workplace| place.from.is_none_or(|first| first <= day);
        self.workplaces.iter().rfind(begun)
    }

    /// The member, or the declared relative of that kind and id.
    pub(crate) fn beneficiary(&self, relation: Relation, person: PersonId) -> Option<Beneficiary> {
        match relation {
            Relation::Member => (person == self.person).then_some(Beneficiary {
                person,
                relation,
                birth_date: self.birth_date,
                death_date: self.death_date,
            }),
            Relation::Spouse | Relation::Child => self
                .relatives
                .iter()
                .find(|relative| relative.relation == relation && relative.person == person)
                .map(|relative| Beneficiary {
                    person,
                    relation,
                    birth_date: relative.birth_date,
                    death_date: relative.death_date,
                }),
        }
    }
}

/// Alive at the end of that day, as far as the record says.
pub(crate) fn is_alive(death_date: Option<NaiveDate>, day: NaiveDate) -> bool {
    death_date.is_none_or(|death| death > day)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn id(n: u8) -> uuid::Uuid {
        uuid::Builder::from_unix_timestamp_millis(1_790_000_000_000, &[n; 10]).into_uuid()
    }

    pub(crate) fn held(position: Position, from: &str, to: Option<&str>) -> PositionPeriod {
        PositionPeriod {
            position,
            from: day(from),
            to: to.map(day),
        }
    }

    pub(crate) fn working_in(province: &str, external_services: bool, from: Option<&str>) -> Workplace {
        Workplace {
            province_iso: province.to_owned(),
            external_services,
            from: from.map(day),
        }
    }

    /// An active member with a spouse (person 2) and a child (person 3).
    pub(crate) fn sample() -> MemberFacts {
        let relative = |n, relation, birth: &str| Relative {
            person: PersonId::from_uuid(id(n)),
            relation,
            birth_date: day(birth),
            sex: "f".to_owned(),
            death_date: None,
        };
        MemberFacts {
            member: MemberId::from_uuid(id(9)),
            version: 1,
            person: PersonId::from_uuid(id(1)),
            birth_date: day("1980-05-17"),
            sex: "m".to_owned(),
            positions: vec![held(Position::Active, "2005-09-01", None)],
            workplaces: vec![working_in("MA-RAB", false, None)],
            death_date: None,
            relatives: vec![
                relative(2, Relation::Spouse, "1984-02-29"),
                relative(3, Relation::Child, "2015-11-30"),
            ],
            bank_account: Some(BankAccountId::from_uuid(id(8))),
            recorded_at: DateTime::from_timestamp(1_790_000_000, 0).expect("an instant"),
        }
    }

    #[test]
    fn a_position_holds_from_its_first_to_its_last_day() {
        let mut facts = sample();
        facts.positions = vec![held(Position::Active, "2005-09-01", Some("2026-06-30"))];
        assert_eq!(facts.position_on(day("2005-08-31")), None);
        assert_eq!(facts.position_on(day("2005-09-01")), Some(Position::Active));
        assert_eq!(facts.position_on(day("2026-06-30")), Some(Position::Active));
        assert_eq!(facts.position_on(day("2026-07-01")), None);
    }

    #[test]
    fn a_position_that_is_known_ahead_holds_from_its_first_day_on() {
        let mut facts = sample();
        facts.positions = vec![
            held(Position::Active, "2005-09-01", Some("2026-11-30")),
            held(Position::AtDisposal, "2026-12-01", Some("2026-12-31")),
            held(Position::Retired, "2027-02-01", None),
        ];
        assert_eq!(facts.position_on(day("2026-11-30")), Some(Position::Active));
        assert_eq!(facts.position_on(day("2026-12-01")), Some(Position::AtDisposal));
        assert_eq!(facts.position_on(day("2027-01-15")), None, "a gap");
        assert_eq!(facts.position_on(day("2030-01-01")), Some(Position::Retired));
    }

    #[test]
    fn a_workplace_holds_until_the_next_begins() {
        let mut facts = sample();
        facts.workplaces = vec![
            working_in("MA-LAA", true, None),
            working_in("MA-RAB", false, Some("2026-11-01")),
            working_in("MA-OUD", true, Some("2026-12-01")),
        ];
        let province = |on: &str| {
            facts
                .workplace_on(day(on))
                .map(|place| place.province_iso.as_str())
        };
        assert_eq!(province("1999-01-01"), Some("MA-LAA"));
        assert_eq!(province("2026-10-31"), Some("MA-LAA"));
        assert_eq!(province("2026-11-01"), Some("MA-RAB"));
        assert_eq!(province("2030-01-01"), Some("MA-OUD"));
        facts.workplaces.remove(0);
        assert_eq!(facts.workplace_on(day("2026-10-31")), None);
    }

    #[test]
    fn periods_are_put_in_order_and_two_positions_on_a_day_are_refused() {
        let active = held(Position::Active, "2005-09-01", Some("2026-11-30"));
        let retired = held(Position::Retired, "2026-12-01", None);
        assert_eq!(in_order(vec![retired, active]), Some(vec![active, retired]));
        let same_day = held(Position::Retired, "2026-11-30", None);
        assert_eq!(in_order(vec![active, same_day]), None);
        let endless = held(Position::Active, "2005-09-01", None);
        assert_eq!(in_order(vec![endless, retired]), None);
        assert_eq!(
            in_order(vec![held(Position::Active, "2026-01-02", Some("2026-01-01"))]),
            None
        );
    }

    #[test]
    fn a_child_is_not_found_as_a_spouse_and_a_stranger_not_at_all() {
        let facts = sample();
        let child = facts.relatives[1].person;
        assert!(facts.beneficiary(Relation::Child, child).is_some());
        assert!(facts.beneficiary(Relation::Spouse, child).is_none());
        assert!(facts.beneficiary(Relation::Member, child).is_none());
        assert!(
            facts
                .beneficiary(Relation::Child, PersonId::from_uuid(id(7)))
                .is_none()
        );
    }

    #[test]
    fn debug_output_shows_no_personal_value() {
        let text = format!("{:?}", sample());
        assert!(!text.contains("1980") && !text.contains("MA-RAB"), "{text}");
    }
}
