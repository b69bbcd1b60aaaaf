//! Why a text is not an expression of the language.

use crate::{limits, position::Position};

/// A text that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {kind}")]
pub struct ParseError {
    pub at: Position,
    pub kind: ParseErrorKind,
}

/// What is wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    #[error("the expression has {found} bytes, more than {}", limits::SOURCE_BYTES)]
    TooLong { found: usize },
    #[error("the expression is nested deeper than {} levels: split it", limits::DEPTH)]
    TooDeep,
    #[error("the expression has more than {} parts: split it", limits::NODES)]
    TooManyNodes,
    #[error("the list has more than {} elements", limits::LIST_LENGTH)]
    ListTooLong,
    #[error("the call has more than {} arguments", limits::ARGUMENTS)]
    TooManyArguments,
    #[error("the character {0:?} does not belong to the language")]
    UnexpectedCharacter(char),
    #[error("the text is not closed before the end of the line")]
    UnclosedText,
    #[error("a text may not contain the control character {0:?}")]
    ControlCharacter(char),
    #[error("unknown escape \\{0} in a text: \\\\ \\\" \\' \\n \\t exist")]
    UnknownEscape(char),
    #[error(
        "a number is digits only; amounts, percentages and dates are written money(\"..\"), percent(\"..\"), date(\"..\")"
    )]
    BadNumber,
    #[error("the number does not fit 64 bits")]
    NumberTooLarge,
    #[error("expected {expected}, found {found}")]
    Unexpected { expected: &'static str, found: String },
    #[error("two signs in a row: write -(-value)")]
    RepeatedSign,
    #[error("{0:?} is a reserved word")]
    Reserved(String),
    #[error("comparisons cannot be chained: join two with &&")]
    ChainedComparison,
    #[error("there are no methods: write {0}(..) with the value as its first argument")]
    Method(String),
    #[error("{0}(..) takes one text literal: {1}")]
    BadLiteral(&'static str, &'static str),
}
