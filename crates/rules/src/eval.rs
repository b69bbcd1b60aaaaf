//! Evaluation of a typed expression over the facts of one case: checked arithmetic, a bounded number of steps, and a
//! record of each fact that was read. `&&`, `||` and `?:` evaluate only what they need, from left to right.

mod error;
mod functions;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, cmp::Ordering};

pub use error::{EvalError, EvalErrorKind};
use kernel::money::Money;

use crate::{
    limits,
    position::Position,
    typed::{Arithmetic, Comparison, Node, Typed},
    value::{Facts, Value},
};

/// The facts and settings that an expression read, each once, in the order of reading; borrowed, since a decision keeps each only once.
pub(crate) type Read<'a> = Vec<(&'a str, Option<&'a Value>)>;

/// What an expression is evaluated over. The facts must have passed the schema.
#[derive(Debug)]
pub(crate) struct Evaluator<'a> {
    facts: &'a Facts,
    /// Amounts of the earlier steps, in order.
    steps: &'a [Money],
    used: Read<'a>,
    steps_left: u32,
}

type Result<T> = std::result::Result<T, EvalErrorKind>;
type Evaluated<'a> = std::result::Result<Cow<'a, Value>, EvalError>;

impl<'a> Evaluator<'a> {
    pub(crate) fn new(facts: &'a Facts, steps: &'a [Money]) -> Self {
        Self {
            facts,
            steps,
            used: Read::new(),
            steps_left: limits::STEPS,
        }
    }

    /// The value of a whole expression and the facts that it took.
    pub(crate) fn run(mut self, expr: &'a Typed) -> std::result::Result<(Value, Read<'a>), EvalError> {
        let value = self.eval(expr)?.into_owned();
        Ok((value, self.used))
    }

    fn eval(&mut self, expr: &'a Typed) -> Evaluated<'a> {
        let at = expr.at;
        self.spend(1, at)?;
        let owned = |value: Value| Ok(Cow::Owned(value));
        match &expr.node {
            Node::Const(value) => Ok(Cow::Borrowed(value)),
            Node::Setting(name, value) => {
                self.read(name, Some(value));
                Ok(Cow::Borrowed(value))
            }
            Node::Fact(name) => {
                let value = self.facts.get(name);
                self.read(name, value);
                value
                    .map(Cow::Borrowed)
                    .ok_or_else(|| EvalErrorKind::Unknown(name.clone()).at(at))
            }
            Node::Has(name) => {
                let value = self.facts.get(name);
                self.read(name, value);
                owned(Value::Bool(value.is_some()))
            }
            Node::Step(place) => {
                let amount = self.steps.get(*place).copied();
                amount
                    .map(|amount| Cow::Owned(Value::Money(amount)))
                    .ok_or(EvalErrorKind::Unchecked.at(at))
            }
            Node::Not(operand) => {
                let held = self.bool(operand)?;
                owned(Value::Bool(!held))
            }
            Node::Negate(operand) => {
                let value = self.eval(operand)?;
                negate(&value).map(Cow::Owned).map_err(|kind| kind.at(at))
            }
            Node::All(operands) => owned(Value::Bool(self.join(operands, false)?)),
            Node::Any(operands) => owned(Value::Bool(self.join(operands, true)?)),
            Node::If(condition, then, otherwise) => {
                if self.bool(condition)? {
                    self.eval(then)
                } else {
                    self.eval(otherwise)
                }
            }
            Node::List(elements) => {
                let values: std::result::Result<Vec<Value>, EvalError> = elements
                    .iter()
                    .map(|element| self.eval(element).map(Cow::into_owned))
                    .collect();
                owned(Value::List(values?))
            }
            Node::Compare(comparison, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                compare(*comparison, &left, &right)
                    .map(|held| Cow::Owned(Value::Bool(held)))
                    .map_err(|kind| kind.at(at))
            }
            // A list that is written out is looked through where it stands, not put together first.
            Node::In(value, within) if matches!(within.node, Node::List(_)) => {
                let Node::List(elements) = &within.node else {
                    return Err(EvalErrorKind::Unchecked.at(at));
                };
                let value = self.eval(value)?;
                self.spend(elements.len() + 1, within.at)?;
                let mut found = false;
                for element in elements {
                    found |= *self.eval(element)? == *value;
                }
                owned(Value::Bool(found))
            }
            Node::In(value, within) => {
                let (value, within) = (self.eval(value)?, self.eval(within)?);
                let elements = list_of(&within).map_err(|kind| kind.at(at))?;
                self.spend(elements.len(), at)?;
                owned(Value::Bool(elements.contains(&*value)))
            }
            Node::Arithmetic(op, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                arithmetic(*op, &left, &right)
                    .map(Cow::Owned)
                    .map_err(|kind| kind.at(at))
            }
            Node::Call(function, arguments) => {
                let arguments: std::result::Result<Vec<Cow<'a, Value>>, EvalError> =
                    arguments.iter().map(|argument| self.eval(argument)).collect();
                let arguments = arguments?;
                for argument in &arguments {
                    if let Value::List(elements) = &**argument {
                        self.spend(elements.len(), at)?;
                    }
                }
                functions::call(*function, &arguments)
                    .map(Cow::Owned)
                    .map_err(|kind| kind.at(at))
            }
            Node::Lookup(table, key, default) => {
                let key = self.eval(key)?;
                match (table.get(&key), default) {
                    (Some(value), _) => Ok(Cow::Borrowed(value)),
                    (None, Some(default)) => self.eval(default),
                    (None, None) => Err(EvalErrorKind::Unchecked.at(at)),
                }
            }
        }
    }

    fn read(&mut self, name: &'a str, value: Option<&'a Value>) {
        // An expression reads a handful of names.
        if self.used.iter().all(|(read, _)| *read != name) {
            self.used.push((name, value));
        }
    }

    fn bool(&mut self, expr: &'a Typed) -> std::result::Result<bool, EvalError> {
        match *self.eval(expr)? {
            Value::Bool(held) => Ok(held),
            _ => Err(EvalErrorKind::Unchecked.at(expr.at)),
        }
    }

    /// The operands from the left, up to the first that is `decisive`.
    fn join(&mut self, operands: &'a [Typed], decisive: bool) -> std::result::Result<bool, EvalError> {
        for operand in operands {
            if self.bool(operand)? == decisive {
                return Ok(decisive);
            }
        }
        Ok(!decisive)
    }

    fn spend(&mut self, steps: usize, at: Position) -> std::result::Result<(), EvalError> {
        let left = u32::try_from(steps)
            .ok()
            .and_then(|steps| self.steps_left.checked_sub(steps));
        self.steps_left = left.ok_or(EvalErrorKind::TooManySteps.at(at))?;
        Ok(())
    }
}

fn list_of(value: &Value) -> Result<&[Value]> {
    match value {
        Value::List(elements) => Ok(elements),
        _ => Err(EvalErrorKind::Unchecked),
    }
}

fn negate(value: &Value) -> Result<Value> {
    match value {
        Value::Int(number) => number
            .checked_neg()
            .map(Value::Int)
            .ok_or(EvalErrorKind::Overflow),
        Value::Money(amount) => Money::ZERO
            .checked_sub(*amount)
            .map(Value::Money)
            .ok_or(EvalErrorKind::Overflow),
        _ => Err(EvalErrorKind::Unchecked),
    }
}

/// The order of two values of one ordered type.
fn order(left: &Value, right: &Value) -> Result<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Ok(left.cmp(right)),
        (Value::Money(left), Value::Money(right)) => Ok(left.cmp(right)),
        (Value::Percent(left), Value::Percent(right)) => Ok(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Ok(left.cmp(right)),
        _ => Err(EvalErrorKind::Unchecked),
    }
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> Result<bool> {
    Ok(match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => order(left, right)?.is_lt(),
        Comparison::LessOrEqual => order(left, right)?.is_le(),
        Comparison::Greater => order(left, right)?.is_gt(),
        Comparison::GreaterOrEqual => order(left, right)?.is_ge(),
    })
}

fn arithmetic(op: Arithmetic, left: &Value, right: &Value) -> Result<Value> {
    let value = match (op, left, right) {
        (Arithmetic::Add, Value::Int(left), Value::Int(right)) => left.checked_add(*right).map(Value::Int),
        (Arithmetic::Subtract, Value::Int(left), Value::Int(right)) => {
            left.checked_sub(*right).map(Value::Int)
        }
        (Arithmetic::Multiply, Value::Int(left), Value::Int(right)) => {
            left.checked_mul(*right).map(Value::Int)
        }
        (Arithmetic::Add, Value::Money(left), Value::Money(right)) => {
            left.checked_add(*right).map(Value::Money)
        }
        (Arithmetic::Subtract, Value::Money(left), Value::Money(right)) => {
            left.checked_sub(*right).map(Value::Money)
        }
        (Arithmetic::Multiply, Value::Money(amount), Value::Int(times))
        | (Arithmetic::Multiply, Value::Int(times), Value::Money(amount)) => {
            amount.checked_mul(*times).map(Value::Money)
        }
        _ => return Err(EvalErrorKind::Unchecked),
    };
    value.ok_or(EvalErrorKind::Overflow)
}
