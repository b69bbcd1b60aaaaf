//! Reading the data files of the worked rule sets.

use chrono::NaiveDate;
use kernel::money::Money;
use rules::{Decision, RuleSet, RuleSetDef, Schema};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test is written as it should be")
}

pub(crate) fn money(text: &str) -> Money {
    Money::parse(text).expect("an amount in a test is written as it should be")
}

pub(crate) fn definition(toml: &str) -> RuleSetDef {
    toml::from_str(toml).expect("the data file is a definition")
}

pub(crate) fn compiled(rules: &str, schema: &str) -> RuleSet {
    let schema: Schema = toml::from_str(schema).expect("the data file is a schema");
    RuleSet::compile(definition(rules), &schema).unwrap_or_else(|errors| panic!("{errors}"))
}

pub(crate) fn reasons(decision: &Decision) -> Vec<&str> {
    decision.refusal_reasons().collect()
}
