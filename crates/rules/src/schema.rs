//! Which facts a rule may speak of. A schema is declared by the service that can provide the facts; a rule set is
//! compiled against it, so that a rule that names a fact nobody provides is refused before it is published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    limits,
    syntax::is_reserved,
    types::Type,
    value::{Facts, Value},
};

/// The declaration of one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSpec {
    #[serde(rename = "type")]
    pub ty: Type,
    /// An optional fact may be unknown; a rule must ask `has(name)` before it reads it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// What the fact says, for the people who write rules.
    pub about: String,
}

/// The facts that exist, by dotted name (`person.age`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, FactSpec>", into = "BTreeMap<String, FactSpec>")]
pub struct Schema(BTreeMap<String, FactSpec>);

/// A declaration that cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    #[error(
        "{0:?} is not a fact's name: two or more lower-case words joined by points (person.age), none a word of the language, the first not setting or step"
    )]
    Name(String),
    #[error("the fact {0} is declared twice")]
    Twice(String),
    #[error("the fact {0} and the fact {1} cannot both exist: one name continues the other")]
    Continues(String, String),
    #[error("the fact {0} has a type that cannot be declared: {1}")]
    Type(String, Type),
    #[error("the fact {0} does not say what it is about")]
    Undocumented(String),
    #[error("more than {} facts", limits::FACTS)]
    TooMany,
}

/// Facts that do not fit the schema. Values are never named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    #[error("the fact {0} is not in the schema")]
    Unknown(String),
    #[error("the fact {name} is not a value of its type, {expected}")]
    WrongType { name: String, expected: Type },
    #[error("the fact {0} is required and was not given")]
    Missing(String),
}

impl Schema {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact that is always known.
    ///
    /// # Errors
    /// A bad or repeated name, a type that cannot be declared, an empty description.
    pub fn required(self, name: &str, ty: Type, about: &str) -> Result<Self, SchemaError> {
        self.declare(
            name,
            FactSpec {
                ty,
                optional: false,
                about: about.to_owned(),
            },
        )
    }

    /// Adds a fact that may be unknown.
    ///
    /// # Errors
    /// As [`Schema::required`].
    pub fn optional(self, name: &str, ty: Type, about: &str) -> Result<Self, SchemaError> {
        self.declare(
            name,
            FactSpec {
                ty,
                optional: true,
                about: about.to_owned(),
            },
        )
    }

    fn declare(mut self, name: &str, spec: FactSpec) -> Result<Self, SchemaError> {
        if !is_fact_name(name) {
            return Err(SchemaError::Name(name.chars().take(limits::NAME_BYTES).collect()));
        }
        if self.0.contains_key(name) {
            return Err(SchemaError::Twice(name.to_owned()));
        }
        let continues =
            |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
        if let Some(other) = self
            .0
            .keys()
            .find(|other| continues(name, other) || continues(other, name))
        {
            return Err(SchemaError::Continues(name.to_owned(), other.clone()));
        }
        if !spec.ty.is_declarable() {
            return Err(SchemaError::Type(name.to_owned(), spec.ty));
        }
        if spec.about.trim().is_empty() {
            return Err(SchemaError::Undocumented(name.to_owned()));
        }
        if self.0.len() == limits::FACTS {
            return Err(SchemaError::TooMany);
        }
        self.0.insert(name.to_owned(), spec);
        Ok(self)
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FactSpec> {
        self.0.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &FactSpec)> {
        self.0.iter().map(|(name, spec)| (name.as_str(), spec))
    }

    /// Every fact given is declared and of its type. Facts left out are [`Schema::check_known`]'s.
    pub(crate) fn check_given(&self, facts: &Facts) -> Result<(), FactsError> {
        for (name, value) in facts.iter() {
            let spec = self
                .get(name)
                .ok_or_else(|| FactsError::Unknown(name.to_owned()))?;
            check_value(name, value, &spec.ty)?;
        }
        Ok(())
    }

    /// Each of `names` that is required is given.
    pub(crate) fn check_known<'n>(
        &self,
        facts: &Facts,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), FactsError> {
        for name in names {
            let required = self.get(name).is_some_and(|spec| !spec.optional);
            if required && facts.get(name).is_none() {
                return Err(FactsError::Missing(name.to_owned()));
            }
        }
        Ok(())
    }
}

fn check_value(name: &str, value: &Value, expected: &Type) -> Result<(), FactsError> {
    if value.is_a(expected) {
        return Ok(());
    }
    Err(FactsError::WrongType {
        name: name.to_owned(),
        expected: expected.clone(),
    })
}

/// A lower-case word of the language's names: conditions, steps, settings, tables and the parts of a fact's name.
pub(crate) fn is_word(text: &str) -> bool {
    text.len() <= limits::NAME_BYTES
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !is_reserved(text)
}

fn is_fact_name(name: &str) -> bool {
    let mut words = name.split('.');
    let first = words.next().unwrap_or_default();
    name.len() <= limits::NAME_BYTES
        && name.contains('.')
        && is_word(first)
        && !matches!(first, "setting" | "step")
        && words.all(is_word)
}

impl TryFrom<BTreeMap<String, FactSpec>> for Schema {
    type Error = SchemaError;

    fn try_from(facts: BTreeMap<String, FactSpec>) -> Result<Self, SchemaError> {
        facts
            .into_iter()
            .try_fold(Self::new(), |schema, (name, spec)| schema.declare(&name, spec))
    }
}

impl From<Schema> for BTreeMap<String, FactSpec> {
    fn from(schema: Schema) -> Self {
        schema.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_has_a_dotted_lower_case_name() {
        for name in ["person.age", "a.b.c", "request.day_2"] {
            assert!(
                Schema::new().required(name, Type::Int, "a fact").is_ok(),
                "{name}"
            );
        }
        let long = format!("a.{}", "b".repeat(limits::NAME_BYTES));
        for name in [
            "",
            "age",
            "person.",
            ".age",
            "Person.age",
            "person.1",
            "person.in",
            "setting.x",
            "step.x",
            "a b.c",
            &long,
        ] {
            assert!(
                Schema::new().required(name, Type::Int, "a fact").is_err(),
                "{name}"
            );
        }
    }

    #[test]
    fn two_facts_may_not_continue_each_other() {
        let schema = Schema::new()
            .required("trip.price", Type::Money, "the price")
            .expect("a good fact");
        assert_eq!(
            schema
                .clone()
                .required("trip.price.gross", Type::Money, "the gross price"),
            Err(SchemaError::Continues(
                "trip.price.gross".into(),
                "trip.price".into()
            ))
        );
        assert!(schema.required("trip.prices", Type::Money, "the prices").is_ok());
    }

    #[test]
    fn a_fact_that_says_nothing_about_itself_is_refused() {
        assert_eq!(
            Schema::new().required("a.b", Type::Int, " "),
            Err(SchemaError::Undocumented("a.b".into()))
        );
    }

    #[test]
    fn facts_are_checked_without_naming_their_values() {
        let schema = Schema::new()
            .required("person.kind", Type::enumeration(["member"]), "who")
            .expect("a good fact");
        let error = schema
            .check_given(&Facts::new().with("person.kind", "somebody"))
            .expect_err("not a value");
        assert_eq!(
            error.to_string(),
            "the fact person.kind is not a value of its type, enum(member)"
        );
        assert!(
            schema
                .check_given(&Facts::new().with("person.other", true))
                .is_err()
        );
        assert!(schema.check_known(&Facts::new(), ["person.kind"]).is_err());
    }
}
