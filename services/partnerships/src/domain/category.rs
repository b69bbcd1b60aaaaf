//! What somebody is to the membership, as a partner hears it.

use serde::{Deserialize, Serialize};

/// The member, a spouse or a child. The order is that of the card page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Category {
    Member,
    Spouse,
    Child,
}

impl Category {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Spouse => "spouse",
            Self::Child => "child",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "member" => Some(Self::Member),
            "spouse" => Some(Self::Spouse),
            "child" => Some(Self::Child),
            _ => None,
        }
    }
}
