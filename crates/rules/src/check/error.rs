//! Why a well-formed expression may not stand, in words for the person who writes the rule.

use std::fmt;

use crate::{position::Position, typed::Arithmetic, types::Type};

/// An expression that names or combines what it may not, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {kind}")]
pub struct TypeError {
    pub at: Position,
    pub kind: TypeErrorKind,
}

/// What is wrong with the expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeErrorKind {
    #[error("there is no fact {0}")]
    UnknownFact(String),
    #[error("there is no setting {0}")]
    UnknownSetting(String),
    #[error("there is no earlier amount step {0}")]
    UnknownStep(String),
    #[error("there is no function {0}")]
    UnknownFunction(String),
    #[error("there is no table {0:?}")]
    UnknownTable(String),
    #[error("the first argument of lookup is the name of a table, written as a text")]
    TableName,
    #[error("the table {0:?} has no row for some keys: give lookup a third argument, the value for them")]
    LookupMayMiss(String),
    #[error("expected {expected}, found {found}")]
    WrongType { expected: String, found: Type },
    #[error("{value:?} is not a value of {expected}")]
    UnknownEnumValue { value: String, expected: Type },
    #[error("the fact {0} may be unknown here: test has({0}) first")]
    MayBeUnknown(String),
    #[error("the fact {0} is always known: has() is for optional facts")]
    AlwaysKnown(String),
    #[error("{function} takes {expected}, found {found}")]
    ArgumentCount {
        function: String,
        expected: &'static str,
        found: usize,
    },
    #[error("an empty list has no type")]
    EmptyList,
    #[error("a list holds single values, not lists")]
    ListOfLists,
    #[error("values of {0} have no order")]
    NotOrdered(Type),
    #[error("lists are not compared: ask whether a value is in one")]
    ListsCompared,
    #[error("{op} does not combine {left} with {right}")]
    NoArithmetic { op: Arithmetic, left: Type, right: Type },
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
        })
    }
}
