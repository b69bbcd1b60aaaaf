//! S6: one decision with amount and explanation, on one core, beside OpenFisca-core and the CEL crate. No server takes part.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use kernel::Money;
use rules::{Decision, Facts, RuleSet, RuleSetDef, Schema, Type};

use crate::measure::per_second;
use crate::plan::Plan;
use crate::report::{Better, Figure, Target};

const DEFINITION: &str = include_str!("six_conditions.toml");
const OPENFISCA: &str = include_str!("openfisca.py");
/// Decisions between two looks at the clock.
const BETWEEN: usize = 200;

pub(crate) fn measure(plan: &Plan) -> Result<Vec<Figure>> {
    let rules = rules()?;
    let decision = decide(&rules)?;
    ensure!(
        decision.eligible && decision.amount == Some(Money::from_centimes(55_515)),
        "the decision is {decision:?}"
    );
    let cel = Cel::new()?;
    let (mut with_facts, mut bound, mut cels) = (Vec::new(), Vec::new(), Vec::new());
    let given = facts();
    for _ in 0..plan.rounds {
        with_facts.push(rate(plan, || black_box(decide(&rules)).map(drop))?);
        bound.push(rate(plan, || {
            black_box(rules.decide(&given)?);
            Ok(())
        })?);
        cels.push(rate(plan, || black_box(cel.decide()).map(drop))?);
    }
    let figure = |what: &str, ours, limit, limit_is: &str, first, goal, notes| Figure {
        id: "S6",
        what: what.to_owned(),
        unit: "/s",
        better: Better::More,
        ours,
        limit,
        limit_is: limit_is.to_owned(),
        first,
        goal,
        times: Vec::new(),
        notes,
    };
    let (openfisca, named, notes) = match openfisca(plan) {
        Ok(rates) => (rates, "OpenFisca-core country template, one person", Vec::new()),
        Err(error) => (
            Vec::new(),
            "OpenFisca could not be run",
            vec![format!("OpenFisca: {error:#}")],
        ),
    };
    Ok(vec![
        figure(
            "decisions of six conditions with amount and explanation, facts put together each time, one core",
            with_facts,
            openfisca,
            named,
            Target::Ratio(25.0),
            Target::Ratio(100.0),
            notes,
        ),
        figure(
            "the same with the facts put together before",
            bound,
            cels,
            "CEL crate, facts bound, the same conditions, no explanation",
            Target::None,
            Target::None,
            vec![
                "the CEL crate checks no types and says neither which facts it read nor a sentence; money is whole centimes to it".to_owned(),
            ],
        ),
    ])
}

fn rate(plan: &Plan, mut once: impl FnMut() -> Result<()>) -> Result<f64> {
    let time = Duration::from_secs_f64(plan.decide_for);
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < time {
        for _ in 0..BETWEEN {
            once()?;
        }
        count += BETWEEN;
    }
    Ok(per_second(count, start.elapsed()))
}

fn rules() -> Result<RuleSet> {
    let positions = Type::enumeration(["active", "seconded", "at_disposal", "retired"]);
    let relations = Type::enumeration(["member", "spouse", "child"]);
    let schema = Schema::new()
        .optional("member.position", positions, "the position of that day")?
        .required(
            "member.external_services",
            Type::Bool,
            "works in the external services",
        )?
        .required("member.province", Type::Text, "the province of the workplace")?
        .required("person.relation", relations, "who the request is for")?
        .required("person.alive", Type::Bool, "no death is recorded")?
        .optional("trip.days_since", Type::Int, "days since the return")?
        .optional("trip.price", Type::Money, "the price of the ticket")?
        .optional("ceiling.uses_left", Type::Int, "uses that are left this year")?;
    let definition: RuleSetDef = toml::from_str(DEFINITION)?;
    RuleSet::compile(definition, &schema).map_err(|errors| anyhow::anyhow!("{errors:?}"))
}

fn facts() -> Facts {
    Facts::new()
        .with("member.position", "active")
        .with("member.external_services", true)
        .with("member.province", "MA-TNT")
        .with("person.relation", "child")
        .with("person.alive", true)
        .with("trip.days_since", 12_i64)
        .with("trip.price", Money::from_centimes(185_050))
        .with("ceiling.uses_left", 2_i64)
}

fn decide(rules: &RuleSet) -> Result<Decision> {
    Ok(rules.decide(&facts())?)
}

/// The same conditions and amount in CEL, with the same facts bound once.
struct Cel {
    conditions: Vec<cel::Program>,
    amount: cel::Program,
    facts: cel::Context<'static, 'static>,
}

impl Cel {
    fn new() -> Result<Self> {
        let definition: RuleSetDef = toml::from_str(DEFINITION)?;
        let compile = |source: &str| {
            cel::Program::compile(source).map_err(|error| anyhow::anyhow!("{source}: {error}"))
        };
        let conditions = definition
            .conditions
            .iter()
            .map(|condition| compile(&condition.expression.replace("money(\"0.00\")", "0")))
            .collect::<Result<_>>()?;
        // 30 % in whole centimes, rounded half up, at most 5 000.
        let amount =
            compile("(trip.price * 30 + 50) / 100 < 500000 ? (trip.price * 30 + 50) / 100 : 500000")?;
        let mut facts = cel::Context::default();
        let texts = |values: &[&str]| -> cel::Value {
            values
                .iter()
                .map(|value| cel::Value::from(*value))
                .collect::<Vec<_>>()
                .into()
        };
        let object = |fields: Vec<(&str, cel::Value)>| -> HashMap<String, cel::Value> {
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()
        };
        let groups = [
            (
                "member",
                object(vec![
                    ("position", "active".into()),
                    ("external_services", true.into()),
                    ("province", "MA-TNT".into()),
                ]),
            ),
            (
                "person",
                object(vec![("relation", "child".into()), ("alive", true.into())]),
            ),
            (
                "trip",
                object(vec![("days_since", 12_i64.into()), ("price", 185_050_i64.into())]),
            ),
            ("ceiling", object(vec![("uses_left", 2_i64.into())])),
            (
                "setting",
                object(vec![
                    ("positions", texts(&["active", "seconded", "at_disposal"])),
                    (
                        "provinces",
                        texts(&[
                            "MA-AOU", "MA-BOD", "MA-ESM", "MA-LAA", "MA-NAD", "MA-OUJ", "MA-TNT", "MA-ERR",
                        ]),
                    ),
                    ("days_to_ask", 90_i64.into()),
                ]),
            ),
        ];
        for (name, fields) in groups {
            facts.add_variable_from_value(name, fields);
        }
        let cel = Self {
            conditions,
            amount,
            facts,
        };
        ensure!(
            cel.decide()? == (true, cel::Value::Int(55_515)),
            "CEL decides otherwise"
        );
        Ok(cel)
    }

    fn decide(&self) -> Result<(bool, cel::Value)> {
        let mut eligible = true;
        for condition in &self.conditions {
            let held = condition.execute(&self.facts)?;
            eligible &= held == cel::Value::Bool(true);
        }
        Ok((eligible, self.amount.execute(&self.facts)?))
    }
}

/// Runs the peer's script with the Python that has it.
fn openfisca(plan: &Plan) -> Result<Vec<f64>> {
    let python = python();
    ensure!(
        python.is_file(),
        "{} is missing: ./justw bench installs it",
        python.display()
    );
    let output = Command::new(python)
        .args(["-c", OPENFISCA])
        .args([plan.decide_for.to_string(), plan.rounds.to_string()])
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)?
        .lines()
        .map(|line| line.trim().parse().context("a number a line"))
        .collect()
}

fn python() -> PathBuf {
    let local = testkit::stack::local_dir();
    Path::new(&local).join("bench/openfisca/bin/python")
}
