//! The tree that is evaluated: every part carries its type, every name is resolved. Only the checker builds it.

use std::sync::Arc;

use crate::{given::Table, position::Position, types::Type, value::Value};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Typed {
    pub(crate) node: Node,
    pub(crate) ty: Type,
    pub(crate) at: Position,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Const(Value),
    Setting(String, Value),
    Fact(String),
    Has(String),
    /// The amount of an earlier step, by its place.
    Step(usize),
    Not(Box<Typed>),
    Negate(Box<Typed>),
    All(Vec<Typed>),
    Any(Vec<Typed>),
    If(Box<Typed>, Box<Typed>, Box<Typed>),
    List(Vec<Typed>),
    Compare(Comparison, Box<Typed>, Box<Typed>),
    In(Box<Typed>, Box<Typed>),
    Arithmetic(Arithmetic, Box<Typed>, Box<Typed>),
    Call(Function, Vec<Typed>),
    Lookup(Arc<Table>, Box<Typed>, Option<Box<Typed>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
}

/// The functions of the language, `lookup` aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Min,
    Max,
    /// The kind of number is the function's: an empty list does not tell.
    SumInts,
    SumMoney,
    Size,
    Count,
    Share,
    Age,
    Year,
    Month,
    Day,
    DaysBetween,
    AddDays,
    AddMonths,
}
