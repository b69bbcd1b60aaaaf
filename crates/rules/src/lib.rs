//! The benefit rule language: conditions and amounts as short typed expressions over declared facts, and the rule sets
//! that decide and explain with them. `LANGUAGE.md` beside this crate's manifest is the reference for authors of rules.
//!
//! The way of a rule: [`RuleSetDef`] (a TOML catalogue file) and [`Schema`] (the facts that a service can provide) give a
//! [`RuleSet`] by [`RuleSet::compile`]; a [`RuleSet`] and the [`Facts`] of one case give a [`Decision`] by
//! [`RuleSet::decide`].
//!
//! ```text
//! syntax: text -> tree      check: tree -> typed tree      eval: typed tree + facts -> value
//!                    rule_set: definition -> rule set -> decision
//! ```
//!
//! What it deliberately has not: I/O, a clock, randomness, floating point, recursion or loops in rules, division, and any
//! rule about a benefit (those are data of the services). It never panics, whatever text or facts it is given.

mod check;
mod decision;
mod definition;
mod eval;
mod given;
pub mod limits;
mod position;
mod rule_set;
mod schema;
mod syntax;
mod typed;
mod types;
mod value;

#[cfg(test)]
mod testing;

pub use check::{TypeError, TypeErrorKind};
pub use decision::{AmountStep, ConditionOutcome, Decision};
pub use definition::{AmountStepDef, ConditionDef, RuleSetDef};
pub use eval::{EvalError, EvalErrorKind};
pub use given::{Cell, GivenError, RowDef, SettingDef, TableDef};
pub use position::Position;
pub use rule_set::{
    CompileError, CompileErrorKind, CompileErrors, DecideError, EarlyOutcome, Place, RuleSet, Standing,
};
pub use schema::{FactSpec, FactsError, Schema, SchemaError};
pub use syntax::{Expr, ParseError, ParseErrorKind, parse};
pub use typed::Arithmetic;
pub use types::{Type, UnknownType};
pub use value::{Facts, FactsUsed, Value};
