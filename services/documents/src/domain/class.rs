//! What kind of paper it is: decides who may read it and how long it is kept.

/// A class of papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentClass {
    Health,
    Identity,
    Travel,
    Bank,
}

impl DocumentClass {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "health_paper" => Some(Self::Health),
            "identity_paper" => Some(Self::Identity),
            "travel_paper" => Some(Self::Travel),
            "bank_paper" => Some(Self::Bank),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health_paper",
            Self::Identity => "identity_paper",
            Self::Travel => "travel_paper",
            Self::Bank => "bank_paper",
        }
    }
}
