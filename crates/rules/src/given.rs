//! What a rule set brings with it besides expressions: settings (named values that the foundation may change from one
//! version to the next) and lookup tables. Both are typed once, when the rule set is compiled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    limits,
    syntax::{parse_date, parse_money, parse_percent},
    types::Type,
    value::Value,
};

/// A value as a catalogue file writes it: money, percentages and dates are texts in the language's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Cell>),
}

/// A named value of the rule set, read in rules as `setting.<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingDef {
    #[serde(rename = "type")]
    pub ty: Type,
    pub value: Cell,
    /// What it is and where it comes from.
    pub about: String,
}

/// A table that `lookup("name", key)` reads. Keys are `int`, `text` or `enum(..)`, values are not lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDef {
    pub key: Type,
    pub value: Type,
    pub rows: Vec<RowDef>,
    pub about: String,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowDef {
    pub key: Cell,
    pub value: Cell,
}

/// A setting or table that cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    #[error("the value is not of its type, {0}")]
    Value(Type),
    #[error("the type {0} cannot be used here")]
    Type(Type),
    #[error("row {row}: the {part} is not of its type, {expected}")]
    Row {
        row: usize,
        part: &'static str,
        expected: Type,
    },
    #[error("row {0}: its key stands in an earlier row")]
    RepeatedKey(usize),
    #[error("more than {} rows", limits::TABLE_ROWS)]
    TooManyRows,
    #[error("it does not say what it is about")]
    Undocumented,
}

impl Cell {
    fn typed(&self, ty: &Type) -> Option<Value> {
        let value = match (self, ty) {
            (Self::Bool(value), Type::Bool) => Value::Bool(*value),
            (Self::Int(value), Type::Int) => Value::Int(*value),
            (Self::Text(text), Type::Money) => Value::Money(parse_money(text)?),
            (Self::Text(text), Type::Percent) => Value::Percent(parse_percent(text)?),
            (Self::Text(text), Type::Date) => Value::Date(parse_date(text)?),
            (Self::Text(text), Type::Text | Type::Enum(_)) => Value::Text(text.clone()),
            (Self::List(cells), Type::List(element)) => Value::List(
                cells
                    .iter()
                    .map(|cell| cell.typed(element))
                    .collect::<Option<_>>()?,
            ),
            (Self::Bool(_) | Self::Int(_) | Self::Text(_) | Self::List(_), _) => return None,
        };
        value.is_a(ty).then_some(value)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) ty: Type,
    pub(crate) value: Value,
}

impl Setting {
    pub(crate) fn compile(def: &SettingDef) -> Result<Self, GivenError> {
        documented(&def.about)?;
        if !def.ty.is_declarable() {
            return Err(GivenError::Type(def.ty.clone()));
        }
        let value = def
            .value
            .typed(&def.ty)
            .ok_or_else(|| GivenError::Value(def.ty.clone()))?;
        Ok(Self {
            ty: def.ty.clone(),
            value,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Text(String),
}

impl Key {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(Self::Int(*number)),
            Value::Text(text) => Some(Self::Text(text.clone())),
            Value::Bool(_) | Value::Money(_) | Value::Percent(_) | Value::Date(_) | Value::List(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) key: Type,
    pub(crate) value: Type,
    rows: BTreeMap<Key, Value>,
}

impl Table {
    pub(crate) fn compile(def: &TableDef) -> Result<Self, GivenError> {
        documented(&def.about)?;
        if !matches!(def.key, Type::Int | Type::Text | Type::Enum(_)) || !def.key.is_declarable() {
            return Err(GivenError::Type(def.key.clone()));
        }
        if matches!(def.value, Type::List(_)) || !def.value.is_declarable() {
            return Err(GivenError::Type(def.value.clone()));
        }
        if def.rows.len() > limits::TABLE_ROWS {
            return Err(GivenError::TooManyRows);
        }
        let mut rows = BTreeMap::new();
        for (index, row_def) in def.rows.iter().enumerate() {
            let row = index + 1;
            let typed = |cell: &Cell, part, expected: &Type| {
                cell.typed(expected).ok_or_else(|| GivenError::Row {
                    row,
                    part,
                    expected: expected.clone(),
                })
            };
            let key = typed(&row_def.key, "key", &def.key)?;
            let value = typed(&row_def.value, "value", &def.value)?;
            let key = Key::of(&key).ok_or_else(|| GivenError::Type(def.key.clone()))?;
            if rows.insert(key, value).is_some() {
                return Err(GivenError::RepeatedKey(row));
            }
        }
        Ok(Self {
            key: def.key.clone(),
            value: def.value.clone(),
            rows,
        })
    }

    /// Whether every value that a key can take has its row, so that a look-up cannot miss.
    pub(crate) fn is_total(&self) -> bool {
        match &self.key {
            Type::Enum(values) => values.len() == self.rows.len(),
            Type::Bool
            | Type::Int
            | Type::Money
            | Type::Percent
            | Type::Date
            | Type::Text
            | Type::List(_) => false,
        }
    }

    pub(crate) fn get(&self, key: &Value) -> Option<&Value> {
        self.rows.get(&Key::of(key)?)
    }
}

fn documented(about: &str) -> Result<(), GivenError> {
    if about.trim().is_empty() {
        Err(GivenError::Undocumented)
    } else {
        Ok(())
    }
}
