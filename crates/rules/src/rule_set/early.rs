//! What can be said of a case before all of its facts are known: conditions that read known facts only. It never runs the others, and no
//! amount: what is said early is what the whole decision will say, or nothing.

use super::{DecideError, RuleSet, condition};
use crate::value::{Facts, FactsUsed};

/// How a condition stands while facts are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Held,
    NotHeld,
    /// It reads a fact that is not known yet.
    NotYetKnown,
}

/// One condition with what can be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyOutcome {
    pub code: String,
    pub standing: Standing,
    /// The reason that a refusal gives when it does not hold.
    pub refusal: String,
    pub sentence_fr: String,
    pub sentence_ar: String,
}

impl RuleSet {
    /// Judges the conditions that name no fact outside `known`. A known optional fact that `facts` leaves out is known to be absent;
    /// a fact of `facts` that is not in `known` is not looked at. Every condition is answered, in the rule set's order.
    ///
    /// # Errors
    /// As [`RuleSet::decide`], for the conditions that are judged.
    pub fn judge_early(&self, facts: &Facts, known: &[&str]) -> Result<Vec<EarlyOutcome>, DecideError> {
        self.schema.check_given(facts)?;
        let mut outcomes = Vec::with_capacity(self.conditions.len());
        for (def, compiled) in self.definition.conditions.iter().zip(&self.conditions) {
            let is_known = compiled.facts.iter().all(|fact| known.contains(&fact.as_str()));
            let standing = if is_known {
                self.schema
                    .check_known(facts, compiled.facts.iter().map(String::as_str))?;
                // What it read is of no use here: nothing is decided by it.
                let judged = condition(def, &compiled.typed, facts, &mut FactsUsed::default())?;
                if judged.held {
                    Standing::Held
                } else {
                    Standing::NotHeld
                }
            } else {
                Standing::NotYetKnown
            };
            outcomes.push(EarlyOutcome {
                code: def.code.clone(),
                standing,
                refusal: def.refusal.as_ref().unwrap_or(&def.code).clone(),
                sentence_fr: def.sentence_fr.clone(),
                sentence_ar: def.sentence_ar.clone(),
            });
        }
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::definition::{ConditionDef, RuleSetDef};
    use crate::limits;
    use crate::schema::Schema;
    use crate::testing::{self, Tape};
    use crate::types::Type;

    fn rule_set(expressions: &[&str]) -> RuleSet {
        let conditions = (0..)
            .zip(expressions)
            .map(|(number, expression)| ConditionDef {
                code: format!("c{number}"),
                refusal: None,
                sentence_fr: "condition".to_owned(),
                sentence_ar: "شرط".to_owned(),
                expression: (*expression).to_owned(),
            })
            .collect();
        let definition = RuleSetDef {
            version: 1,
            settings: std::collections::BTreeMap::default(),
            tables: std::collections::BTreeMap::default(),
            conditions,
            amount_steps: Vec::new(),
        };
        RuleSet::compile(definition, &testing::schema()).unwrap_or_else(|errors| panic!("{errors}"))
    }

    fn standings(rules: &RuleSet, facts: &Facts, known: &[&str]) -> Vec<Standing> {
        let outcomes = rules
            .judge_early(facts, known)
            .expect("the known facts are given");
        outcomes.iter().map(|outcome| outcome.standing).collect()
    }

    #[test]
    fn a_condition_waits_for_the_facts_that_it_names_also_behind_a_short_cut() {
        let rules = rule_set(&[
            "f.flag",
            "!f.flag",
            "f.flag || f.number > 3",
            "f.number > 3",
            "true",
        ]);
        let facts = Facts::new().with("f.flag", true);
        use Standing::{Held, NotHeld, NotYetKnown};
        assert_eq!(
            standings(&rules, &facts, &["f.flag"]),
            [Held, NotHeld, NotYetKnown, NotYetKnown, Held]
        );
        assert_eq!(
            standings(&rules, &facts, &[]),
            [NotYetKnown, NotYetKnown, NotYetKnown, NotYetKnown, Held]
        );
    }

    #[test]
    fn a_known_optional_fact_that_is_left_out_is_absent_and_a_given_one_that_is_not_known_is_not_read() {
        let rules = rule_set(&["has(o.flag) && o.flag"]);
        assert_eq!(standings(&rules, &Facts::new(), &["o.flag"]), [Standing::NotHeld]);
        let given = Facts::new().with("o.flag", true);
        assert_eq!(standings(&rules, &given, &["o.flag"]), [Standing::Held]);
        assert_eq!(standings(&rules, &given, &[]), [Standing::NotYetKnown]);
    }

    #[test]
    fn a_fact_that_is_called_known_and_not_given_is_an_error() {
        let rules = rule_set(&["f.flag"]);
        assert!(matches!(
            rules.judge_early(&Facts::new(), &["f.flag"]),
            Err(DecideError::Facts(_))
        ));
    }

    fn names(schema: &Schema) -> Vec<String> {
        schema.iter().map(|(name, _)| name.to_owned()).collect()
    }

    proptest! {
        #[test]
        fn what_is_said_early_is_what_the_whole_decision_says(
            programs in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..6),
            given in prop::collection::vec(any::<u8>(), 0..50),
            chosen in any::<u16>(),
        ) {
            let sources: Vec<String> = programs
                .iter()
                .map(|program| testing::program(&mut Tape::new(program), &Type::Bool, 2))
                .collect();
            prop_assume!(sources.iter().all(|source| source.len() <= limits::SOURCE_BYTES));
            let rules = rule_set(&sources.iter().map(String::as_str).collect::<Vec<_>>());
            let facts = testing::facts(&mut Tape::new(&given));
            let all = names(&testing::schema());
            let known: Vec<&str> = (0_u32..)
                .zip(&all)
                .filter_map(|(bit, name)| (chosen >> bit & 1 == 1).then_some(name.as_str()))
                .collect();
            // What is not known yet is not there either.
            let mut early_facts = facts.clone();
            for name in all.iter().filter(|name| !known.contains(&name.as_str())) {
                early_facts.remove(name);
            }

            let early = rules.judge_early(&early_facts, &known);
            // An unknown fact that is there all the same changes nothing.
            prop_assert_eq!(&early, &rules.judge_early(&facts, &known));
            let whole = rules.decide(&facts);
            match (early, whole) {
                (Ok(early), Ok(whole)) => {
                    prop_assert_eq!(early.len(), whole.conditions.len());
                    for (early, whole) in early.iter().zip(&whole.conditions) {
                        prop_assert_eq!(&early.code, &whole.code);
                        match early.standing {
                            Standing::Held => prop_assert!(whole.held),
                            Standing::NotHeld => prop_assert!(!whole.held),
                            Standing::NotYetKnown => {}
                        }
                    }
                }
                // A condition without a value stays without one; one that is not run early may be the one without a value.
                (Err(_), whole) => prop_assert!(whole.is_err()),
                (Ok(_), Err(_)) => {}
            }
            // When everything is known, nothing is left to come.
            let everything: Vec<&str> = all.iter().map(String::as_str).collect();
            if let Ok(outcomes) = rules.judge_early(&facts, &everything) {
                prop_assert!(outcomes.iter().all(|outcome| outcome.standing != Standing::NotYetKnown));
            }
        }
    }
}
