//! From text to tree and back: lexer, parser, printer. Nothing here knows which facts exist or what a type is.

mod ast;
mod error;
mod lexer;
mod literal;
mod parser;
mod printer;
#[cfg(test)]
mod tests;

pub use ast::Expr;
pub(crate) use ast::{BinaryOp, ExprKind, Literal, UnaryOp};
pub use error::{ParseError, ParseErrorKind};
pub(crate) use lexer::is_reserved;
pub(crate) use literal::{parse_date, parse_money, parse_percent};
pub use parser::parse;
