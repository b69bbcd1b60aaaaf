//! What partnerships knows of a member and the family: the facts that a card is judged by, copied from membership at a version. No name and no
//! number is among them.

use chrono::NaiveDate;
use kernel::{MemberId, PersonId, Position};

use super::category::Category;

/// A member's household at one version of the record.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Household {
    pub(crate) member: MemberId,
    /// Grows with each change at membership; the highest wins whatever the order of arrival.
    pub(crate) version: i64,
    /// The member as a natural person.
    pub(crate) person: PersonId,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
    /// Every period that membership believes, past and future, the earliest first; no day stands in two.
    pub(crate) positions: Vec<PositionPeriod>,
    pub(crate) relatives: Vec<Relative>,
}

impl std::fmt::Debug for Household {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Household({} at version {})", self.member, self.version)
    }
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
    pub(crate) category: Category,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
}

impl std::fmt::Debug for Relative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Relative({})", self.person)
    }
}

/// One person of the household on one day, as far as an agreement asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) person: PersonId,
    pub(crate) category: Category,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
    /// The member's position that day; none before the first, after the last, in a gap, and once the member died.
    pub(crate) position: Option<Position>,
    pub(crate) suspended: bool,
}

/// The position that gives rights that day: a member who died holds none, whatever the periods say. Survivors are members of their own.
pub(crate) fn living_position(
    position: Option<Position>,
    death_date: Option<NaiveDate>,
    day: NaiveDate,
) -> Option<Position> {
    position.filter(|_| is_alive(death_date, day))
}

/// Alive at the end of that day, as far as the record says.
pub(crate) fn is_alive(death_date: Option<NaiveDate>, day: NaiveDate) -> bool {
    death_date.is_none_or(|death| death > day)
}

impl Household {
    /// Everybody who may hold a card: the member, then spouses, then children, the elder first. `suspended` names whose card is suspended.
    pub(crate) fn holders(&self, day: NaiveDate, suspended: &[PersonId]) -> Vec<Holder> {
        let held = self
            .positions
            .iter()
            .find(|period| period.holds_on(day))
            .map(|period| period.position);
        let position = living_position(held, self.death_date, day);
        let holder = |person, category, birth_date, death_date| Holder {
            person,
            category,
            birth_date,
            death_date,
            position,
            suspended: suspended.contains(&person),
        };
        let own = holder(self.person, Category::Member, self.birth_date, self.death_date);
        let mut holders: Vec<Holder> = std::iter::once(own)
            .chain(
                self.relatives
                    .iter()
                    .map(|r| holder(r.person, r.category, r.birth_date, r.death_date)),
            )
            .collect();
        holders.sort_by_key(|holder| (holder.category, holder.birth_date, holder.person));
        holders
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    pub(crate) fn person(n: u128) -> PersonId {
        PersonId::from_uuid(uuid::Uuid::from_u128(n))
    }

    pub(crate) fn held(position: Position, from: &str, to: Option<&str>) -> PositionPeriod {
        PositionPeriod {
            position,
            from: day(from),
            to: to.map(day),
        }
    }

    /// An active member (person 1) with a spouse (2) and two children (3, 4), the younger first.
    pub(crate) fn sample() -> Household {
        let relative = |n, category, birth: &str| Relative {
            person: person(n),
            category,
            birth_date: day(birth),
            death_date: None,
        };
        Household {
            member: MemberId::from_uuid(uuid::Uuid::from_u128(9)),
            version: 1,
            person: person(1),
            birth_date: day("1980-05-17"),
            death_date: None,
            positions: vec![held(Position::Active, "2005-09-01", None)],
            relatives: vec![
                relative(4, Category::Child, "2015-11-30"),
                relative(3, Category::Child, "2008-02-29"),
                relative(2, Category::Spouse, "1984-02-29"),
            ],
        }
    }

    #[test]
    fn the_member_comes_first_then_spouses_then_children_by_age() {
        let holders = sample().holders(day("2026-11-22"), &[person(3)]);
        let order: Vec<_> = holders.iter().map(|holder| holder.person).collect();
        assert_eq!(order, [1, 2, 3, 4].map(person));
        let suspended: Vec<_> = holders.iter().map(|holder| holder.suspended).collect();
        assert_eq!(suspended, [false, false, true, false]);
    }

    #[test]
    fn a_position_holds_from_its_first_to_its_last_day_and_for_the_whole_household() {
        let mut household = sample();
        household.positions = vec![
            held(Position::Active, "2005-09-01", Some("2026-06-30")),
            held(Position::Retired, "2026-08-01", None),
        ];
        let on = |text: &str| -> Vec<_> {
            let mut positions: Vec<_> = household
                .holders(day(text), &[])
                .iter()
                .map(|holder| holder.position)
                .collect();
            positions.dedup();
            positions
        };
        assert_eq!(on("2005-08-31"), [None]);
        assert_eq!(on("2026-06-30"), [Some(Position::Active)]);
        assert_eq!(on("2026-07-15"), [None], "a gap");
        assert_eq!(on("2026-08-01"), [Some(Position::Retired)]);
    }

    #[test]
    fn with_the_member_s_death_nobody_holds_a_right_from_that_record_any_more() {
        let mut household = sample();
        household.death_date = Some(day("2026-11-22"));
        assert!(
            household
                .holders(day("2026-11-21"), &[])
                .iter()
                .all(|holder| holder.position.is_some())
        );
        assert!(
            household
                .holders(day("2026-11-22"), &[])
                .iter()
                .all(|holder| holder.position.is_none())
        );
    }

    #[test]
    fn periods_are_put_in_order_and_two_positions_on_a_day_are_refused() {
        let active = held(Position::Active, "2005-09-01", Some("2026-11-30"));
        let retired = held(Position::Retired, "2026-12-01", None);
        assert_eq!(in_order(vec![retired, active]), Some(vec![active, retired]));
        let same_day = held(Position::Retired, "2026-11-30", None);
        assert_eq!(in_order(vec![active, same_day]), None);
        assert_eq!(
            in_order(vec![held(Position::Active, "2026-01-02", Some("2026-01-01"))]),
            None
        );
    }

    #[test]
    fn debug_output_shows_no_personal_value() {
        let text = format!("{:?} {:?}", sample(), sample().relatives);
        assert!(!text.contains("1980") && !text.contains("2015"), "{text}");
    }
}
