//! Why a checked expression has no value for the facts given. No variant holds a fact's value: it may be personal.

use crate::{limits, position::Position};

/// An expression without a value, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {kind}")]
pub struct EvalError {
    pub at: Position,
    pub kind: EvalErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalErrorKind {
    #[error("the result does not fit 64 bits")]
    Overflow,
    #[error("the birth date lies after the date at which the age is asked")]
    BirthInFuture,
    #[error("the day lies outside the calendar")]
    NoSuchDay,
    #[error("more than {} steps", limits::STEPS)]
    TooManySteps,
    /// Facts are checked before evaluation and `has()` before reading, so a decision never gives this.
    #[error("the fact {0} is not known")]
    Unknown(String),
    /// The checker accepts nothing that gives this.
    #[error("the expression was not checked")]
    Unchecked,
}

impl EvalErrorKind {
    pub(super) fn at(self, at: Position) -> EvalError {
        EvalError { at, kind: self }
    }
}
