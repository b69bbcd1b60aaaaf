//! A checked rule set: compiled once from its definition, then asked about case after case. It knows nothing of who asks,
//! when, or where decisions are kept.

mod early;
mod error;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use early::{EarlyOutcome, Standing};
pub use error::{CompileError, CompileErrorKind, CompileErrors, DecideError, Place};
use kernel::money::Money;

use crate::{
    check::{Checked, Scope, check},
    decision::{AmountStep, ConditionOutcome, Decision},
    definition::{AmountStepDef, ConditionDef, RuleSetDef},
    eval::{Evaluator, Read},
    given::{Setting, Table},
    limits,
    schema::{Schema, is_word},
    syntax,
    typed::Typed,
    types::Type,
    value::{Facts, FactsUsed, Value},
};

/// Conditions and amounts that were checked against a schema.
#[derive(Debug, Clone)]
pub struct RuleSet {
    definition: RuleSetDef,
    schema: Schema,
    /// In the order of the definition's conditions.
    conditions: Vec<Condition>,
    /// In the order of the definition's amount steps.
    amount_steps: Vec<Typed>,
    facts: BTreeSet<String>,
}

/// A condition's expression and the facts that it names.
#[derive(Debug, Clone)]
struct Condition {
    typed: Typed,
    facts: BTreeSet<String>,
}

impl RuleSet {
    /// Checks a definition against the facts that exist.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn compile(definition: RuleSetDef, schema: &Schema) -> Result<Self, CompileErrors> {
        let mut compiler = Compiler {
            schema,
            errors: Vec::new(),
            facts: BTreeSet::new(),
        };
        let settings = compiler.settings(&definition);
        let tables = compiler.tables(&definition);
        let (conditions, given) = compiler.conditions(&definition, &settings, &tables);
        let amount_steps = compiler.amount_steps(&definition, &settings, &tables, &given);
        let Compiler { errors, facts, .. } = compiler;
        if errors.is_empty() {
            Ok(Self {
                definition,
                schema: schema.clone(),
                conditions,
                amount_steps,
                facts,
            })
        } else {
            Err(CompileErrors(errors))
        }
    }

    #[must_use]
    pub fn version(&self) -> u32 {
        self.definition.version
    }

    /// What it was compiled from.
    #[must_use]
    pub fn definition(&self) -> &RuleSetDef {
        &self.definition
    }

    /// The facts that its expressions name, in order of their names; what a caller must gather before it asks.
    pub fn facts_named(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(String::as_str)
    }

    /// Decides one case. Every condition is evaluated, also after one failed, so that the explanation is whole; the
    /// amount steps only if all held. The same facts always give the same decision.
    ///
    /// # Errors
    /// Facts that do not fit the schema, or for which an expression has no value (an overflow, a birth in the future):
    /// then there is no decision at all, never half of one.
    pub fn decide(&self, facts: &Facts) -> Result<Decision, DecideError> {
        self.schema.check_given(facts)?;
        self.schema.check_known(facts, self.facts_named())?;
        let mut facts_used = FactsUsed::default();
        let mut conditions = Vec::with_capacity(self.conditions.len());
        for (def, compiled) in self.definition.conditions.iter().zip(&self.conditions) {
            conditions.push(condition(def, &compiled.typed, facts, &mut facts_used)?);
        }
        let eligible = conditions.iter().all(|condition| condition.held);
        let amount_steps = if eligible {
            self.amounts(facts, &mut facts_used)?
        } else {
            Vec::new()
        };
        let amount = amount_steps.last().map(|step| step.amount);
        Ok(Decision {
            version: self.version(),
            eligible,
            conditions,
            amount_steps,
            amount,
            facts_used,
        })
    }

    fn amounts(&self, facts: &Facts, facts_used: &mut FactsUsed) -> Result<Vec<AmountStep>, DecideError> {
        let mut amounts: Vec<Money> = Vec::with_capacity(self.amount_steps.len());
        let mut steps = Vec::with_capacity(self.amount_steps.len());
        for (def, typed) in self.definition.amount_steps.iter().zip(&self.amount_steps) {
            let step = amount_step(def, typed, facts, &amounts, facts_used)?;
            amounts.push(step.amount);
            steps.push(step);
        }
        match steps.last() {
            Some(last) if last.amount.is_negative() => Err(DecideError::NegativeAmount {
                step: last.code.clone(),
            }),
            Some(_) | None => Ok(steps),
        }
    }
}

/// The names that were read, sorted; what was read joins what the decision read before.
fn names_of(used: &Read<'_>, facts_used: &mut FactsUsed) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(used.len());
    for (name, value) in used {
        facts_used.record(name, *value);
        names.push((*name).to_owned());
    }
    names.sort_unstable();
    names
}

fn condition(
    def: &ConditionDef,
    typed: &Typed,
    facts: &Facts,
    facts_used: &mut FactsUsed,
) -> Result<ConditionOutcome, DecideError> {
    let place = || Place::Condition(def.code.clone());
    let (value, used) = Evaluator::new(facts, &[])
        .run(typed)
        .map_err(|source| DecideError::Evaluation {
            place: place(),
            source,
        })?;
    let Value::Bool(held) = value else {
        return Err(DecideError::Unchecked { place: place() });
    };
    let names = names_of(&used, facts_used);
    Ok(ConditionOutcome {
        code: def.code.clone(),
        held,
        refusal: def.refusal.as_ref().unwrap_or(&def.code).clone(),
        sentence_fr: def.sentence_fr.clone(),
        sentence_ar: def.sentence_ar.clone(),
        facts_used: names,
    })
}

fn amount_step(
    def: &AmountStepDef,
    typed: &Typed,
    facts: &Facts,
    earlier: &[Money],
    facts_used: &mut FactsUsed,
) -> Result<AmountStep, DecideError> {
    let place = || Place::AmountStep(def.code.clone());
    let (value, used) =
        Evaluator::new(facts, earlier)
            .run(typed)
            .map_err(|source| DecideError::Evaluation {
                place: place(),
                source,
            })?;
    let Value::Money(amount) = value else {
        return Err(DecideError::Unchecked { place: place() });
    };
    let names = names_of(&used, facts_used);
    Ok(AmountStep {
        code: def.code.clone(),
        label_fr: def.label_fr.clone(),
        label_ar: def.label_ar.clone(),
        amount,
        facts_used: names,
    })
}

type Settings = BTreeMap<String, Setting>;
type Tables = BTreeMap<String, Arc<Table>>;

/// Collects every error, so that the author of a catalogue file sees them all at once.
struct Compiler<'s> {
    schema: &'s Schema,
    errors: Vec<CompileError>,
    facts: BTreeSet<String>,
}

impl Compiler<'_> {
    fn refuse(&mut self, place: Place, kind: impl Into<CompileErrorKind>) {
        self.errors.push(CompileError {
            place,
            kind: kind.into(),
        });
    }

    fn count(&mut self, what: &'static str, found: usize, most: usize) {
        if found > most {
            self.refuse(Place::RuleSet, CompileErrorKind::TooMany { what, most });
        }
    }

    fn settings(&mut self, definition: &RuleSetDef) -> Settings {
        self.count("settings", definition.settings.len(), limits::SETTINGS);
        let mut settings = Settings::new();
        for (name, def) in &definition.settings {
            let place = Place::Setting(name.clone());
            if !is_word(name) {
                self.refuse(place.clone(), CompileErrorKind::Code);
            }
            match Setting::compile(def) {
                Ok(setting) => {
                    settings.insert(name.clone(), setting);
                }
                Err(error) => self.refuse(place, error),
            }
        }
        settings
    }

    fn tables(&mut self, definition: &RuleSetDef) -> Tables {
        self.count("tables", definition.tables.len(), limits::SETTINGS);
        let mut tables = Tables::new();
        for (name, def) in &definition.tables {
            let place = Place::Table(name.clone());
            if !is_word(name) {
                self.refuse(place.clone(), CompileErrorKind::Code);
            }
            match Table::compile(def) {
                Ok(table) => {
                    tables.insert(name.clone(), Arc::new(table));
                }
                Err(error) => self.refuse(place, error),
            }
        }
        tables
    }

    /// The typed conditions, and the optional facts that are given when all of them hold.
    fn conditions(
        &mut self,
        definition: &RuleSetDef,
        settings: &Settings,
        tables: &Tables,
    ) -> (Vec<Condition>, BTreeSet<String>) {
        self.count("conditions", definition.conditions.len(), limits::CONDITIONS);
        if definition.conditions.is_empty() {
            self.refuse(Place::RuleSet, CompileErrorKind::NoCondition);
        }
        let mut codes = BTreeSet::new();
        let mut given_if_all_hold = BTreeSet::new();
        let mut conditions = Vec::new();
        for def in definition.conditions.iter().take(limits::CONDITIONS) {
            let place = Place::Condition(def.code.clone());
            self.code(&place, &def.code, &mut codes);
            if def.refusal.as_deref().is_some_and(|refusal| !is_word(refusal)) {
                self.refuse(place.clone(), CompileErrorKind::Code);
            }
            self.sentences(&place, [&def.sentence_fr, &def.sentence_ar]);
            let scope = Scope {
                schema: self.schema,
                settings,
                tables,
                steps: &[],
                given: &BTreeSet::new(),
            };
            if let Some(checked) = self.expression(place, scope, &def.expression, &Type::Bool) {
                given_if_all_hold.extend(checked.given_if_held);
                conditions.push(Condition {
                    typed: checked.typed,
                    facts: checked.facts,
                });
            }
        }
        (conditions, given_if_all_hold)
    }

    fn amount_steps(
        &mut self,
        definition: &RuleSetDef,
        settings: &Settings,
        tables: &Tables,
        given: &BTreeSet<String>,
    ) -> Vec<Typed> {
        self.count(
            "amount steps",
            definition.amount_steps.len(),
            limits::AMOUNT_STEPS,
        );
        let mut codes = BTreeSet::new();
        let mut earlier: Vec<String> = Vec::new();
        let mut steps = Vec::new();
        for def in definition.amount_steps.iter().take(limits::AMOUNT_STEPS) {
            let place = Place::AmountStep(def.code.clone());
            self.code(&place, &def.code, &mut codes);
            self.sentences(&place, [&def.label_fr, &def.label_ar]);
            let scope = Scope {
                schema: self.schema,
                settings,
                tables,
                steps: &earlier,
                given,
            };
            if let Some(checked) = self.expression(place, scope, &def.expression, &Type::Money) {
                steps.push(checked.typed);
            }
            earlier.push(def.code.clone());
        }
        steps
    }

    fn code(&mut self, place: &Place, code: &str, codes: &mut BTreeSet<String>) {
        if !is_word(code) {
            self.refuse(place.clone(), CompileErrorKind::Code);
        }
        if !codes.insert(code.to_owned()) {
            self.refuse(place.clone(), CompileErrorKind::RepeatedCode);
        }
    }

    fn sentences(&mut self, place: &Place, sentences: [&String; 2]) {
        for sentence in sentences {
            if sentence.trim().is_empty() || sentence.len() > limits::SENTENCE_BYTES {
                self.refuse(place.clone(), CompileErrorKind::Sentence);
            }
        }
    }

    fn expression(&mut self, place: Place, scope: Scope<'_>, source: &str, wanted: &Type) -> Option<Checked> {
        let expr = match syntax::parse(source) {
            Ok(expr) => expr,
            Err(error) => {
                self.refuse(place, error);
                return None;
            }
        };
        match check(scope, &expr, wanted) {
            Ok(checked) => {
                self.facts.extend(checked.facts.iter().cloned());
                Some(checked)
            }
            Err(error) => {
                self.refuse(place, error);
                None
            }
        }
    }
}
