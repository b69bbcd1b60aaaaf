//! What can go wrong with a place of papers, in sentences for operators. What the store answered stays the cause; no key is ever in it.

use std::time::Duration;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("no object has this name")]
    Missing,
    #[error("another object has this name")]
    Taken,
    #[error("the object has {0} bytes, more than any paper")]
    TooLarge(u64),
    #[error("a name that is no object's: {0:?}")]
    BadName(String),
    /// The place is not as the settings say: the sentence names the setting.
    #[error("{0}")]
    Misplaced(String),
    #[error("the place of the papers did not answer within {} s", .0.as_secs())]
    TooSlow(Duration),
    #[error("the place of the papers does not answer: {0}")]
    Away(String),
}

impl StoreError {
    /// Whether an operator must change something before it can go well.
    #[must_use]
    pub fn is_misplaced(&self) -> bool {
        matches!(self, Self::Misplaced(_))
    }
}
