//! Air transport support: the written terms and every vector that goes with them.

use kernel::{money::Money, province::Province};
use rules::{Cell, Facts, RuleSet};

use crate::support::{compiled, day, definition, money, reasons};

const RULES: &str = include_str!("../data/air_transport_support.toml");
const SCHEMA: &str = include_str!("../data/air_transport_support.schema.toml");

fn rules() -> RuleSet {
    compiled(RULES, SCHEMA)
}

/// A first trip of a member who works in Errachidia, asked for a week after the return.
fn good_trip() -> Facts {
    Facts::new()
        .with("application.submitted_on", day("2021-03-20"))
        .with("application.channel", "portal")
        .with("member.in_external_services", true)
        .with("member.workplace_province", "MA-ERR")
        .with("traveller.kind", "member")
        .with("traveller.declared", true)
        .with("trip.outward_on", day("2021-03-06"))
        .with("trip.return_on", day("2021-03-13"))
        .with("trip.price", money("1850.00"))
        .with("trip.boarding_pass", true)
        .with("trip.payment_proof", true)
        .with("traveller.counted_years", Vec::<i64>::new())
}

fn refusals(facts: &Facts) -> Vec<String> {
    let decision = rules().decide(facts).expect("the facts are complete");
    assert_eq!(decision.eligible, decision.refusals().next().is_none());
    assert_eq!(decision.amount.is_some(), decision.eligible);
    reasons(&decision).into_iter().map(str::to_owned).collect()
}

#[test]
fn the_support_is_thirty_per_cent_of_the_price_rounded_half_up_to_the_centime() {
    for (price, support, member_pays) in [
        ("1850.00", "555.00", "1295.00"),
        ("999.99", "300.00", "699.99"),
        ("1234.55", "370.37", "864.18"),
        ("3333.35", "1000.01", "2333.34"),
        ("85.00", "25.50", "59.50"),
        ("133.33", "40.00", "93.33"),
    ] {
        let decision = rules()
            .decide(&good_trip().with("trip.price", money(price)))
            .expect("complete");
        assert_eq!(decision.amount, Some(money(support)), "{price}");
        assert_eq!(
            money(price).checked_sub(money(support)),
            Some(money(member_pays)),
            "{price}"
        );
    }
}

#[test]
fn thirty_per_cent_of_nothing_is_nothing_but_such_a_ticket_is_refused() {
    assert_eq!(
        refusals(&good_trip().with("trip.price", Money::ZERO)),
        ["bad_price"]
    );
    assert_eq!(
        refusals(&good_trip().with("trip.price", money("-1"))),
        ["bad_price"]
    );
    let mut without_the_price_rule = definition(RULES);
    without_the_price_rule
        .conditions
        .retain(|condition| condition.code != "price_positive");
    let rules = RuleSet::compile(without_the_price_rule, &toml::from_str(SCHEMA).expect("a schema"))
        .expect("it compiles");
    let decision = rules
        .decide(&good_trip().with("trip.price", Money::ZERO))
        .expect("complete");
    assert_eq!(decision.amount, Some(Money::ZERO));
}

#[test]
fn the_fourth_trip_of_the_year_is_accepted_and_the_fifth_refused() {
    for counted in 0..=3 {
        assert!(
            refusals(&good_trip().with("traveller.counted_years", vec![2021_i64; counted])).is_empty(),
            "{counted}"
        );
    }
    assert_eq!(
        refusals(&good_trip().with("traveller.counted_years", vec![2021_i64; 4])),
        ["cap_reached"]
    );
    let other_year = vec![2020_i64, 2020, 2020, 2020, 2021, 2021, 2021];
    assert!(refusals(&good_trip().with("traveller.counted_years", other_year)).is_empty());
}

#[test]
fn the_year_of_a_trip_is_that_of_its_outward_flight() {
    let over_new_year = good_trip()
        .with("trip.outward_on", day("2020-12-30"))
        .with("trip.return_on", day("2021-01-03"))
        .with("application.submitted_on", day("2021-01-10"));
    assert_eq!(
        refusals(
            &over_new_year
                .clone()
                .with("traveller.counted_years", vec![2020_i64; 4])
        ),
        ["cap_reached"]
    );
    assert!(refusals(&over_new_year.with("traveller.counted_years", vec![2021_i64; 4])).is_empty());
}

#[test]
fn a_request_is_accepted_from_the_first_of_december_2020() {
    let early = good_trip()
        .with("trip.outward_on", day("2020-11-20"))
        .with("trip.return_on", day("2020-11-27"));
    assert_eq!(
        refusals(&early.clone().with("application.submitted_on", day("2020-11-30"))),
        ["not_open_yet"]
    );
    assert!(refusals(&early.with("application.submitted_on", day("2020-12-01"))).is_empty());
}

#[test]
fn a_request_is_accepted_for_ninety_days_after_the_return_flight() {
    assert!(refusals(&good_trip().with("application.submitted_on", day("2021-06-11"))).is_empty());
    assert_eq!(
        refusals(&good_trip().with("application.submitted_on", day("2021-06-12"))),
        ["too_late"]
    );
}

#[test]
fn only_the_app_and_the_portal_take_requests() {
    assert!(refusals(&good_trip().with("application.channel", "app")).is_empty());
    assert_eq!(
        refusals(&good_trip().with("application.channel", "desk")),
        ["wrong_channel"]
    );
    assert_eq!(
        refusals(&good_trip().with("application.channel", "post")),
        ["wrong_channel"]
    );
}

#[test]
fn the_member_works_in_the_external_services_of_a_listed_province() {
    assert_eq!(
        refusals(&good_trip().with("member.in_external_services", false)),
        ["external_services"]
    );
    for province in Province::all() {
        let refused = refusals(&good_trip().with("member.workplace_province", province.iso()));
        assert_eq!(
            refused.is_empty(),
            province.is_air_support(),
            "{}",
            province.iso()
        );
    }
}

#[test]
fn the_listed_provinces_are_the_twenty_four_of_the_vocabulary() {
    let definition = definition(RULES);
    let Cell::List(cells) = &definition.settings["provinces"].value else {
        panic!("a list")
    };
    let mut listed: Vec<&str> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(code) => code.as_str(),
            other => panic!("{other:?} is not a code"),
        })
        .collect();
    let mut known: Vec<&str> = Province::air_support().map(Province::iso).collect();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
    assert_eq!(listed.len(), 24);
}

#[test]
fn a_one_way_ticket_is_refused() {
    let mut one_way = good_trip();
    one_way.remove("trip.return_on");
    assert_eq!(refusals(&one_way), ["one_way", "too_late"]);
    assert_eq!(
        refusals(&good_trip().with("trip.return_on", day("2021-03-05"))),
        ["one_way"]
    );
}

#[test]
fn both_papers_are_required() {
    for (boarding_pass, payment_proof) in [(false, true), (true, false), (false, false)] {
        let facts = good_trip()
            .with("trip.boarding_pass", boarding_pass)
            .with("trip.payment_proof", payment_proof);
        assert_eq!(refusals(&facts), ["paper_missing"]);
    }
}

#[test]
fn an_undeclared_relative_is_refused() {
    let relative = good_trip().with("traveller.kind", "child");
    assert!(refusals(&relative).is_empty());
    assert_eq!(
        refusals(&relative.with("traveller.declared", false)),
        ["traveller_declared"]
    );
}

#[test]
fn every_condition_is_told_also_after_one_failed() {
    let facts = good_trip()
        .with("application.submitted_on", day("2020-11-30"))
        .with("application.channel", "post")
        .with("trip.price", Money::ZERO)
        .with("trip.payment_proof", false);
    let decision = rules().decide(&facts).expect("complete");
    assert_eq!(decision.conditions.len(), 10);
    assert_eq!(
        reasons(&decision),
        ["not_open_yet", "wrong_channel", "bad_price", "paper_missing"]
    );
    assert!(decision.amount_steps.is_empty());
}
