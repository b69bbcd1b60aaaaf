//! A natural person as the staff file describes one, and the link from a member to a relative.
//!
//! No `Debug` on what holds names: a person must not end up in a log through a derived formatter.

use chrono::NaiveDate;
use kernel::Cin;

/// A keyed digest (HMAC) of a value that must be compared without being read.
pub(crate) type Digest = Vec<u8>;

/// As the staff file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Sex {
    Female,
    Male,
}

impl Sex {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Sex::Female => "female",
            Sex::Male => "male",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "female" => Some(Sex::Female),
            "male" => Some(Sex::Male),
            _ => None,
        }
    }
}

/// What a relative is to the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Relation {
    Spouse,
    Child,
    /// Acts for a child after a death; has no rights of their own.
    Guardian,
}

impl Relation {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Relation::Spouse => "spouse",
            Relation::Child => "child",
            Relation::Guardian => "guardian",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "spouse" => Some(Relation::Spouse),
            "child" => Some(Relation::Child),
            "guardian" => Some(Relation::Guardian),
            _ => None,
        }
    }
}

/// What a line says about the person it describes, whatever their place in the family.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PersonDetails {
    pub(crate) last_name_fr: String,
    pub(crate) first_name_fr: String,
    pub(crate) last_name_ar: String,
    pub(crate) first_name_ar: String,
    pub(crate) sex: Sex,
    pub(crate) birth_date: NaiveDate,
    pub(crate) death_date: Option<NaiveDate>,
    pub(crate) cin: Option<Cin>,
    pub(crate) disability: bool,
}
