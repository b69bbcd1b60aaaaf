//! Upper bounds: so much money, or so many uses, of one person or one household in a civil year. The truth is a line per application; a
//! counter per key is moved together with it. How the counter is moved under concurrency is the store's.
//!
//! A bound on uses is taken from when a request is sent and given back when it is refused or withdrawn, so that pending requests count. A
//! bound on money is taken from when an amount is proposed, since it is not known before.

use chrono::Datelike;
use kernel::{Money, PersonId};

use super::answers::Answers;
use super::answers::fields::FieldValue;
use super::catalogue::{Bound, Ceiling, CeilingHolder, Relation};
use super::member::MemberFacts;

/// Whose use of which bound in which year. Counters are moved in this order, so that two transactions never wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CeilingKey {
    pub(crate) ceiling: String,
    pub(crate) holder: PersonId,
    /// Civil year in Casablanca.
    pub(crate) year: i32,
}

/// A share of a ceiling for one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taking {
    pub(crate) key: CeilingKey,
    /// Centimes, or uses.
    pub(crate) amount: i64,
    /// In the same unit.
    pub(crate) limit: i64,
}

/// What is left, in the ceiling's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Money(Money),
    Uses(i64),
}

/// How a ceiling stands for somebody in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) left: Left,
    pub(crate) bound: Bound,
    pub(crate) per: CeilingHolder,
    pub(crate) year: i32,
}

impl Standing {
    /// The same once a request that it does not count has been sent: one use less of a bound on uses.
    pub(crate) fn with_what_sending_takes(self) -> Self {
        let left = match self.left {
            Left::Uses(left) => Left::Uses((left - 1).max(0)),
            Left::Money(left) => Left::Money(left),
        };
        Self { left, ..self }
    }

    pub(crate) fn is_used_up(&self) -> bool {
        match self.left {
            Left::Money(left) => left <= Money::ZERO,
            Left::Uses(left) => left <= 0,
        }
    }
}

impl Ceiling {
    /// The counters that an application with these answers moves; none before the person, or the day that tells the year, is known.
    /// `sent_in` is the civil year of the submission (of today, for a draft).
    ///
    /// A household is counted at each of its adults, the member and every declared spouse: two spouses who are both members share their
    /// uses, and a marriage during the year gives nobody a new count.
    pub(crate) fn keys(
        &self,
        answers: &Answers,
        facts: Option<&MemberFacts>,
        sent_in: i32,
    ) -> Option<Vec<CeilingKey>> {
        let year = match &self.year_of {
            None => sent_in,
            Some(field) => match answers.fields.get(field) {
                Some(FieldValue::Date(day)) => day.year(),
                Some(_) | None => return None,
            },
        };
        let holders = match self.per {
            CeilingHolder::Person => vec![answers.person?.person?],
            CeilingHolder::Household => adults(facts?),
        };
        Some(self.keys_of(holders, year))
    }

    /// The counters that a request for this person moves in that year, whatever else it says.
    pub(crate) fn keys_for(&self, concerned: PersonId, facts: &MemberFacts, year: i32) -> Vec<CeilingKey> {
        let holders = match self.per {
            CeilingHolder::Person => vec![concerned],
            CeilingHolder::Household => adults(facts),
        };
        self.keys_of(holders, year)
    }

    fn keys_of(&self, mut holders: Vec<PersonId>, year: i32) -> Vec<CeilingKey> {
        holders.sort();
        holders.dedup();
        let key = |holder| CeilingKey {
            ceiling: self.code.clone(),
            holder,
            year,
        };
        holders.into_iter().map(key).collect()
    }

    /// What sending a request takes: one use of a bound on uses, nothing of a bound on money.
    pub(crate) fn taken_when_sent(&self, keys: Vec<CeilingKey>) -> Vec<Taking> {
        match self.bound {
            Bound::Uses(limit) => self.takings(keys, 1, limit),
            Bound::Money(_) => Vec::new(),
        }
    }

    /// What an amount takes beyond what sending took: itself, of a bound on money.
    pub(crate) fn taken_by_amount(&self, keys: Vec<CeilingKey>, amount: Money) -> Vec<Taking> {
        match self.bound {
            Bound::Money(limit) if amount > Money::ZERO => {
                self.takings(keys, amount.centimes(), limit.centimes())
            }
            Bound::Money(_) | Bound::Uses(_) => Vec::new(),
        }
    }

    fn takings(&self, keys: Vec<CeilingKey>, amount: i64, limit: i64) -> Vec<Taking> {
        let taking = |key| Taking { key, amount, limit };
        keys.into_iter().map(taking).collect()
    }

    /// How it stands when the fullest of the counters is at `used`.
    pub(crate) fn standing(&self, used: i64, year: i32) -> Standing {
        let left = match self.bound {
            Bound::Money(limit) => Left::Money(left(limit, Money::from_centimes(used))),
            Bound::Uses(limit) => Left::Uses(limit.saturating_sub(used).max(0)),
        };
        Standing {
            left,
            bound: self.bound,
            per: self.per,
            year,
        }
    }
}

fn adults(facts: &MemberFacts) -> Vec<PersonId> {
    let spouses = facts
        .relatives
        .iter()
        .filter(|relative| relative.relation == Relation::Spouse)
        .map(|spouse| spouse.person);
    std::iter::once(facts.person).chain(spouses).collect()
}

/// What is left of an amount, never below zero: a bound that was lowered leaves nothing, not a debt.
fn left(limit: Money, used: Money) -> Money {
    limit
        .checked_sub(used)
        .filter(|left| !left.is_negative())
        .unwrap_or(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::super::answers::PersonConcerned;
    use super::super::member::tests::{day, sample};
    use super::*;

    fn dirhams(amount: i64) -> Money {
        Money::from_dirhams(amount).expect("an amount")
    }

    fn trips(per: CeilingHolder) -> Ceiling {
        Ceiling {
            code: "trips".to_owned(),
            per,
            bound: Bound::Uses(4),
            year_of: Some("outward_on".to_owned()),
        }
    }

    fn travelling(facts: &MemberFacts, relation: Relation, person: PersonId, outward: &str) -> Answers {
        assert!(facts.beneficiary(relation, person).is_some());
        Answers {
            person: Some(PersonConcerned {
                relation,
                person: Some(person),
            }),
            fields: [("outward_on".to_owned(), FieldValue::Date(day(outward)))].into(),
            ..Answers::default()
        }
    }

    #[test]
    fn what_is_left_is_never_below_zero() {
        assert_eq!(left(dirhams(20_000), dirhams(12_500)), dirhams(7_500));
        assert_eq!(left(dirhams(20_000), dirhams(20_000)), Money::ZERO);
        assert_eq!(left(dirhams(20_000), dirhams(20_001)), Money::ZERO);
        let lowered = trips(CeilingHolder::Person).standing(5, 2026);
        assert_eq!(lowered.left, Left::Uses(0));
    }

    #[test]
    fn the_year_is_that_of_the_day_which_the_ceiling_names() {
        let facts = sample();
        let answers = travelling(&facts, Relation::Member, facts.person, "2020-12-30");
        let keys = trips(CeilingHolder::Person)
            .keys(&answers, Some(&facts), 2021)
            .expect("the day is known");
        assert_eq!(keys.iter().map(|key| key.year).collect::<Vec<_>>(), [2020]);
        let unanswered = Answers {
            fields: std::collections::BTreeMap::new(),
            ..answers
        };
        assert_eq!(
            trips(CeilingHolder::Person).keys(&unanswered, Some(&facts), 2021),
            None
        );
    }

    #[test]
    fn a_person_is_counted_alone_and_a_household_at_each_of_its_adults() {
        let facts = sample();
        let (spouse, child) = (facts.relatives[0].person, facts.relatives[1].person);
        let answers = travelling(&facts, Relation::Child, child, "2026-03-01");
        let holders = |per| {
            let keys = trips(per).keys(&answers, Some(&facts), 2026);
            keys.expect("the keys")
                .into_iter()
                .map(|key| key.holder)
                .collect::<Vec<_>>()
        };
        assert_eq!(holders(CeilingHolder::Person), [child]);
        let mut adults = vec![facts.person, spouse];
        adults.sort();
        assert_eq!(holders(CeilingHolder::Household), adults);
    }

    #[test]
    fn spouses_who_are_both_members_move_the_same_counters() {
        let hers = sample();
        let mut his = sample();
        his.person = hers.relatives[0].person;
        his.relatives[0].person = hers.person;
        let keys = |facts: &MemberFacts| {
            let answers = travelling(facts, Relation::Member, facts.person, "2026-03-01");
            trips(CeilingHolder::Household).keys(&answers, Some(facts), 2026)
        };
        assert_eq!(keys(&hers), keys(&his));
    }

    #[test]
    fn uses_are_taken_by_sending_and_money_by_an_amount() {
        let facts = sample();
        let answers = travelling(&facts, Relation::Member, facts.person, "2026-03-01");
        let uses = trips(CeilingHolder::Person);
        let money = Ceiling {
            bound: Bound::Money(dirhams(20_000)),
            year_of: None,
            ..uses.clone()
        };
        let keys = |ceiling: &Ceiling| ceiling.keys(&answers, Some(&facts), 2026).expect("the keys");
        let amounts = |takings: Vec<Taking>| {
            let of = |taking: &Taking| (taking.amount, taking.limit);
            takings.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(amounts(uses.taken_when_sent(keys(&uses))), [(1, 4)]);
        assert_eq!(amounts(uses.taken_by_amount(keys(&uses), dirhams(500))), []);
        assert_eq!(amounts(money.taken_when_sent(keys(&money))), []);
        assert_eq!(
            amounts(money.taken_by_amount(keys(&money), dirhams(500))),
            [(50_000, 2_000_000)]
        );
        assert_eq!(amounts(money.taken_by_amount(keys(&money), Money::ZERO)), []);
    }
}
