//! Examining and deciding: what was done with a file, who may do what with it, what may be asked of its member, why it may be refused. How a
//! file moves is the application's; what the rules say of it is the assessment's.

pub(crate) mod acts;
pub(crate) mod clock;
pub(crate) mod duties;
pub(crate) mod information;
pub(crate) mod refusal;

use kernel::Money;

/// The most that care may be retained to cost: what is more is a typing error, or a matter for another paper trail.
const LARGEST_COST: Money = Money::from_centimes(100_000_000);

/// What a health reviewer says of a request: a code and an amount. There is no room for a word on anybody's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Opinion {
    /// What care still costs after every refund.
    Favourable {
        retained_cost: Money,
    },
    Unfavourable,
}

/// A cost that cannot be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the retained cost cannot be meant")]
pub(crate) struct CostRefused;

impl Opinion {
    /// # Errors
    /// A favourable opinion without a cost, an unfavourable one with a cost, a negative cost, one beyond the bound.
    pub(crate) fn new(favourable: bool, retained_cost: Money) -> Result<Self, CostRefused> {
        match (favourable, retained_cost) {
            (true, cost) if cost > Money::ZERO && cost <= LARGEST_COST => {
                Ok(Self::Favourable { retained_cost: cost })
            }
            (false, Money::ZERO) => Ok(Self::Unfavourable),
            (true | false, _) => Err(CostRefused),
        }
    }

    pub(crate) fn retained_cost(self) -> Option<Money> {
        match self {
            Self::Favourable { retained_cost } => Some(retained_cost),
            Self::Unfavourable => None,
        }
    }
}

/// The longest note, in characters.
const LONGEST_NOTE: usize = 1_000;

/// A note that cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the note is empty or too long")]
pub(crate) struct NoteRefused;

/// The note as it is kept: trimmed, 1 to 1000 characters, no control characters but line ends.
///
/// # Errors
/// Anything else.
pub(crate) fn note(text: &str) -> Result<String, NoteRefused> {
    let text = text.trim();
    if is_text(text, 1, LONGEST_NOTE) {
        Ok(text.to_owned())
    } else {
        Err(NoteRefused)
    }
}

/// So many characters, and none that a page could not show.
fn is_text(text: &str, least: usize, most: usize) -> bool {
    let count = text.chars().take(most + 1).count();
    (least..=most).contains(&count) && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opinion_has_a_cost_exactly_when_it_is_favourable() {
        let cost = Money::from_centimes;
        assert_eq!(
            Opinion::new(true, cost(1)),
            Ok(Opinion::Favourable {
                retained_cost: cost(1)
            })
        );
        assert_eq!(Opinion::new(false, cost(0)), Ok(Opinion::Unfavourable));
        assert!(Opinion::new(true, LARGEST_COST).is_ok());
        for (favourable, centimes) in [
            (true, 0),
            (true, -1),
            (true, i64::MIN),
            (true, 100_000_001),
            (true, i64::MAX),
            (false, 1),
            (false, -1),
        ] {
            assert_eq!(
                Opinion::new(favourable, cost(centimes)),
                Err(CostRefused),
                "{favourable} {centimes}"
            );
        }
    }

    #[test]
    fn a_note_is_trimmed_and_bounded() {
        assert_eq!(note("  vu \n").as_deref(), Ok("vu"));
        assert_eq!(note("سطر\nآخر").as_deref(), Ok("سطر\nآخر"));
        assert!(note(&"م".repeat(1_000)).is_ok());
        for bad in ["", "  \n ", "a\u{0}b", "\u{1b}[0m", &"م".repeat(1_001)] {
            assert_eq!(note(bad), Err(NoteRefused), "{bad:?}");
        }
    }
}
