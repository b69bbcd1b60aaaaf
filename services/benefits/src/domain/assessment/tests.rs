//! What the catalogue's rules answer: the health aid case by case, the air transport support by the vectors of its published terms.

use kernel::{Money, Position};
use rules::Facts;

use super::super::rule_facts::Case;
use super::*;
use crate::domain::answers::tests::complete;
use crate::domain::catalogue::tests::catalogue;
use crate::domain::catalogue::{Benefit, Catalogue};
use crate::domain::member::tests::{day, held, sample};

const AID: &str = "exceptional_health_aid";

fn open(catalogue: &Catalogue) -> OpenForm<'_> {
    catalogue
        .get(AID)
        .and_then(Benefit::open_form)
        .expect("the aid is open")
}

fn whole_ceiling() -> Option<Money> {
    Money::from_dirhams(20_000)
}

fn refusals(facts: &MemberFacts, ceiling_left: Option<Money>) -> Vec<String> {
    match judge(
        open(&catalogue()),
        &complete(),
        facts,
        ceiling_left,
        day("2026-11-22"),
    ) {
        Ok(_) => Vec::new(),
        Err(Refused::NotEligible(decision)) => decision
            .refusals()
            .map(|condition| condition.code.clone())
            .collect(),
        Err(other) => panic!("another refusal: {other}"),
    }
}

#[test]
fn a_whole_draft_of_an_active_member_may_be_sent_and_explains_itself() {
    let ready = judge(
        open(&catalogue()),
        &complete(),
        &sample(),
        whole_ceiling(),
        day("2026-11-22"),
    )
    .expect("it may be sent");
    assert!(ready.decision.eligible);
    assert_eq!(ready.decision.conditions.len(), 5);
    assert!(
        ready
            .decision
            .conditions
            .iter()
            .all(|condition| condition.held && !condition.sentence_ar.is_empty())
    );
}

#[test]
fn an_incomplete_draft_names_what_is_missing() {
    let mut answers = complete();
    answers.reason = None;
    answers.papers.clear();
    let refused = judge(
        open(&catalogue()),
        &answers,
        &sample(),
        whole_ceiling(),
        day("2026-11-22"),
    );
    assert!(matches!(refused, Err(Refused::Incomplete(steps)) if steps == [Step::Reason, Step::Papers]));
}

#[test]
fn a_paper_that_was_found_infected_stops_the_draft() {
    let mut answers = complete();
    for paper in answers.papers.values_mut() {
        paper.scan_state = ScanState::Infected;
    }
    let refused = judge(
        open(&catalogue()),
        &answers,
        &sample(),
        whole_ceiling(),
        day("2026-11-22"),
    );
    assert!(matches!(refused, Err(Refused::PaperNotUsable)));
}

#[test]
fn each_condition_refuses_by_its_code() {
    let mut survivor = sample();
    survivor.positions = vec![held(Position::Survivor, "2005-09-01", None)];
    assert_eq!(refusals(&survivor, whole_ceiling()), ["position_eligible"]);

    let mut left = sample();
    left.positions = vec![held(Position::Active, "2005-09-01", Some("2026-11-21"))];
    assert_eq!(refusals(&left, whole_ceiling()), ["position_eligible"]);

    let mut orphaned = sample();
    orphaned.death_date = Some(day("2026-11-22"));
    assert_eq!(refusals(&orphaned, whole_ceiling()), ["member_alive"]);

    let mut bereaved = sample();
    bereaved.relatives[1].death_date = Some(day("2026-01-02"));
    assert_eq!(refusals(&bereaved, whole_ceiling()), ["person_alive"]);

    assert_eq!(refusals(&sample(), Some(Money::ZERO)), ["ceiling_left"]);
    assert_eq!(
        refusals(&sample(), Some(Money::from_centimes(1))),
        Vec::<String>::new()
    );
}

#[test]
fn every_position_but_survivors_may_apply() {
    for position in [
        Position::Active,
        Position::Seconded,
        Position::AtDisposal,
        Position::Retired,
    ] {
        let mut facts = sample();
        facts.positions = vec![held(position, "2005-09-01", None)];
        assert_eq!(
            refusals(&facts, whole_ceiling()),
            Vec::<String>::new(),
            "{position}"
        );
    }
}

#[test]
fn a_draft_without_person_or_reason_foresees_nothing() {
    let catalogue = catalogue();
    let rules = open(&catalogue).rules;
    let mut answers = complete();
    answers.reason = None;
    let foreseen =
        foresee(rules, &answers, &sample(), whole_ceiling(), day("2026-11-22")).expect("the rules answer");
    assert!(foreseen.is_none());
}

#[test]
fn two_requests_are_the_same_by_person_and_reason_only() {
    let same = |answers: &Answers| super::same_request(AID, answers);
    let one = complete();
    let mut other_account = complete();
    other_account.bank_account = None;
    assert_eq!(same(&one), same(&other_account));
    let mut other_reason = complete();
    other_reason.reason = Some("cost_surplus".to_owned());
    assert_ne!(same(&one), same(&other_reason));
    let mut other_person = complete();
    other_person.person = None;
    assert_ne!(same(&one), same(&other_person));
}

/// The aid's amount once an agent retained a cost.
fn granted(cost: &str, ceiling_left: &str) -> String {
    let catalogue = catalogue();
    let facts = sample();
    let child = &facts.relatives[1];
    let case = Case {
        member: &facts,
        beneficiary: facts
            .beneficiary(child.relation, child.person)
            .expect("the child is declared"),
        reason: Some("cost_surplus"),
        ceiling_left: Some(Money::parse(ceiling_left).expect("an amount")),
        on: day("2026-11-22"),
    };
    let facts = case
        .facts(["medical_file"])
        .with("cost.retained", Money::parse(cost).expect("an amount"));
    let decision = open(&catalogue).rules.decide(&facts).expect("the rules answer");
    decision.amount.expect("an amount").to_string()
}

#[test]
fn the_aid_is_half_of_the_retained_cost_up_to_what_is_left() {
    assert_eq!(granted("12345.67", "20000.00"), "6172.84");
    assert_eq!(granted("40000.00", "20000.00"), "20000.00");
    assert_eq!(granted("90000.00", "20000.00"), "20000.00");
    assert_eq!(granted("12000.00", "2500.00"), "2500.00");
}

fn trip() -> Facts {
    let member = sample();
    let case = Case {
        member: &member,
        beneficiary: member
            .beneficiary(crate::domain::catalogue::Relation::Member, member.person)
            .expect("the member"),
        reason: None,
        ceiling_left: None,
        on: day("2020-12-20"),
    };
    case.facts(["boarding_pass", "payment_proof"])
        .with("member.external_services", true)
        .with("member.province", "MA-LAA")
        .with("trip.price", Money::from_centimes(185_000))
        .with("trip.is_return", true)
        .with("trip.outward_on", day("2020-12-05"))
        .with("trip.return_on", day("2020-12-08"))
        .with("trip.from_province", "MA-LAA")
        .with("trip.to_province", "MA-CAS")
        .with("trip.earlier_this_year", 0_i64)
}

fn air(facts: &Facts) -> Decision {
    let catalogue = catalogue();
    let rules = catalogue
        .get("air_transport_support")
        .and_then(Benefit::rules)
        .expect("the support has rules");
    rules.decide(facts).expect("the rules answer")
}

#[test]
fn thirty_per_cent_of_the_ticket_is_rounded_half_up_to_the_centime() {
    for (price, support) in [
        ("1850.00", "555.00"),
        ("999.99", "300.00"),
        ("1234.55", "370.37"),
        ("3333.35", "1000.01"),
        ("85.00", "25.50"),
        ("133.33", "40.00"),
    ] {
        let decision = air(&trip().with("trip.price", Money::parse(price).expect("a price")));
        assert_eq!(
            decision.amount.map(|amount| amount.to_string()).as_deref(),
            Some(support),
            "{price}"
        );
    }
}

#[test]
fn the_air_support_refuses_by_the_code_of_the_condition() {
    let refused = |facts: Facts| {
        air(&facts)
            .refusals()
            .map(|condition| condition.code.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(refused(trip()), Vec::<String>::new());
    for price in [0, -1] {
        assert_eq!(
            refused(trip().with("trip.price", Money::from_centimes(price))),
            ["price_positive"]
        );
    }
    assert_eq!(
        refused(trip().with("trip.earlier_this_year", 3_i64)),
        Vec::<String>::new()
    );
    assert_eq!(
        refused(trip().with("trip.earlier_this_year", 4_i64)),
        ["cap_reached"]
    );
    assert_eq!(refused(trip().with("trip.is_return", false)), ["return_ticket"]);
    assert_eq!(
        refused(trip().with("member.external_services", false)),
        ["external_services"]
    );
    assert_eq!(
        refused(trip().with("member.province", "MA-CAS")),
        ["province_listed"]
    );
    assert_eq!(
        refused(trip().with("trip.from_province", "MA-RAB")),
        ["listed_airport_province"]
    );
    assert_eq!(
        refused(
            trip()
                .with("trip.to_province", "MA-OUD")
                .with("trip.from_province", "MA-CAS")
        ),
        Vec::<String>::new()
    );
    for papers in [vec!["boarding_pass"], vec!["payment_proof"], vec![]] {
        assert_eq!(
            refused(trip().with("application.papers", papers)),
            ["both_papers"]
        );
    }
}

#[test]
fn the_air_support_is_asked_for_from_december_2020_and_within_90_days_of_the_return() {
    let asked = |on: &str| {
        let facts = trip()
            .with("application.submitted_on", day(on))
            .with("trip.outward_on", day("2020-11-20"));
        let facts = facts.with("trip.return_on", day("2020-11-25"));
        air(&facts)
            .refusals()
            .map(|condition| condition.code.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(asked("2020-11-30"), ["service_open"]);
    assert_eq!(asked("2020-12-01"), Vec::<String>::new());
    assert_eq!(asked("2021-02-23"), Vec::<String>::new());
    assert_eq!(asked("2021-02-24"), ["asked_in_time"]);
}

#[test]
fn all_24_provinces_of_the_air_support_are_the_kernel_s() {
    let listed: Vec<kernel::Province> = kernel::Province::air_support().collect();
    assert_eq!(listed.len(), 24);
    for province in listed {
        let facts = trip().with("member.province", province.iso());
        assert!(air(&facts).eligible, "{}", province.iso());
    }
}
