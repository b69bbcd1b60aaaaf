//! What a rule set says about one case, complete enough to be stored and to explain itself years later without the rule
//! set: sentences, amounts step by step, the version, the facts and settings that were read with their values.
//!
//! A stored decision holds facts about a person: it belongs in the decided file's record, never in a log or an event.

use kernel::money::Money;
use serde::{Deserialize, Serialize};

use crate::value::FactsUsed;

/// The outcome for one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The version of the rule set.
    pub version: u32,
    /// Every condition held.
    pub eligible: bool,
    /// Every condition, in the rule set's order, whether or not an earlier one held.
    pub conditions: Vec<ConditionOutcome>,
    /// Every amount step, in order; none unless eligible.
    pub amount_steps: Vec<AmountStep>,
    /// The last step's amount, never negative; none unless eligible, and for a benefit without amounts.
    pub amount: Option<Money>,
    /// What was read, with its values.
    pub facts_used: FactsUsed,
}

/// One condition, held or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionOutcome {
    pub code: String,
    pub held: bool,
    /// The reason that a refusal gives when it did not hold.
    pub refusal: String,
    pub sentence_fr: String,
    pub sentence_ar: String,
    /// Names of the facts and settings that it read; their values stand in [`Decision::facts_used`].
    pub facts_used: Vec<String>,
}

/// One step towards the amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountStep {
    pub code: String,
    pub label_fr: String,
    pub label_ar: String,
    pub amount: Money,
    /// Names of the facts and settings that it read; their values stand in [`Decision::facts_used`].
    pub facts_used: Vec<String>,
}

impl Decision {
    /// The conditions that did not hold.
    pub fn refusals(&self) -> impl Iterator<Item = &ConditionOutcome> {
        self.conditions.iter().filter(|condition| !condition.held)
    }

    /// The reasons of a refusal, in the conditions' order; none if eligible.
    pub fn refusal_reasons(&self) -> impl Iterator<Item = &str> {
        self.refusals().map(|condition| condition.refusal.as_str())
    }
}
