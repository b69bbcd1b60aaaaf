//! Values, and the facts of one case. A fact may be personal (a birth date, an amount of care): whole sets of them never
//! show their values in `Debug`.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;
use kernel::money::{BasisPoints, Money};
use serde::{Deserialize, Serialize};

use crate::{limits, types::Type};

/// A value with its unit in its serialised name: `{"centimes": 185000}`, `{"basis_points": 3000}`, `{"date": "2020-12-01"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Bool(bool),
    Int(i64),
    #[serde(rename = "centimes")]
    Money(Money),
    #[serde(rename = "basis_points")]
    Percent(BasisPoints),
    Date(NaiveDate),
    /// A text or the value of an enumeration.
    Text(String),
    List(Vec<Value>),
}

impl Value {
    /// Whether the value is one of `wanted`'s, within the limits on texts and lists.
    pub(crate) fn is_a(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (Self::Bool(_), Type::Bool)
            | (Self::Int(_), Type::Int)
            | (Self::Money(_), Type::Money)
            | (Self::Percent(_), Type::Percent)
            | (Self::Date(_), Type::Date) => true,
            (Self::Text(text), Type::Text) => text.len() <= limits::TEXT_BYTES,
            (Self::Text(text), Type::Enum(values)) => values.contains(text),
            (Self::List(elements), Type::List(element)) => {
                elements.len() <= limits::LIST_LENGTH && elements.iter().all(|value| value.is_a(element))
            }
            (
                Self::Bool(_)
                | Self::Int(_)
                | Self::Money(_)
                | Self::Percent(_)
                | Self::Date(_)
                | Self::Text(_)
                | Self::List(_),
                _,
            ) => false,
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+};
}

value_from! {
    bool => Bool,
    i64 => Int,
    Money => Money,
    BasisPoints => Percent,
    NaiveDate => Date,
    &str => Text,
    String => Text,
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// What is known about one case, by fact name. An optional fact that is not known is left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, Value>);

impl Facts {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same facts and this one; a fact given before under the name is replaced.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// The same facts and this one if it is known.
    #[must_use]
    pub fn with_known(mut self, name: impl Into<String>, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.set(name, value);
        }
        self
    }

    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// Forgets a fact.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Facts")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The facts and settings that a decision read, with their values; `None` for an optional fact that was looked for and
/// not known. Settings stand under `setting.<name>`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactsUsed(BTreeMap<String, Option<Value>>);

impl FactsUsed {
    pub(crate) fn record(&mut self, name: &str, value: Option<&Value>) {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), value.cloned());
        }
    }

    /// `None`: the name was not read. `Some(None)`: it was looked for and not known.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Option<&Value>> {
        self.0.get(name).map(Option::as_ref)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_ref()))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for FactsUsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactsUsed")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}
