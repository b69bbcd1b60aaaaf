//! Text to tokens. It refuses what cannot be part of any expression, including characters that would make a text read
//! differently from what it does (control and bidirectional override characters).

use super::error::{ParseError, ParseErrorKind};
use crate::{limits, position::Position};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// The magnitude; a sign before it is a token of its own.
    Int(u64),
    Text(String),
    Word(String),
    Symbol(&'static str),
    End,
}

impl Token {
    /// How a message names the token.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Int(_) => "a number".to_owned(),
            Self::Text(_) => "a text".to_owned(),
            Self::Word(word) => format!("{word:?}"),
            Self::Symbol(symbol) => format!("\"{symbol}\""),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 20] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "?", ":", "(", ")", "[", "]", ",", ".",
];

/// Words that CEL keeps for itself; refusing them as names keeps every rule valid CEL.
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

pub(super) fn tokens(source: &str) -> Result<Vec<(Token, Position)>, ParseError> {
    if source.len() > limits::SOURCE_BYTES {
        return Err(ParseError {
            at: Position::START,
            kind: ParseErrorKind::TooLong { found: source.len() },
        });
    }
    let mut lexer = Lexer {
        rest: source,
        at: Position::START,
    };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let at = lexer.at;
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push((token, at));
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'s> {
    rest: &'s str,
    at: Position,
}

impl<'s> Lexer<'s> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        self.rest = chars.as_str();
        if next == '\n' {
            self.at = Position {
                line: self.at.line + 1,
                column: 1,
            };
        } else {
            self.at.column += 1;
        }
        Some(next)
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'s str {
        let whole = self.rest;
        while self.peek().is_some_and(&belongs) {
            self.bump();
        }
        &whole[..whole.len() - self.rest.len()]
    }

    /// Spaces, line ends and `// ...` comments.
    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
            if !self.rest.starts_with("//") {
                return;
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn token(&mut self) -> Result<Token, ParseError> {
        match self.peek() {
            None => Ok(Token::End),
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => Ok(Token::Word(
                self.take_while(|c| c.is_ascii_alphanumeric() || c == '_')
                    .to_owned(),
            )),
            Some(quote @ ('"' | '\'')) => self.text(quote),
            Some(other) => self.symbol(other),
        }
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let at = self.at;
        let digits = self.take_while(|c| c.is_ascii_digit());
        let after = self.peek();
        let mut following = self.rest.chars();
        following.next();
        let decimal = after == Some('.') && following.next().is_some_and(|c| c.is_ascii_digit());
        if decimal || after.is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
            return Err(ParseError {
                at,
                kind: ParseErrorKind::BadNumber,
            });
        }
        digits.parse().map(Token::Int).map_err(|_| ParseError {
            at,
            kind: ParseErrorKind::NumberTooLarge,
        })
    }

    fn text(&mut self, quote: char) -> Result<Token, ParseError> {
        let opened = self.at;
        self.bump();
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.bump() {
                None | Some('\n') => {
                    return Err(ParseError {
                        at: opened,
                        kind: ParseErrorKind::UnclosedText,
                    });
                }
                Some(c) if c == quote => return Ok(Token::Text(text)),
                Some('\\') => text.push(match self.bump() {
                    Some(c @ ('\\' | '"' | '\'')) => c,
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some(c) => {
                        return Err(ParseError {
                            at,
                            kind: ParseErrorKind::UnknownEscape(c),
                        });
                    }
                    None => {
                        return Err(ParseError {
                            at: opened,
                            kind: ParseErrorKind::UnclosedText,
                        });
                    }
                }),
                Some(c) if is_treacherous(c) => {
                    return Err(ParseError {
                        at,
                        kind: ParseErrorKind::ControlCharacter(c),
                    });
                }
                Some(c) => text.push(c),
            }
        }
    }

    fn symbol(&mut self, first: char) -> Result<Token, ParseError> {
        let Some(symbol) = SYMBOLS.into_iter().find(|symbol| self.rest.starts_with(symbol)) else {
            return Err(ParseError {
                at: self.at,
                kind: ParseErrorKind::UnexpectedCharacter(first),
            });
        };
        for _ in symbol.chars() {
            self.bump();
        }
        Ok(Token::Symbol(symbol))
    }
}

/// Control characters, and those that reverse how the following text is shown.
fn is_treacherous(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
