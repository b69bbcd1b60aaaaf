//! A rule set as a catalogue file states it: texts, not yet checked. A TOML file deserialises into [`RuleSetDef`];
//! [`crate::RuleSet::compile`] turns it into something that decides.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::given::{SettingDef, TableDef};

/// Conditions and amounts of one benefit, at one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSetDef {
    /// Grows with every published change; stored with each decision.
    pub version: u32,
    /// Named values that rules read as `setting.<name>`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, SettingDef>,
    /// Tables that `lookup` reads.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, TableDef>,
    /// All must hold. At least one.
    pub conditions: Vec<ConditionDef>,
    /// Computed in order when every condition holds; the last one is the amount. None for a benefit without an amount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amount_steps: Vec<AmountStepDef>,
}

/// One condition and its sentence, which states what is required (not that it failed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionDef {
    /// Stable lower-case code, such as `position_eligible`.
    pub code: String,
    /// Stable lower-case reason of a refusal when it does not hold, such as `cap_reached`; the code if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    pub sentence_fr: String,
    pub sentence_ar: String,
    /// An expression of type `bool`.
    pub expression: String,
}

/// One step towards the amount; later steps read it as `step.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountStepDef {
    /// Stable lower-case code, such as `half_of_retained_cost`.
    pub code: String,
    pub label_fr: String,
    pub label_ar: String,
    /// An expression of type `money`.
    pub expression: String,
}
