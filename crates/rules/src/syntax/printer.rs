//! The canonical form of a tree: one spelling, with the parentheses that are needed and no others. Parsing it gives the
//! same tree back. Comments and layout are not kept.

use std::fmt::{self, Display, Formatter, Write};

use super::{
    ast::{BinaryOp, Expr, ExprKind, Literal, UnaryOp},
    literal::{format_date, format_money, format_percent},
};

/// How tightly a form binds; an operand that binds less tightly than its place requires gets parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Conditional,
    Any,
    All,
    Relation,
    Sum,
    Product,
    Unary,
    Primary,
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Literal(literal) => write_literal(f, literal),
            ExprKind::Name(name) => f.write_str(name),
            ExprKind::Has(name) => write!(f, "has({name})"),
            ExprKind::Unary(UnaryOp::Not, operand) => {
                f.write_char('!')?;
                operand_in(f, operand, Binding::Unary)
            }
            ExprKind::Unary(UnaryOp::Negate, operand) => {
                f.write_char('-')?;
                // A number right after the sign would be read as a negative number; a second sign is refused.
                match operand.kind {
                    ExprKind::Literal(Literal::Int(_)) | ExprKind::Unary(UnaryOp::Negate, _) => {
                        write!(f, "({operand})")
                    }
                    _ => operand_in(f, operand, Binding::Unary),
                }
            }
            ExprKind::Binary(op, left, right) => {
                let (left_place, right_place) = match op {
                    BinaryOp::Add | BinaryOp::Subtract => (Binding::Sum, Binding::Product),
                    BinaryOp::Multiply => (Binding::Product, Binding::Unary),
                    BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Less
                    | BinaryOp::LessOrEqual
                    | BinaryOp::Greater
                    | BinaryOp::GreaterOrEqual
                    | BinaryOp::In => (Binding::Sum, Binding::Sum),
                };
                operand_in(f, left, left_place)?;
                write!(f, " {} ", op.symbol())?;
                operand_in(f, right, right_place)
            }
            ExprKind::All(operands) => joined(f, operands, " && ", Binding::Relation),
            ExprKind::Any(operands) => joined(f, operands, " || ", Binding::All),
            ExprKind::If(condition, then, otherwise) => {
                operand_in(f, condition, Binding::Any)?;
                f.write_str(" ? ")?;
                operand_in(f, then, Binding::Any)?;
                f.write_str(" : ")?;
                operand_in(f, otherwise, Binding::Conditional)
            }
            ExprKind::List(elements) => {
                f.write_char('[')?;
                joined(f, elements, ", ", Binding::Conditional)?;
                f.write_char(']')
            }
            ExprKind::Call(name, arguments) => {
                write!(f, "{name}(")?;
                joined(f, arguments, ", ", Binding::Conditional)?;
                f.write_char(')')
            }
        }
    }
}

fn binding(expr: &Expr) -> Binding {
    match &expr.kind {
        ExprKind::If(..) => Binding::Conditional,
        ExprKind::Any(_) => Binding::Any,
        ExprKind::All(_) => Binding::All,
        ExprKind::Binary(op, ..) => match op {
            BinaryOp::Add | BinaryOp::Subtract => Binding::Sum,
            BinaryOp::Multiply => Binding::Product,
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
            | BinaryOp::In => Binding::Relation,
        },
        ExprKind::Unary(..) => Binding::Unary,
        ExprKind::Literal(Literal::Int(number)) if *number < 0 => Binding::Unary,
        ExprKind::Literal(_)
        | ExprKind::Name(_)
        | ExprKind::Has(_)
        | ExprKind::List(_)
        | ExprKind::Call(..) => Binding::Primary,
    }
}

fn operand_in(f: &mut Formatter<'_>, operand: &Expr, place: Binding) -> fmt::Result {
    if binding(operand) < place {
        write!(f, "({operand})")
    } else {
        write!(f, "{operand}")
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expr], separator: &str, place: Binding) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        operand_in(f, part, place)?;
    }
    Ok(())
}

fn write_literal(f: &mut Formatter<'_>, literal: &Literal) -> fmt::Result {
    match literal {
        Literal::Bool(value) => write!(f, "{value}"),
        Literal::Int(value) => write!(f, "{value}"),
        Literal::Money(value) => write!(f, "money(\"{}\")", format_money(*value)),
        Literal::Date(value) => write!(f, "date(\"{}\")", format_date(*value)),
        Literal::Percent(value) => write!(f, "percent(\"{}\")", format_percent(*value)),
        Literal::Text(value) => {
            f.write_char('"')?;
            for c in value.chars() {
                match c {
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    '\n' => f.write_str("\\n")?,
                    '\t' => f.write_str("\\t")?,
                    c => f.write_char(c)?,
                }
            }
            f.write_char('"')
        }
    }
}
