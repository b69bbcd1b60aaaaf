//! From a parsed tree to a typed one: names are resolved, types agree, and no optional fact is read where it may be
//! unknown. What passes here can fail in evaluation only as [`crate::EvalErrorKind`] lists.

mod error;
mod fit;
mod functions;
mod known;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use error::{TypeError, TypeErrorKind};
use known::Known;

use crate::{
    given::{Setting, Table},
    position::Position,
    schema::Schema,
    syntax::{BinaryOp, Expr, ExprKind, Literal, UnaryOp},
    typed::{Arithmetic, Comparison, Node, Typed},
    types::Type,
    value::Value,
};

/// The names that an expression may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) settings: &'s BTreeMap<String, Setting>,
    pub(crate) tables: &'s BTreeMap<String, Arc<Table>>,
    /// Codes of the earlier amount steps, in order.
    pub(crate) steps: &'s [String],
    /// Optional facts that are known to be given wherever the expression is evaluated.
    pub(crate) given: &'s BTreeSet<String>,
}

/// An expression that may be evaluated.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) typed: Typed,
    /// Every fact that it names.
    pub(crate) facts: BTreeSet<String>,
    /// Optional facts that are given whenever it holds; empty unless it is a condition.
    pub(crate) given_if_held: BTreeSet<String>,
}

/// Types `expr`, which must give a `wanted`.
pub(crate) fn check(scope: Scope<'_>, expr: &Expr, wanted: &Type) -> Result<Checked, TypeError> {
    let mut checker = Checker {
        scope,
        facts: BTreeSet::new(),
    };
    let (typed, known) = checker.any(expr, scope.given)?;
    let typed = fit::fit(typed, wanted)?;
    Ok(Checked {
        typed,
        facts: checker.facts,
        given_if_held: known.if_true,
    })
}

struct Checker<'s> {
    scope: Scope<'s>,
    facts: BTreeSet<String>,
}

type Result<T, E = TypeError> = std::result::Result<T, E>;
type Given = BTreeSet<String>;

impl Checker<'_> {
    /// An expression of any type, read where the optional facts of `given` are known.
    fn any(&mut self, expr: &Expr, given: &Given) -> Result<(Typed, Known)> {
        let at = expr.at;
        let plain = |typed: Typed| (typed, Known::default());
        match &expr.kind {
            ExprKind::Literal(literal) => Ok(plain(constant(literal, at))),
            ExprKind::Name(name) => self.name(name, at, given).map(plain),
            ExprKind::Has(name) => self.has(name, at),
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let (operand, known) = self.bool(operand, given)?;
                Ok((
                    typed(Node::Not(Box::new(operand)), Type::Bool, at),
                    known.negated(),
                ))
            }
            ExprKind::Unary(UnaryOp::Negate, operand) => {
                let operand = self.value(operand, given)?;
                match operand.ty {
                    Type::Int | Type::Money => {
                        let ty = operand.ty.clone();
                        Ok(plain(typed(Node::Negate(Box::new(operand)), ty, at)))
                    }
                    found => wrong(operand.at, "int or money", found),
                }
            }
            ExprKind::All(operands) => {
                let (operands, known) = self.joined(operands, given, |known| known)?;
                Ok((typed(Node::All(operands), Type::Bool, at), known))
            }
            ExprKind::Any(operands) => {
                // Either holds = not (neither holds): the same fold over negations.
                let (operands, known) = self.joined(operands, given, Known::negated)?;
                Ok((typed(Node::Any(operands), Type::Bool, at), known.negated()))
            }
            ExprKind::Binary(op, left, right) => {
                let left = self.value(left, given)?;
                let right = self.value(right, given)?;
                binary(*op, left, right, at).map(plain)
            }
            ExprKind::If(condition, then, otherwise) => {
                self.conditional(condition, then, otherwise, at, given)
            }
            ExprKind::List(elements) => {
                let elements = elements
                    .iter()
                    .map(|e| self.value(e, given))
                    .collect::<Result<Vec<_>>>()?;
                list(elements, at).map(plain)
            }
            ExprKind::Call(name, arguments) => self.call(name, arguments, at, given).map(plain),
        }
    }

    fn value(&mut self, expr: &Expr, given: &Given) -> Result<Typed> {
        self.any(expr, given).map(|(typed, _)| typed)
    }

    fn bool(&mut self, expr: &Expr, given: &Given) -> Result<(Typed, Known)> {
        let (typed, known) = self.any(expr, given)?;
        Ok((fit::fit(typed, &Type::Bool)?, known))
    }

    /// The operands of `&&` (or, seen through `sense`, of `||`): each is evaluated only if all before it held.
    fn joined(
        &mut self,
        operands: &[Expr],
        given: &Given,
        sense: impl Fn(Known) -> Known,
    ) -> Result<(Vec<Typed>, Known)> {
        let mut here = given.clone();
        let mut all: Option<Known> = None;
        let mut typed = Vec::with_capacity(operands.len());
        for operand in operands {
            let (operand, known) = self.bool(operand, &here)?;
            let known = sense(known);
            here.extend(known.if_true.iter().cloned());
            typed.push(operand);
            all = Some(match all {
                None => known,
                Some(before) => before.and(known),
            });
        }
        Ok((typed, all.unwrap_or_default()))
    }

    fn conditional(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        at: Position,
        given: &Given,
    ) -> Result<(Typed, Known)> {
        let (condition, known) = self.bool(condition, given)?;
        let (then, known_then) = self.any(then, &known::union(given, &known.if_true))?;
        let (otherwise, known_otherwise) = self.any(otherwise, &known::union(given, &known.if_false))?;
        let (then, otherwise) = fit::alike(then, otherwise)?;
        let ty = then.ty.clone();
        let known = known.choose(&known_then, &known_otherwise);
        Ok((
            typed(
                Node::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
                ty,
                at,
            ),
            known,
        ))
    }

    fn name(&mut self, name: &str, at: Position, given: &Given) -> Result<Typed> {
        if let Some(setting) = name.strip_prefix("setting.") {
            let Some(found) = self.scope.settings.get(setting) else {
                return fail(at, TypeErrorKind::UnknownSetting(setting.to_owned()));
            };
            return Ok(typed(
                Node::Setting(name.to_owned(), found.value.clone()),
                found.ty.clone(),
                at,
            ));
        }
        if let Some(step) = name.strip_prefix("step.") {
            let Some(place) = self.scope.steps.iter().position(|code| code == step) else {
                return fail(at, TypeErrorKind::UnknownStep(step.to_owned()));
            };
            return Ok(typed(Node::Step(place), Type::Money, at));
        }
        let Some(spec) = self.scope.schema.get(name) else {
            return fail(at, TypeErrorKind::UnknownFact(name.to_owned()));
        };
        if spec.optional && !given.contains(name) {
            return fail(at, TypeErrorKind::MayBeUnknown(name.to_owned()));
        }
        self.facts.insert(name.to_owned());
        Ok(typed(Node::Fact(name.to_owned()), spec.ty.clone(), at))
    }

    fn has(&mut self, name: &str, at: Position) -> Result<(Typed, Known)> {
        let Some(spec) = self.scope.schema.get(name) else {
            return fail(at, TypeErrorKind::UnknownFact(name.to_owned()));
        };
        if !spec.optional {
            return fail(at, TypeErrorKind::AlwaysKnown(name.to_owned()));
        }
        self.facts.insert(name.to_owned());
        Ok((
            typed(Node::Has(name.to_owned()), Type::Bool, at),
            Known::if_true(name),
        ))
    }
}

fn typed(node: Node, ty: Type, at: Position) -> Typed {
    Typed { node, ty, at }
}

fn fail<T>(at: Position, kind: TypeErrorKind) -> Result<T> {
    Err(TypeError { at, kind })
}

fn wrong<T>(at: Position, expected: &str, found: Type) -> Result<T> {
    fail(
        at,
        TypeErrorKind::WrongType {
            expected: expected.to_owned(),
            found,
        },
    )
}

fn constant(literal: &Literal, at: Position) -> Typed {
    let (value, ty) = match literal {
        Literal::Bool(value) => (Value::Bool(*value), Type::Bool),
        Literal::Int(value) => (Value::Int(*value), Type::Int),
        Literal::Text(value) => (Value::Text(value.clone()), Type::Text),
        Literal::Money(value) => (Value::Money(*value), Type::Money),
        Literal::Date(value) => (Value::Date(*value), Type::Date),
        Literal::Percent(value) => (Value::Percent(*value), Type::Percent),
    };
    typed(Node::Const(value), ty, at)
}

fn list(elements: Vec<Typed>, at: Position) -> Result<Typed> {
    // Text literals beside a value of an enumeration are values of it, wherever they stand.
    let leader = elements
        .iter()
        .find(|e| matches!(e.ty, Type::Enum(_)))
        .or(elements.first());
    let Some(element) = leader.map(|leader| leader.ty.clone()) else {
        return fail(at, TypeErrorKind::EmptyList);
    };
    if matches!(element, Type::List(_)) {
        return fail(at, TypeErrorKind::ListOfLists);
    }
    let elements = elements
        .into_iter()
        .map(|e| fit::fit(e, &element))
        .collect::<Result<Vec<_>>>()?;
    Ok(typed(Node::List(elements), Type::list(element), at))
}

/// A list of literals as one constant, so that a long table of codes is one step to evaluate.
fn folded(list: Typed) -> Typed {
    let Node::List(elements) = &list.node else {
        return list;
    };
    let literal = |element: &Typed| match &element.node {
        Node::Const(value) => Some(value.clone()),
        _ => None,
    };
    match elements.iter().map(literal).collect() {
        Some(values) => typed(Node::Const(Value::List(values)), list.ty, list.at),
        None => list,
    }
}

fn binary(op: BinaryOp, left: Typed, right: Typed, at: Position) -> Result<Typed> {
    let compare = |comparison, left, right| compare(comparison, left, right, at);
    let arithmetic = |op, left, right| arithmetic(op, left, right, at);
    match op {
        BinaryOp::Equal => compare(Comparison::Equal, left, right),
        BinaryOp::NotEqual => compare(Comparison::NotEqual, left, right),
        BinaryOp::Less => compare(Comparison::Less, left, right),
        BinaryOp::LessOrEqual => compare(Comparison::LessOrEqual, left, right),
        BinaryOp::Greater => compare(Comparison::Greater, left, right),
        BinaryOp::GreaterOrEqual => compare(Comparison::GreaterOrEqual, left, right),
        BinaryOp::In => membership(left, right, at),
        BinaryOp::Add => arithmetic(Arithmetic::Add, left, right),
        BinaryOp::Subtract => arithmetic(Arithmetic::Subtract, left, right),
        BinaryOp::Multiply => arithmetic(Arithmetic::Multiply, left, right),
    }
}

fn compare(comparison: Comparison, left: Typed, right: Typed, at: Position) -> Result<Typed> {
    let (left, right) = fit::alike(left, right)?;
    let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if ordered && !left.ty.is_ordered() {
        return fail(at, TypeErrorKind::NotOrdered(left.ty));
    }
    if matches!(left.ty, Type::List(_)) {
        return fail(at, TypeErrorKind::ListsCompared);
    }
    Ok(typed(
        Node::Compare(comparison, Box::new(left), Box::new(right)),
        Type::Bool,
        at,
    ))
}

fn membership(value: Typed, within: Typed, at: Position) -> Result<Typed> {
    let (value, within) = member_of(value, within)?;
    Ok(typed(Node::In(Box::new(value), Box::new(within)), Type::Bool, at))
}

/// A value and a list, with the list of the value's type.
fn member_of(value: Typed, within: Typed) -> Result<(Typed, Typed)> {
    let Type::List(element) = within.ty.clone() else {
        return wrong(within.at, &Type::list(value.ty).to_string(), within.ty);
    };
    if matches!(value.ty, Type::Enum(_)) {
        let wanted = Type::list(value.ty.clone());
        Ok((value, folded(fit::fit(within, &wanted)?)))
    } else {
        Ok((fit::fit(value, &element)?, folded(within)))
    }
}

fn arithmetic(op: Arithmetic, left: Typed, right: Typed, at: Position) -> Result<Typed> {
    let ty = match (op, &left.ty, &right.ty) {
        (_, Type::Int, Type::Int) => Type::Int,
        (Arithmetic::Add | Arithmetic::Subtract, Type::Money, Type::Money)
        | (Arithmetic::Multiply, Type::Money, Type::Int)
        | (Arithmetic::Multiply, Type::Int, Type::Money) => Type::Money,
        _ => {
            return fail(
                at,
                TypeErrorKind::NoArithmetic {
                    op,
                    left: left.ty,
                    right: right.ty,
                },
            );
        }
    };
    Ok(typed(
        Node::Arithmetic(op, Box::new(left), Box::new(right)),
        ty,
        at,
    ))
}
