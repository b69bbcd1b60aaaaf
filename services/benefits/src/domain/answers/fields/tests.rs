//! Typed answers one by one, and any of them, on the pages of the air transport support and on one of every kind.

use proptest::prelude::*;

use super::*;
use crate::domain::catalogue::tests::catalogue;
use crate::domain::member::tests::day;

fn page(text: &str) -> FormPage {
    toml::from_str(text).expect("a page")
}

fn every_kind() -> FormPage {
    page(
        r#"
        code = "page"
        title = { ar = "صفحة", fr = "page" }
        [[fields]]
        code = "first_day"
        kind = "date"
        min = "2020-01-01"
        max = "today"
        label = { ar = "يوم", fr = "jour" }
        [[fields]]
        code = "last_day"
        kind = "date"
        not_before = "first_day"
        label = { ar = "يوم", fr = "jour" }
        [[fields]]
        code = "price"
        kind = "money"
        min = "0.01"
        max = "1 000,00"
        label = { ar = "ثمن", fr = "prix" }
        [[fields]]
        code = "children"
        kind = "number"
        min = "0"
        max = "12"
        required = false
        label = { ar = "عدد", fr = "nombre" }
        [[fields]]
        code = "place"
        kind = "province"
        label = { ar = "إقليم", fr = "province" }
        [[fields]]
        code = "other_place"
        kind = "province"
        other_than = "place"
        required = false
        label = { ar = "إقليم", fr = "province" }
        [[fields]]
        code = "agreed"
        kind = "yes_no"
        label = { ar = "نعم", fr = "oui" }
        "#,
    )
}

fn given(field: &str, value: FieldValue) -> FieldGiven {
    FieldGiven {
        field: field.to_owned(),
        value: Some(value),
    }
}

fn on(text: &str) -> FieldValue {
    FieldValue::Date(day(text))
}

fn price(centimes: i64) -> FieldValue {
    FieldValue::Money(Money::from_centimes(centimes))
}

/// Field and rule of each refusal, of an answer given on 22 November 2026.
fn refused(before: &BTreeMap<String, FieldValue>, answers: &[FieldGiven]) -> Vec<(String, FieldRule)> {
    match with_page(before, &every_kind(), answers, day("2026-11-22")) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .into_iter()
            .map(|problem| (problem.field, problem.rule))
            .collect(),
    }
}

fn one(field: &str, value: FieldValue) -> Vec<(String, FieldRule)> {
    refused(&BTreeMap::new(), &[given(field, value)])
}

fn wrong(field: &str, rule: FieldRule) -> Vec<(String, FieldRule)> {
    vec![(field.to_owned(), rule)]
}

#[test]
fn bounds_are_included_and_what_lies_outside_is_refused_by_field_and_rule() {
    for good in [on("2020-01-01"), on("2026-11-22")] {
        assert_eq!(one("first_day", good), []);
    }
    assert_eq!(
        one("first_day", on("2019-12-31")),
        wrong("first_day", FieldRule::TooEarly)
    );
    assert_eq!(
        one("first_day", on("2026-11-23")),
        wrong("first_day", FieldRule::TooLate)
    );
    for good in [price(1), price(100_000)] {
        assert_eq!(one("price", good), []);
    }
    for (centimes, rule) in [
        (0, FieldRule::TooSmall),
        (-1, FieldRule::TooSmall),
        (i64::MIN, FieldRule::TooSmall),
        (100_001, FieldRule::TooLarge),
        (i64::MAX, FieldRule::TooLarge),
    ] {
        assert_eq!(one("price", price(centimes)), wrong("price", rule));
    }
    assert_eq!(one("children", FieldValue::Number(12)), []);
    assert_eq!(
        one("children", FieldValue::Number(13)),
        wrong("children", FieldRule::TooLarge)
    );
    assert_eq!(
        one("children", FieldValue::Number(-1)),
        wrong("children", FieldRule::TooSmall)
    );
}

#[test]
fn the_same_answer_as_to_the_question_before_is_refused_at_the_later_one() {
    let province = |code| FieldValue::Province(kernel::Province::from_iso(code).expect("a province"));
    let (here, there) = (province("MA-LAA"), province("MA-CAS"));
    let both = |one, other| [given("place", one), given("other_place", other)];
    assert_eq!(refused(&BTreeMap::new(), &both(here, there)), []);
    assert_eq!(
        refused(&BTreeMap::new(), &both(here, here)),
        wrong("other_place", FieldRule::Same)
    );
    // Also when the other one was saved before, whichever of them comes.
    let before = BTreeMap::from([("place".to_owned(), here)]);
    assert_eq!(
        refused(&before, &[given("other_place", here)]),
        wrong("other_place", FieldRule::Same)
    );
    let before = BTreeMap::from([("place".to_owned(), here), ("other_place".to_owned(), there)]);
    assert_eq!(
        refused(&before, &[given("place", there)]),
        wrong("other_place", FieldRule::Same)
    );
    // A draft of before the rule is asked anew.
    let page = every_kind();
    let field = page.field("other_place").expect("it is asked");
    let same = BTreeMap::from([("place".to_owned(), here), ("other_place".to_owned(), here)]);
    assert!(!is_answered(field, &same));
}

#[test]
fn a_value_of_another_kind_and_a_question_that_is_not_asked_are_refused() {
    for field in ["first_day", "children", "place", "agreed"] {
        assert_eq!(one(field, price(100)), wrong(field, FieldRule::Kind), "{field}");
    }
    assert_eq!(
        one("price", FieldValue::Number(100)),
        wrong("price", FieldRule::Kind)
    );
    assert_eq!(one("colour", price(100)), wrong("colour", FieldRule::Unknown));
    let twice = [given("price", price(100)), given("price", price(200))];
    assert_eq!(
        refused(&BTreeMap::new(), &twice),
        wrong("price", FieldRule::Repeated)
    );
}

#[test]
fn every_wrong_answer_of_a_page_is_named_and_none_is_taken() {
    let answers = [
        given("first_day", on("2019-12-31")),
        given("price", price(0)),
        given("agreed", FieldValue::YesNo(true)),
    ];
    assert_eq!(
        refused(&BTreeMap::new(), &answers),
        [
            ("first_day".to_owned(), FieldRule::TooEarly),
            ("price".to_owned(), FieldRule::TooSmall)
        ]
    );
}

#[test]
fn a_day_may_not_lie_before_the_one_it_follows() {
    let answers = [
        given("last_day", on("2026-02-28")),
        given("first_day", on("2026-03-01")),
    ];
    assert_eq!(
        refused(&BTreeMap::new(), &answers),
        wrong("last_day", FieldRule::TooEarly)
    );
    // Also when only the first is changed.
    let before = [
        ("first_day".to_owned(), on("2026-02-01")),
        ("last_day".to_owned(), on("2026-02-28")),
    ]
    .into();
    assert_eq!(
        refused(&before, &[given("first_day", on("2026-03-01"))]),
        wrong("last_day", FieldRule::TooEarly)
    );
    assert_eq!(refused(&before, &[given("first_day", on("2026-02-28"))]), []);
}

#[test]
fn an_answer_is_taken_back_and_then_asked_for_again() {
    let before = [("price".to_owned(), price(100))].into();
    let none = FieldGiven {
        field: "price".to_owned(),
        value: None,
    };
    let after = with_page(&before, &every_kind(), &[none], day("2026-11-22")).expect("it is taken back");
    assert!(after.is_empty());
    let page = every_kind();
    let field = page.field("price").expect("a field");
    assert!(is_answered(field, &before) && !is_answered(field, &after));
}

#[test]
fn an_answer_that_the_catalogue_no_longer_takes_counts_as_none() {
    let page = every_kind();
    let field = page.field("price").expect("a field");
    assert!(!is_answered(
        field,
        &[("price".to_owned(), price(100_001))].into()
    ));
    assert!(!is_answered(
        field,
        &[("price".to_owned(), FieldValue::Number(5))].into()
    ));
}

#[test]
fn the_trip_s_required_answers_are_named_in_order() {
    let catalogue = catalogue();
    let form = catalogue
        .get("air_transport_support")
        .and_then(crate::domain::catalogue::Benefit::form)
        .expect("a form");
    let missing: Vec<String> = crate::domain::answers::Answers::default()
        .missing(form, None)
        .iter()
        .map(|step| step.as_str().to_owned())
        .collect();
    assert_eq!(
        missing,
        [
            "bank_account",
            "person_concerned",
            "is_return",
            "outward_on",
            "return_on",
            "from_province",
            "to_province",
            "price",
            "papers"
        ]
    );
}

fn any_value() -> impl Strategy<Value = FieldValue> {
    let provinces: Vec<Province> = Province::all().collect();
    prop_oneof![
        (-800_000_i32..800_000).prop_map(|days| {
            FieldValue::Date(NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default())
        }),
        any::<i64>().prop_map(price),
        (0_i64..200_000).prop_map(price),
        any::<i64>().prop_map(FieldValue::Number),
        any::<bool>().prop_map(FieldValue::YesNo),
        prop::sample::select(provinces).prop_map(FieldValue::Province),
    ]
}

proptest! {
    #[test]
    fn whatever_is_sent_what_is_kept_fits_and_reads_back(
        sent in prop::collection::vec((prop::sample::select(vec!["first_day", "last_day", "price", "children", "place", "agreed", "colour"]), prop::option::of(any_value())), 0..10)
    ) {
        let page = every_kind();
        let given: Vec<FieldGiven> = sent
            .into_iter()
            .map(|(field, value)| FieldGiven { field: field.to_owned(), value })
            .collect();
        if let Ok(kept) = with_page(&BTreeMap::new(), &page, &given, day("2026-11-22")) {
            for code in kept.keys() {
                prop_assert!(is_answered(page.field(code).expect("a field of the page"), &kept));
            }
            let text = serde_json::to_string(&kept).expect("answers are JSON");
            let read: BTreeMap<String, FieldValue> = serde_json::from_str(&text).expect("and read back");
            prop_assert!(read == kept);
        }
    }
}
