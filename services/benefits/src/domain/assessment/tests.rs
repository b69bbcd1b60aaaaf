//! What the catalogue's rules answer: the health aid case by case, the air transport support by the vectors of its published terms.

use kernel::{Money, Position, Province};

use super::*;
use crate::domain::answers::ScanState;
use crate::domain::answers::fields::FieldValue;
use crate::domain::answers::tests::complete;
use crate::domain::answers::{GivenPaper, PersonConcerned};
use crate::domain::catalogue::tests::catalogue;
use crate::domain::catalogue::{Benefit, Catalogue, Relation};
use crate::domain::member::tests::{day, held, sample, working_in};

const AID: &str = "exceptional_health_aid";

fn open(catalogue: &Catalogue) -> OpenForm<'_> {
    catalogue
        .get(AID)
        .and_then(Benefit::open_form)
        .expect("the aid is open")
}

fn whole_ceiling() -> Option<Left> {
    Money::from_dirhams(20_000).map(Left::Money)
}

fn refusals(facts: &MemberFacts, ceiling_left: Option<Left>) -> Vec<String> {
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

    assert_eq!(
        refusals(&sample(), Some(Left::Money(Money::ZERO))),
        ["ceiling_left"]
    );
    assert_eq!(
        refusals(&sample(), Some(Left::Money(Money::from_centimes(1)))),
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
    let open = open(&catalogue);
    let mut answers = complete();
    answers.reason = None;
    let foreseen = foresee(
        open.rules,
        open.form,
        &answers,
        &sample(),
        whole_ceiling(),
        day("2026-11-22"),
    )
    .expect("the rules answer");
    assert!(foreseen.is_none());
}

#[test]
fn two_requests_are_the_same_by_person_and_reason_only() {
    let catalogue = catalogue();
    let same = |answers: &Answers| super::same_request(open(&catalogue), answers);
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
    let open = open(&catalogue);
    let left = Left::Money(Money::parse(ceiling_left).expect("an amount"));
    let (answers, facts) = (complete(), sample());
    let case = case(open.form, &answers, &facts, Some(left), day("2026-11-22")).expect("a whole case");
    let facts = case
        .facts()
        .with("cost.retained", Money::parse(cost).expect("an amount"));
    let decision = open.rules.decide(&facts).expect("the rules answer");
    decision.amount.expect("an amount").to_string()
}

#[test]
fn the_aid_is_half_of_the_retained_cost_up_to_what_is_left() {
    assert_eq!(granted("12345.67", "20000.00"), "6172.84");
    assert_eq!(granted("40000.00", "20000.00"), "20000.00");
    assert_eq!(granted("90000.00", "20000.00"), "20000.00");
    assert_eq!(granted("12000.00", "2500.00"), "2500.00");
}

mod air_transport;
