//! A catalogue file with mistakes is refused as a whole, with every mistake named.

use rules::{Facts, RuleSet, RuleSetDef, Schema};

const GOOD: &str = include_str!("../data/exceptional_health_aid.toml");
const SCHEMA: &str = include_str!("../data/exceptional_health_aid.schema.toml");

fn schema() -> Schema {
    toml::from_str(SCHEMA).expect("the data file is a schema")
}

fn errors(change: impl FnOnce(&mut RuleSetDef)) -> Vec<String> {
    let mut definition = toml::from_str(GOOD).expect("the data file is a definition");
    change(&mut definition);
    match RuleSet::compile(definition, &schema()) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.0.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let found = errors(|definition| {
        definition.conditions[0].expression = "member.position in [\"active\", \"intern\"]".into();
        definition.conditions[1].expression = "person.declared_on <= application.submitted_on".into();
        definition.conditions[2].expression = "care.pet_scan_only &&\n  && true".into();
        definition.conditions[3].code = "position_eligible".into();
        definition.conditions[4].sentence_ar = " ".into();
        definition.amount_steps[0].expression = "care.cost - step.granted".into();
        definition.amount_steps[1].expression = "step.retained_cost > money(\"1\")".into();
    });
    assert_eq!(
        found,
        [
            "condition position_eligible: line 1, column 31: \"intern\" is not a value of enum(active, at_disposal, retired, seconded, survivor)",
            "condition person_declared: line 1, column 1: the fact person.declared_on may be unknown here: test has(person.declared_on) first",
            "condition not_a_pet_scan: line 2, column 3: expected a value, found \"&&\"",
            "condition position_eligible: the code stands twice",
            "condition cost_remains: a sentence or label is missing, or longer than 1000 bytes",
            "amount step retained_cost: line 1, column 13: there is no earlier amount step granted",
            "amount step share_of_cost: line 1, column 20: expected money, found bool",
        ]
    );
}

#[test]
fn settings_and_tables_are_of_their_types() {
    let found = errors(|definition| {
        let share = definition.settings.get_mut("share").expect("the setting");
        share.value = rules::Cell::Text("fifty".into());
        let ceiling = definition
            .settings
            .get_mut("yearly_ceiling")
            .expect("the setting");
        ceiling.about = String::new();
        let table: rules::TableDef = toml::from_str(
            "key = 'enum(a, b)'\nvalue = 'money'\nabout = 'amounts'\n[[rows]]\nkey = 'a'\nvalue = '1.00'\n[[rows]]\nkey = 'a'\nvalue = '2.00'",
        )
        .expect("a table");
        definition.tables.insert("Grid".into(), table);
    });
    for expected in [
        "setting share: the value is not of its type, percent",
        "setting yearly_ceiling: it does not say what it is about",
        "table Grid: the code is not a lower-case word (letters, digits, _) of at most 80 bytes",
        "table Grid: row 2: its key stands in an earlier row",
    ] {
        assert!(
            found.iter().any(|error| error == expected),
            "{expected}\n{found:#?}"
        );
    }
}

#[test]
fn a_rule_set_without_a_condition_is_refused() {
    let found = errors(|definition| definition.conditions.clear());
    assert_eq!(
        found,
        ["rule set: there is no condition: a benefit that everybody receives says so with an explicit one"]
    );
}

#[test]
fn too_many_conditions_are_refused() {
    let found = errors(|definition| {
        let one = definition.conditions[0].clone();
        definition.conditions = (0..65)
            .map(|n| rules::ConditionDef {
                code: format!("c{n}"),
                ..one.clone()
            })
            .collect();
    });
    assert_eq!(found, ["rule set: more than 64 conditions"]);
}

#[test]
fn an_unknown_key_in_the_file_is_refused() {
    assert!(toml::from_str::<RuleSetDef>(&GOOD.replace("sentence_fr", "sentence_en")).is_err());
    assert!(toml::from_str::<RuleSetDef>(&format!("colour = 'blue'\n{GOOD}")).is_err());
}

#[test]
fn amount_steps_may_read_an_optional_fact_that_a_condition_requires() {
    let schema = Schema::new()
        .optional("care.cost", rules::Type::Money, "the cost, once known")
        .expect("a good fact");
    let definition = |condition: &str| -> RuleSetDef {
        toml::from_str(&format!(
            "version = 3\n[[conditions]]\ncode = 'cost_known'\nsentence_fr = 'x'\nsentence_ar = 'x'\nexpression = '{condition}'\n\
             [[amount_steps]]\ncode = 'granted'\nlabel_fr = 'x'\nlabel_ar = 'x'\nexpression = 'care.cost'"
        ))
        .expect("a definition")
    };
    let rules =
        RuleSet::compile(definition("has(care.cost)"), &schema).expect("the condition requires the fact");
    let decision = rules.decide(&Facts::new()).expect("the fact is optional");
    assert_eq!(
        (decision.version, decision.eligible, decision.amount),
        (3, false, None)
    );
    let errors = RuleSet::compile(definition("true"), &schema).expect_err("nothing requires the fact");
    assert!(
        errors
            .to_string()
            .contains("the fact care.cost may be unknown here"),
        "{errors}"
    );
}

#[test]
fn a_negative_amount_is_never_granted() {
    let schema = Schema::new()
        .required("care.cost", rules::Type::Money, "the cost")
        .expect("a good fact");
    let definition: RuleSetDef = toml::from_str(
        "version = 1\n[[conditions]]\ncode = 'always'\nsentence_fr = 'x'\nsentence_ar = 'x'\nexpression = 'true'\n\
         [[amount_steps]]\ncode = 'granted'\nlabel_fr = 'x'\nlabel_ar = 'x'\nexpression = 'care.cost - money(\"1\")'",
    )
    .expect("a definition");
    let rules = RuleSet::compile(definition, &schema).expect("it compiles");
    let error = rules
        .decide(&Facts::new().with("care.cost", kernel::money::Money::ZERO))
        .expect_err("minus one dirham");
    assert_eq!(error.to_string(), "amount step granted: the amount is negative");
}
