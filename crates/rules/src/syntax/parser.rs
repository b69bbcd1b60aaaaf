//! Tokens to tree, by recursive descent. Every limit is checked while the tree grows, so that no input can make the
//! parser recurse or allocate beyond them.

use super::{
    ast::{BinaryOp, Expr, ExprKind, Literal, UnaryOp},
    error::{ParseError, ParseErrorKind},
    lexer::{self, Token},
    literal,
};
use crate::{limits, position::Position};

/// Reads one expression.
///
/// # Errors
/// A text outside the grammar or beyond a limit (see [`limits`]), with its place.
pub fn parse(source: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser {
        tokens: lexer::tokens(source)?,
        next: 0,
        nodes: 0,
        nesting: 0,
    };
    let expr = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser {
    /// Ends with `Token::End`, which is never consumed.
    tokens: Vec<(Token, Position)>,
    next: usize,
    nodes: usize,
    nesting: usize,
}

type Parsed<T> = Result<T, ParseError>;

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> Position {
        self.tokens
            .get(self.next)
            .or(self.tokens.last())
            .map_or(Position::START, |(_, at)| *at)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        if token != Token::End {
            self.next += 1;
        }
        token
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        if found {
            self.next += 1;
        }
        found
    }

    fn expect(&mut self, symbol: &str, expected: &'static str) -> Parsed<()> {
        if self.eat(symbol) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    fn error<T>(&self, at: Position, kind: ParseErrorKind) -> Parsed<T> {
        Err(ParseError { at, kind })
    }

    fn unexpected(&self, expected: &'static str) -> ParseError {
        ParseError {
            at: self.at(),
            kind: ParseErrorKind::Unexpected {
                expected,
                found: self.peek().describe(),
            },
        }
    }

    fn make(&mut self, kind: ExprKind, at: Position) -> Parsed<Expr> {
        self.nodes += 1;
        let height = kind.height();
        if self.nodes > limits::NODES {
            return self.error(at, ParseErrorKind::TooManyNodes);
        }
        if height > limits::DEPTH {
            return self.error(at, ParseErrorKind::TooDeep);
        }
        Ok(Expr { kind, at, height })
    }

    /// Runs `inner` one bracket or sign deeper.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= limits::NESTING {
            return self.error(self.at(), ParseErrorKind::TooDeep);
        }
        self.nesting += 1;
        let result = inner(self);
        self.nesting -= 1;
        result
    }

    /// `any [ "?" any ":" expression ]`
    fn expression(&mut self) -> Parsed<Expr> {
        let condition = self.any()?;
        let at = self.at();
        if !self.eat("?") {
            return Ok(condition);
        }
        let then = self.any()?;
        self.expect(":", "\":\" and the other value")?;
        let otherwise = self.nested(Self::expression)?;
        self.make(
            ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
            at,
        )
    }

    fn any(&mut self) -> Parsed<Expr> {
        self.joined("||", Self::all, ExprKind::Any)
    }

    fn all(&mut self) -> Parsed<Expr> {
        self.joined("&&", Self::relation, ExprKind::All)
    }

    fn joined(
        &mut self,
        symbol: &str,
        operand: impl Fn(&mut Self) -> Parsed<Expr>,
        kind: impl FnOnce(Vec<Expr>) -> ExprKind,
    ) -> Parsed<Expr> {
        let first = operand(self)?;
        let at = self.at();
        if !self.eat(symbol) {
            return Ok(first);
        }
        let mut operands = vec![first, operand(self)?];
        while self.eat(symbol) {
            operands.push(operand(self)?);
        }
        self.make(kind(operands), at)
    }

    fn relation(&mut self) -> Parsed<Expr> {
        let left = self.sum()?;
        let at = self.at();
        let Some(op) = self.eat_relation() else {
            return Ok(left);
        };
        let right = self.sum()?;
        let chained_at = self.at();
        if self.eat_relation().is_some() {
            return self.error(chained_at, ParseErrorKind::ChainedComparison);
        }
        self.make(ExprKind::Binary(op, Box::new(left), Box::new(right)), at)
    }

    fn eat_relation(&mut self) -> Option<BinaryOp> {
        let op = match self.peek() {
            Token::Symbol("==") => BinaryOp::Equal,
            Token::Symbol("!=") => BinaryOp::NotEqual,
            Token::Symbol("<") => BinaryOp::Less,
            Token::Symbol("<=") => BinaryOp::LessOrEqual,
            Token::Symbol(">") => BinaryOp::Greater,
            Token::Symbol(">=") => BinaryOp::GreaterOrEqual,
            Token::Word(word) if word == "in" => BinaryOp::In,
            _ => return None,
        };
        self.next += 1;
        Some(op)
    }

    fn sum(&mut self) -> Parsed<Expr> {
        let mut left = self.product()?;
        loop {
            let at = self.at();
            let op = if self.eat("+") {
                BinaryOp::Add
            } else if self.eat("-") {
                BinaryOp::Subtract
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = self.make(ExprKind::Binary(op, Box::new(left), Box::new(right)), at)?;
        }
    }

    fn product(&mut self) -> Parsed<Expr> {
        let mut left = self.unary()?;
        loop {
            let at = self.at();
            if !self.eat("*") {
                return Ok(left);
            }
            let right = self.unary()?;
            left = self.make(
                ExprKind::Binary(BinaryOp::Multiply, Box::new(left), Box::new(right)),
                at,
            )?;
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let at = self.at();
        if self.eat("!") {
            let operand = self.nested(Self::unary)?;
            return self.make(ExprKind::Unary(UnaryOp::Not, Box::new(operand)), at);
        }
        if self.eat("-") {
            if matches!(self.peek(), Token::Symbol("-")) {
                return self.error(self.at(), ParseErrorKind::RepeatedSign);
            }
            // The sign belongs to a number that follows it, so that the smallest 64-bit number can be written.
            if let Token::Int(magnitude) = *self.peek() {
                self.next += 1;
                return match 0_i64.checked_sub_unsigned(magnitude) {
                    Some(number) => self.make(ExprKind::Literal(Literal::Int(number)), at),
                    None => self.error(at, ParseErrorKind::NumberTooLarge),
                };
            }
            let operand = self.nested(Self::unary)?;
            return self.make(ExprKind::Unary(UnaryOp::Negate, Box::new(operand)), at);
        }
        self.primary()
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let at = self.at();
        match self.peek().clone() {
            Token::Int(magnitude) => {
                self.next += 1;
                match i64::try_from(magnitude) {
                    Ok(number) => self.make(ExprKind::Literal(Literal::Int(number)), at),
                    Err(_) => self.error(at, ParseErrorKind::NumberTooLarge),
                }
            }
            Token::Text(text) => {
                self.next += 1;
                self.make(ExprKind::Literal(Literal::Text(text)), at)
            }
            Token::Symbol("(") => {
                self.next += 1;
                let inner = self.nested(Self::expression)?;
                self.expect(")", "an operator or \")\"")?;
                Ok(inner)
            }
            Token::Symbol("[") => {
                self.next += 1;
                let elements = self.sequence(
                    "]",
                    "\",\" or \"]\"",
                    limits::LIST_LENGTH,
                    ParseErrorKind::ListTooLong,
                )?;
                self.make(ExprKind::List(elements), at)
            }
            Token::Word(word) => {
                self.next += 1;
                self.word(word, at)
            }
            Token::Symbol(_) | Token::End => Err(self.unexpected("a value")),
        }
    }

    /// What starts with a word: `true`, `false`, a literal of a kind, `has(..)`, a call, a dotted name.
    fn word(&mut self, word: String, at: Position) -> Parsed<Expr> {
        match word.as_str() {
            "true" | "false" => {
                let value = word == "true";
                return self.make(ExprKind::Literal(Literal::Bool(value)), at);
            }
            reserved if lexer::is_reserved(reserved) => {
                return self.error(at, ParseErrorKind::Reserved(word));
            }
            _ => {}
        }
        if !self.eat("(") {
            let name = self.dotted(word)?;
            return self.make(ExprKind::Name(name), at);
        }
        match word.as_str() {
            "money" => self.literal_call(at, "money", "dirhams such as \"1850\" or \"1850.50\"", |text| {
                literal::parse_money(text).map(Literal::Money)
            }),
            "percent" => self.literal_call(at, "percent", "0 to 100 such as \"30\" or \"12.5\"", |text| {
                literal::parse_percent(text).map(Literal::Percent)
            }),
            "date" => self.literal_call(at, "date", "a day that exists such as \"2020-12-01\"", |text| {
                literal::parse_date(text).map(Literal::Date)
            }),
            "has" => {
                let name_at = self.at();
                let Token::Word(first) = self.peek().clone() else {
                    return Err(self.unexpected("the name of a fact"));
                };
                self.next += 1;
                if lexer::is_reserved(&first) {
                    return self.error(name_at, ParseErrorKind::Reserved(first));
                }
                let name = self.dotted(first)?;
                self.expect(")", "\")\"")?;
                self.make(ExprKind::Has(name), at)
            }
            _ => {
                let arguments = self.sequence(
                    ")",
                    "\",\" or \")\"",
                    limits::ARGUMENTS,
                    ParseErrorKind::TooManyArguments,
                )?;
                self.make(ExprKind::Call(word, arguments), at)
            }
        }
    }

    fn dotted(&mut self, first: String) -> Parsed<String> {
        let mut name = first;
        while self.eat(".") {
            let at = self.at();
            let Token::Word(word) = self.peek().clone() else {
                return Err(self.unexpected("a name after the point"));
            };
            self.next += 1;
            if lexer::is_reserved(&word) {
                return self.error(at, ParseErrorKind::Reserved(word));
            }
            name.push('.');
            name.push_str(&word);
            if matches!(self.peek(), Token::Symbol("(")) {
                return self.error(at, ParseErrorKind::Method(word));
            }
        }
        Ok(name)
    }

    fn literal_call(
        &mut self,
        at: Position,
        kind: &'static str,
        form: &'static str,
        read: impl FnOnce(&str) -> Option<Literal>,
    ) -> Parsed<Expr> {
        let text_at = self.at();
        let literal = match self.take() {
            Token::Text(text) => read(&text),
            Token::Int(_) | Token::Word(_) | Token::Symbol(_) | Token::End => None,
        };
        let Some(literal) = literal else {
            return self.error(text_at, ParseErrorKind::BadLiteral(kind, form));
        };
        self.expect(")", "\")\"")?;
        self.make(ExprKind::Literal(literal), at)
    }

    /// Expressions separated by commas up to `close`; the opening bracket is already taken.
    fn sequence(
        &mut self,
        close: &str,
        expected: &'static str,
        most: usize,
        too_many: ParseErrorKind,
    ) -> Parsed<Vec<Expr>> {
        let mut elements = Vec::new();
        if self.eat(close) {
            return Ok(elements);
        }
        loop {
            let at = self.at();
            if elements.len() == most {
                return self.error(at, too_many);
            }
            elements.push(self.nested(Self::expression)?);
            if self.eat(close) {
                return Ok(elements);
            }
            self.expect(",", expected)?;
        }
    }
}
