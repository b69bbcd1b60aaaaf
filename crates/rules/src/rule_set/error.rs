//! Why a definition cannot be published, and why a case cannot be decided.

use std::fmt;

use crate::{
    check::TypeError, eval::EvalError, given::GivenError, limits, schema::FactsError, syntax::ParseError,
};

/// The part of a rule set that an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    RuleSet,
    Setting(String),
    Table(String),
    Condition(String),
    AmountStep(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RuleSet => f.write_str("rule set"),
            Self::Setting(name) => write!(f, "setting {name}"),
            Self::Table(name) => write!(f, "table {name}"),
            Self::Condition(code) => write!(f, "condition {code}"),
            Self::AmountStep(code) => write!(f, "amount step {code}"),
        }
    }
}

/// Everything that is wrong with a definition; at least one error. Displays one line for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct CompileErrors(pub Vec<CompileError>);

/// One thing that is wrong with a definition. Lines and columns count within the expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {kind}")]
pub struct CompileError {
    pub place: Place,
    pub kind: CompileErrorKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileErrorKind {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Type(#[from] TypeError),
    #[error(transparent)]
    Given(#[from] GivenError),
    #[error(
        "the code is not a lower-case word (letters, digits, _) of at most {} bytes",
        limits::NAME_BYTES
    )]
    Code,
    #[error("the code stands twice")]
    RepeatedCode,
    #[error(
        "a sentence or label is missing, or longer than {} bytes",
        limits::SENTENCE_BYTES
    )]
    Sentence,
    #[error("there is no condition: a benefit that everybody receives says so with an explicit one")]
    NoCondition,
    #[error("more than {most} {what}")]
    TooMany { what: &'static str, most: usize },
}

/// Why there is no decision. Values of facts are never named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Facts(#[from] FactsError),
    #[error("{place}")]
    Evaluation { place: Place, source: EvalError },
    #[error("amount step {step}: the amount is negative")]
    NegativeAmount { step: String },
    /// The compiler accepts nothing that gives this.
    #[error("{place}: the expression was not checked")]
    Unchecked { place: Place },
}
