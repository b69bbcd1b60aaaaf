//! What one person may get in a year. The truth is a line per application; a counter per key is moved together with it. How the counter
//! is moved under concurrency is the store's.

use kernel::{Money, PersonId};

/// Whose use of which bound in which year. Counters are moved in this order, so that two transactions never wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CeilingKey {
    pub(crate) ceiling: String,
    pub(crate) holder: PersonId,
    /// Civil year in Casablanca.
    pub(crate) year: i32,
}

/// What is left, never below zero: a bound that was lowered leaves nothing, not a debt.
pub(crate) fn left(limit: Money, used: Money) -> Money {
    limit
        .checked_sub(used)
        .filter(|left| !left.is_negative())
        .unwrap_or(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_never_below_zero() {
        let dirhams = |amount| Money::from_dirhams(amount).expect("an amount");
        assert_eq!(left(dirhams(20_000), dirhams(12_500)), dirhams(7_500));
        assert_eq!(left(dirhams(20_000), dirhams(20_000)), Money::ZERO);
        assert_eq!(left(dirhams(20_000), dirhams(20_001)), Money::ZERO);
    }
}
