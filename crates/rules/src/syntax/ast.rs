//! The tree of an expression as it was written, before any type is known.

use chrono::NaiveDate;
use kernel::money::{BasisPoints, Money};

use crate::position::Position;

/// One parsed expression. `Display` prints its canonical form, which parses back to an equal tree; equality ignores
/// positions and spaces.
#[derive(Debug, Clone)]
pub struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) at: Position,
    pub(super) height: usize,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    Literal(Literal),
    /// A dotted name: a fact, `setting.<name>` or `step.<code>`.
    Name(String),
    /// `has(name)`: an optional fact is present.
    Has(String),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Two or more operands of `&&`: flat, so that a long list of requirements is not a deep tree.
    All(Vec<Expr>),
    /// Two or more operands of `||`.
    Any(Vec<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Call(String, Vec<Expr>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Bool(bool),
    Int(i64),
    Text(String),
    Money(Money),
    Date(NaiveDate),
    Percent(BasisPoints),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Not,
    Negate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
}

impl BinaryOp {
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
        }
    }
}

impl ExprKind {
    pub(super) fn children(&self) -> Vec<&Expr> {
        match self {
            Self::Literal(_) | Self::Name(_) | Self::Has(_) => Vec::new(),
            Self::Unary(_, operand) => vec![operand],
            Self::Binary(_, left, right) => vec![left, right],
            Self::If(condition, then, otherwise) => vec![condition, then, otherwise],
            Self::All(parts) | Self::Any(parts) | Self::List(parts) | Self::Call(_, parts) => {
                parts.iter().collect()
            }
        }
    }

    pub(super) fn height(&self) -> usize {
        1 + self
            .children()
            .into_iter()
            .map(|child| child.height)
            .max()
            .unwrap_or(0)
    }
}
