//! Whether an agreement covers somebody on a day. The reasons are for the member; a partner hears only that the card is not valid.

use chrono::NaiveDate;
use kernel::age_on;

use super::agreement::Terms;
use super::category::Category;
use super::household::{Holder, is_alive};

/// Why somebody is not covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotCovered {
    CardSuspended,
    Deceased,
    Position,
    Category,
    TooYoung,
    TooOld,
}

impl NotCovered {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::CardSuspended => "CARD_SUSPENDED",
            Self::Deceased => "DECEASED",
            Self::Position => "POSITION_NOT_COVERED",
            Self::Category => "CATEGORY_NOT_COVERED",
            Self::TooYoung => "TOO_YOUNG",
            Self::TooOld => "TOO_OLD",
        }
    }
}

/// # Errors
/// The first reason why not, the gravest first.
pub(crate) fn cover(terms: &Terms, holder: &Holder, day: NaiveDate) -> Result<(), NotCovered> {
    if holder.suspended {
        return Err(NotCovered::CardSuspended);
    }
    if !is_alive(holder.death_date, day) {
        return Err(NotCovered::Deceased);
    }
    let position = holder.position.ok_or(NotCovered::Position)?;
    if !(terms.positions.is_empty() || terms.positions.contains(&position)) {
        return Err(NotCovered::Position);
    }
    if !terms.categories.contains(&holder.category) {
        return Err(NotCovered::Category);
    }
    match holder.category {
        Category::Member | Category::Spouse => Ok(()),
        Category::Child => cover_child(terms, holder.birth_date, day),
    }
}

fn cover_child(terms: &Terms, birth_date: NaiveDate, day: NaiveDate) -> Result<(), NotCovered> {
    // Born after the day asked about: not yet of any age.
    let Ok(age) = age_on(birth_date, day) else {
        return Err(NotCovered::TooYoung);
    };
    if terms.child_ages.contains_age(age) {
        Ok(())
    } else if age < terms.child_ages.from {
        Err(NotCovered::TooYoung)
    } else {
        Err(NotCovered::TooOld)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{AgeMode, Position};

    use super::*;
    use crate::domain::agreement::tests::coach_terms;
    use crate::domain::household::tests::{day, person};

    fn holder(category: Category, birth: &str) -> Holder {
        Holder {
            person: person(1),
            category,
            birth_date: day(birth),
            death_date: None,
            position: Some(Position::Active),
            suspended: false,
        }
    }

    #[test]
    fn children_are_covered_by_the_agreement_s_ages_and_mode() {
        let whole = coach_terms();
        let mut until = coach_terms();
        until.child_ages.mode = AgeMode::UntilBirthday;
        for (born, on, by_whole_year, by_birthday) in [
            ("2016-12-01", "2020-12-01", Ok(()), Ok(())),
            (
                "2016-12-02",
                "2020-12-01",
                Err(NotCovered::TooYoung),
                Err(NotCovered::TooYoung),
            ),
            ("1999-12-01", "2020-11-30", Ok(()), Ok(())),
            ("1999-12-01", "2020-12-01", Ok(()), Err(NotCovered::TooOld)),
            ("1998-12-02", "2020-12-01", Ok(()), Err(NotCovered::TooOld)),
            (
                "1998-12-01",
                "2020-12-01",
                Err(NotCovered::TooOld),
                Err(NotCovered::TooOld),
            ),
            (
                "2016-02-29",
                "2020-02-28",
                Err(NotCovered::TooYoung),
                Err(NotCovered::TooYoung),
            ),
            ("2016-02-29", "2020-02-29", Ok(()), Ok(())),
            ("2016-02-29", "2021-02-28", Ok(()), Ok(())),
            ("2016-02-29", "2021-03-01", Ok(()), Ok(())),
            (
                "2020-12-02",
                "2020-12-01",
                Err(NotCovered::TooYoung),
                Err(NotCovered::TooYoung),
            ),
        ] {
            let child = holder(Category::Child, born);
            assert_eq!(cover(&whole, &child, day(on)), by_whole_year, "{born} on {on}");
            assert_eq!(cover(&until, &child, day(on)), by_birthday, "{born} on {on}");
        }
    }

    #[test]
    fn members_and_spouses_are_covered_at_any_age() {
        for category in [Category::Member, Category::Spouse] {
            for birth in ["1930-01-01", "2008-01-01"] {
                assert_eq!(
                    cover(&coach_terms(), &holder(category, birth), day("2026-11-22")),
                    Ok(())
                );
            }
        }
    }

    #[test]
    fn each_reason_is_told_apart() {
        type Change = fn(&mut Terms, &mut Holder);
        let changes: [(NotCovered, Change); 6] = [
            (NotCovered::CardSuspended, |_, holder| holder.suspended = true),
            (NotCovered::Deceased, |_, holder| {
                holder.death_date = Some(day("2026-11-22"));
            }),
            (NotCovered::Position, |_, holder| holder.position = None),
            (NotCovered::Position, |terms, _| {
                terms.positions = vec![Position::Retired];
            }),
            (NotCovered::Category, |terms, _| {
                terms.categories = vec![Category::Member];
            }),
            (NotCovered::TooOld, |terms, _| terms.child_ages.to = 5),
        ];
        for (reason, change) in changes {
            let (mut terms, mut child) = (coach_terms(), holder(Category::Child, "2015-11-30"));
            assert_eq!(cover(&terms, &child, day("2026-11-22")), Ok(()));
            change(&mut terms, &mut child);
            assert_eq!(cover(&terms, &child, day("2026-11-22")), Err(reason));
        }
    }
}
