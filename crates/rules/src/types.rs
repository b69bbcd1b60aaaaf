//! The types of the language. There is no floating point, no null and no map.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::limits;

/// A type. Written `bool`, `int`, `money`, `percent`, `date`, `text`, `enum(a, b)`, `list(<any of these but list>)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Type {
    Bool,
    /// 64-bit signed whole number.
    Int,
    /// Whole centimes of a dirham, 64-bit signed.
    Money,
    /// Basis points: hundredths of one per cent.
    Percent,
    /// A civil day, without a time or a zone.
    Date,
    Text,
    /// One of the texts listed.
    Enum(BTreeSet<String>),
    List(Box<Type>),
}

/// A text that names no type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a type: bool, int, money, percent, date, text, enum(a, b) with at most {most} values of letters, digits, _ and -, list(type)",
    most = limits::ENUM_VALUES
)]
pub struct UnknownType(String);

impl Type {
    /// An enumeration of `values`.
    pub fn enumeration<I: IntoIterator<Item = S>, S: Into<String>>(values: I) -> Self {
        Self::Enum(values.into_iter().map(Into::into).collect())
    }

    /// A list of `element`.
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// Whether `<` and its like compare two of them. Texts are not ordered: the order of letters decides nothing here.
    pub(crate) fn is_ordered(&self) -> bool {
        match self {
            Self::Int | Self::Money | Self::Percent | Self::Date => true,
            Self::Bool | Self::Text | Self::Enum(_) | Self::List(_) => false,
        }
    }

    /// A type that a schema may declare: known shapes, within the limits.
    pub(crate) fn is_declarable(&self) -> bool {
        match self {
            Self::Bool | Self::Int | Self::Money | Self::Percent | Self::Date | Self::Text => true,
            Self::Enum(values) => {
                !values.is_empty()
                    && values.len() <= limits::ENUM_VALUES
                    && values.iter().all(|v| is_enum_value(v))
            }
            Self::List(element) => !matches!(**element, Self::List(_)) && element.is_declarable(),
        }
    }
}

fn is_enum_value(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= limits::NAME_BYTES
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Money => f.write_str("money"),
            Self::Percent => f.write_str("percent"),
            Self::Date => f.write_str("date"),
            Self::Text => f.write_str("text"),
            Self::Enum(values) => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                write!(f, "enum({})", values.join(", "))
            }
            Self::List(element) => write!(f, "list({element})"),
        }
    }
}

impl FromStr for Type {
    type Err = UnknownType;

    fn from_str(text: &str) -> Result<Self, UnknownType> {
        let unknown = || UnknownType(text.chars().take(limits::NAME_BYTES).collect());
        let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        let found = match text {
            "bool" => Self::Bool,
            "int" => Self::Int,
            "money" => Self::Money,
            "percent" => Self::Percent,
            "date" => Self::Date,
            "text" => Self::Text,
            _ => {
                if let Some(values) = inside("enum") {
                    let count = values.split(',').count();
                    let set: BTreeSet<String> =
                        values.split(',').map(|value| value.trim().to_owned()).collect();
                    if set.len() != count {
                        return Err(unknown());
                    }
                    Self::Enum(set)
                } else if let Some(element) = inside("list") {
                    // One level only: a list of lists is refused before it is read.
                    if element.trim_start().starts_with("list") {
                        return Err(unknown());
                    }
                    Self::list(element.trim().parse().map_err(|_| unknown())?)
                } else {
                    return Err(unknown());
                }
            }
        };
        if found.is_declarable() {
            Ok(found)
        } else {
            Err(unknown())
        }
    }
}

impl TryFrom<String> for Type {
    type Error = UnknownType;

    fn try_from(text: String) -> Result<Self, UnknownType> {
        text.parse()
    }
}

impl From<Type> for String {
    fn from(found: Type) -> Self {
        found.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_read_as_it_is_written() {
        for text in [
            "bool",
            "int",
            "money",
            "percent",
            "date",
            "text",
            "enum(MA-HOC, a_b)",
            "list(text)",
            "list(enum(a, b))",
        ] {
            assert_eq!(text.parse::<Type>().expect("a type").to_string(), text);
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in [
            "",
            "float",
            "Int",
            "enum",
            "enum()",
            "enum(a, a)",
            "enum(a b)",
            "list()",
            "list(list(int))",
            "list(int",
            "list( list(int))",
        ] {
            assert!(text.parse::<Type>().is_err(), "{text}");
        }
    }
}
