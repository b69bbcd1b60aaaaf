//! Exceptional health aid: half of what remains, up to the person's yearly ceiling.

use kernel::money::{BasisPoints, Money};
use rules::{DecideError, Decision, Facts, FactsError, RuleSet, RuleSetDef, Value};

use crate::support::{compiled, day, definition, money, reasons};

const RULES: &str = include_str!("../data/exceptional_health_aid.toml");
const SCHEMA: &str = include_str!("../data/exceptional_health_aid.schema.toml");

fn rules() -> RuleSet {
    compiled(RULES, SCHEMA)
}

/// A complete file of a member for their own care, with an untouched ceiling.
fn good_file() -> Facts {
    Facts::new()
        .with("member.position", "active")
        .with("application.reason", "cost_surplus")
        .with("application.person_kind", "member")
        .with("application.consent_given", true)
        .with("application.bank_account_confirmed", true)
        .with("application.papers", 1_i64)
        .with("application.same_request_open", false)
        .with("application.submitted_on", day("2023-03-15"))
        .with("care.pet_scan_only", false)
        .with("care.cost", money("12000.00"))
        .with("care.refunded", money("4000.00"))
        .with("ceiling.left", money("20000.00"))
}

fn decide(facts: &Facts) -> Decision {
    rules().decide(facts).expect("the facts are complete")
}

#[test]
fn half_of_the_retained_cost_is_granted_step_by_step() {
    let decision = decide(&good_file());
    assert!(decision.eligible);
    let steps: Vec<(&str, Money)> = decision
        .amount_steps
        .iter()
        .map(|step| (step.code.as_str(), step.amount))
        .collect();
    assert_eq!(
        steps,
        [
            ("retained_cost", money("8000")),
            ("share_of_cost", money("4000")),
            ("granted", money("4000"))
        ]
    );
    assert_eq!(decision.amount, Some(money("4000")));
}

#[test]
fn the_amount_never_passes_what_is_left_of_the_ceiling() {
    for (cost, left, granted) in [
        ("44000.00", "20000.00", "20000.00"),
        ("44000.02", "20000.00", "20000.00"),
        ("43999.98", "20000.00", "19999.99"),
        ("90000.00", "20000.00", "20000.00"),
        ("90000.00", "1234.56", "1234.56"),
        ("4000.01", "20000.00", "0.01"),
    ] {
        let facts = good_file()
            .with("care.cost", money(cost))
            .with("ceiling.left", money(left));
        assert_eq!(
            decide(&facts).amount,
            Some(money(granted)),
            "{cost} with {left} left"
        );
    }
}

#[test]
fn a_ceiling_that_is_used_up_refuses() {
    assert_eq!(
        reasons(&decide(&good_file().with("ceiling.left", Money::ZERO))),
        ["ceiling_reached"]
    );
}

#[test]
fn each_reason_has_its_own_requirement() {
    let uncovered = good_file().with("application.reason", "uncovered_treatment");
    assert_eq!(reasons(&decide(&uncovered)), ["refunded_before"]);
    assert_eq!(
        decide(&uncovered.with("care.refunded", Money::ZERO)).amount,
        Some(money("6000"))
    );

    let surplus_without_refund = good_file().with("care.refunded", Money::ZERO);
    assert_eq!(reasons(&decide(&surplus_without_refund)), ["refunded_before"]);

    let oncology = good_file().with("application.reason", "oncology");
    assert!(decide(&oncology).eligible);
    assert!(decide(&oncology.with("care.refunded", Money::ZERO)).eligible);
}

#[test]
fn a_pet_scan_belongs_to_the_complementary_contract() {
    let pet_scan = good_file()
        .with("application.reason", "oncology")
        .with("care.pet_scan_only", true);
    assert_eq!(reasons(&decide(&pet_scan)), ["covered_by_contract"]);
    assert!(decide(&good_file().with("care.pet_scan_only", true)).eligible);
}

#[test]
fn a_spouse_or_child_is_declared_by_the_day_of_submission() {
    for kind in ["spouse", "child"] {
        let relative = good_file().with("application.person_kind", kind);
        assert_eq!(
            reasons(&decide(&relative)),
            ["person_declared"],
            "{kind} whose declaration is unknown"
        );
        assert!(decide(&relative.clone().with("person.declared_on", day("2023-03-15"))).eligible);
        assert!(!decide(&relative.with("person.declared_on", day("2023-03-16"))).eligible);
    }
}

#[test]
fn the_positions_of_the_setting_may_apply() {
    for (position, eligible) in [
        ("active", true),
        ("seconded", true),
        ("at_disposal", true),
        ("retired", true),
        ("survivor", false),
    ] {
        assert_eq!(
            decide(&good_file().with("member.position", position)).eligible,
            eligible,
            "{position}"
        );
    }
}

#[test]
fn a_refund_above_the_cost_or_below_nothing_is_refused_rather_than_computed() {
    assert_eq!(
        reasons(&decide(&good_file().with("care.refunded", money("12000")))),
        ["cost_remains"]
    );
    let negative = good_file().with("care.refunded", money("-1"));
    assert_eq!(reasons(&decide(&negative)), ["refunded_before", "cost_remains"]);
}

#[test]
fn an_incomplete_file_is_refused() {
    for (fact, value) in [
        ("application.consent_given", Value::Bool(false)),
        ("application.bank_account_confirmed", Value::Bool(false)),
        ("application.papers", Value::Int(0)),
    ] {
        assert_eq!(
            reasons(&decide(&good_file().with(fact, value))),
            ["file_complete"],
            "{fact}"
        );
    }
    assert_eq!(
        reasons(&decide(&good_file().with("application.same_request_open", true))),
        ["no_same_request"]
    );
}

#[test]
fn a_decision_keeps_the_facts_and_settings_that_it_read() {
    let decision = decide(&good_file());
    let used = &decision.facts_used;
    assert_eq!(used.get("care.cost"), Some(Some(&Value::Money(money("12000")))));
    assert_eq!(
        used.get("setting.share"),
        Some(Some(&Value::Percent(BasisPoints::new(5000))))
    );
    assert_eq!(
        used.get("person.declared_on"),
        None,
        "the member's own care never asks for a declaration"
    );
    assert_eq!(
        used.get("care.pet_scan_only"),
        None,
        "only the oncology reason asks about the scan"
    );
    let person = &decision.conditions[1];
    assert_eq!(
        (person.code.as_str(), person.facts_used.join(" ")),
        ("person_declared", "application.person_kind".into())
    );

    let undeclared = decide(&good_file().with("application.person_kind", "child"));
    assert_eq!(
        undeclared.facts_used.get("person.declared_on"),
        Some(None),
        "it was asked for and not known"
    );
}

#[test]
fn a_stored_decision_comes_back_whole_and_names_its_units() {
    let decision = decide(&good_file().with("application.person_kind", "child"));
    let stored = serde_json::to_string(&decision).expect("a decision is plain data");
    assert_eq!(
        serde_json::from_str::<Decision>(&stored).expect("it was stored so"),
        decision
    );
    assert!(stored.contains(r#""care.cost":{"centimes":1200000}"#), "{stored}");
    assert!(
        stored.contains(r#""setting.yearly_ceiling":{"centimes":2000000}"#),
        "{stored}"
    );
    assert!(
        stored.contains(r#""ceiling.left":{"centimes":2000000}"#),
        "{stored}"
    );
    assert!(stored.contains(r#""person.declared_on":null"#), "{stored}");
}

#[test]
fn the_same_facts_always_give_the_same_decision() {
    let facts = good_file();
    assert_eq!(rules().decide(&facts), rules().decide(&facts));
}

#[test]
fn a_fact_that_is_missing_or_of_another_type_gives_no_decision() {
    let mut without_cost = good_file();
    without_cost.remove("care.cost");
    assert_eq!(
        rules().decide(&without_cost),
        Err(DecideError::Facts(FactsError::Missing("care.cost".into())))
    );
    let wrong = rules().decide(&good_file().with("application.reason", "holiday"));
    assert!(
        matches!(wrong, Err(DecideError::Facts(FactsError::WrongType { ref name, .. })) if name == "application.reason")
    );
    let unknown = rules().decide(&good_file().with("care.colour", "blue"));
    assert_eq!(
        unknown,
        Err(DecideError::Facts(FactsError::Unknown("care.colour".into())))
    );
}

#[test]
fn an_amount_that_does_not_fit_gives_no_decision() {
    let facts = good_file()
        .with("care.cost", Money::MAX)
        .with("care.refunded", money("0.01"));
    assert!(rules().decide(&facts).expect("it fits").eligible);
    let mut rules = definition(RULES);
    rules.amount_steps[0].expression = "care.cost + care.cost".to_owned();
    let rules = RuleSet::compile(rules, &toml::from_str(SCHEMA).expect("a schema")).expect("it compiles");
    let error = rules.decide(&facts).expect_err("twice the largest amount");
    assert_eq!(error.to_string(), "amount step retained_cost");
}

#[test]
fn the_definition_survives_being_written_and_read() {
    let definition = definition(RULES);
    let written = toml::to_string(&definition).expect("a definition is plain data");
    assert_eq!(
        toml::from_str::<RuleSetDef>(&written).expect("it was written so"),
        definition
    );
}

#[test]
fn the_rule_set_says_which_facts_to_gather() {
    let rules = rules();
    let named: Vec<&str> = rules.facts_named().collect();
    assert_eq!(named.len(), 13);
    assert!(named.contains(&"ceiling.left") && named.contains(&"person.declared_on"));
}

#[test]
fn facts_and_decisions_do_not_show_their_values_in_debug_output() {
    let facts = good_file().with("application.person_kind", "child");
    let shown = format!("{facts:?} {:?}", decide(&facts).facts_used);
    assert!(shown.contains("care.cost"));
    for value in ["child", "1200000", "12000", "2023"] {
        assert!(!shown.contains(value), "{shown}");
    }
}
