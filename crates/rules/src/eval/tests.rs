//! What expressions evaluate to, where they fail, and that nothing that was checked ever panics.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kernel::money::{BasisPoints, Money};
use proptest::prelude::*;

use super::{EvalErrorKind, Evaluator};
use crate::{
    check::{Scope, check},
    limits,
    syntax::parse,
    testing::{self, Tape},
    typed::Typed,
    types::Type,
    value::{Facts, Value},
};

fn checked(source: &str, wanted: &Type) -> Result<Typed, String> {
    let schema = testing::schema();
    let (settings, tables, given) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    let scope = Scope {
        schema: &schema,
        settings: &settings,
        tables: &tables,
        steps: &[],
        given: &given,
    };
    let expr = parse(source).map_err(|error| error.to_string())?;
    check(scope, &expr, wanted)
        .map(|checked| checked.typed)
        .map_err(|error| error.to_string())
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date of a test")
}

fn facts() -> Facts {
    Facts::new()
        .with("f.flag", true)
        .with("f.number", 7_i64)
        .with("f.other", i64::MAX)
        .with("f.amount", Money::from_centimes(123_455))
        .with("f.rate", BasisPoints::new(3000))
        .with("f.day", day("2020-12-01"))
        .with("f.born", day("2016-02-29"))
        .with("f.word", "كلمة")
        .with("f.kind", "child")
        .with("f.numbers", vec![1_i64, 7, 7])
        .with("f.amounts", Vec::<Money>::new())
        .with("f.kinds", vec!["child", "spouse"])
}

fn result(source: &str, wanted: &Type) -> Result<Value, EvalErrorKind> {
    let typed = checked(source, wanted).unwrap_or_else(|error| panic!("{source}: {error}"));
    Evaluator::new(&facts(), &[])
        .run(&typed)
        .map(|(value, _)| value)
        .map_err(|error| error.kind)
}

#[test]
fn conditions_hold_or_not() {
    for (source, held) in [
        ("f.number == 7 && f.word == \"كلمة\"", true),
        ("f.number in f.numbers && !(8 in f.numbers)", true),
        (
            "f.kind in f.kinds && \"spouse\" in f.kinds && !(\"member\" in f.kinds)",
            true,
        ),
        ("f.day > f.born && f.rate == percent(\"30\")", true),
        ("has(o.number) && o.number > 0", false),
        ("!has(o.number) || o.number > 0", true),
        ("f.flag ? false : true", false),
        (
            "f.amount >= money(\"1234.55\") && f.amount < money(\"1234.56\")",
            true,
        ),
    ] {
        assert_eq!(result(source, &Type::Bool), Ok(Value::Bool(held)), "{source}");
    }
}

#[test]
fn numbers_are_computed() {
    for (source, number) in [
        ("1 + 2 * 3 - 4", 3),
        ("-(f.number)", -7),
        ("-9223372036854775808 + f.other", -1),
        ("min(3, 1, 2) + max(3, 1, 2)", 4),
        ("sum(f.numbers) * size(f.numbers)", 45),
        (
            "count(f.numbers, 7) + count(f.kinds, \"child\") + size(f.amounts)",
            3,
        ),
        ("age(f.born, date(\"2021-02-28\"))", 4),
        ("age(f.born, date(\"2021-03-01\"))", 5),
        (
            "year(f.day) * 10000 + month(f.day) * 100 + day(f.day)",
            20_201_201,
        ),
        ("days_between(f.day, date(\"2021-03-01\"))", 90),
        ("days_between(date(\"2021-03-01\"), f.day)", -90),
    ] {
        assert_eq!(result(source, &Type::Int), Ok(Value::Int(number)), "{source}");
    }
}

#[test]
fn amounts_are_whole_centimes_rounded_half_up_once() {
    for (source, centimes) in [
        ("share(f.amount, f.rate)", 37_037),
        ("share(money(\"999.99\"), percent(\"30\"))", 30_000),
        ("share(money(\"0.01\"), percent(\"50\"))", 1),
        ("f.amount * 2 - money(\"0.01\")", 246_909),
        ("2 * f.amount", 246_910),
        ("sum(f.amounts)", 0),
        ("sum([f.amount, f.amount, money(\"1\")])", 247_010),
        ("min(f.amount, money(\"20000.00\"))", 123_455),
        ("-f.amount", -123_455),
    ] {
        assert_eq!(
            result(source, &Type::Money),
            Ok(Value::Money(Money::from_centimes(centimes))),
            "{source}"
        );
    }
}

#[test]
fn dates_move_by_days_and_months() {
    for (source, date) in [
        ("add_days(f.day, 90)", "2021-03-01"),
        ("add_days(f.day, -1)", "2020-11-30"),
        ("add_months(date(\"2021-01-31\"), 1)", "2021-02-28"),
        ("add_months(f.born, -12)", "2015-02-28"),
        ("max(f.day, f.born)", "2020-12-01"),
    ] {
        assert_eq!(
            result(source, &Type::Date),
            Ok(Value::Date(day(date))),
            "{source}"
        );
    }
}

#[test]
fn what_has_no_value_is_an_error_and_never_wraps() {
    for (source, wanted, error) in [
        ("f.other + 1", Type::Int, EvalErrorKind::Overflow),
        ("-f.other - 2", Type::Int, EvalErrorKind::Overflow),
        ("f.other * 2", Type::Int, EvalErrorKind::Overflow),
        ("-(-f.other - 1)", Type::Int, EvalErrorKind::Overflow),
        ("sum([f.other, 1])", Type::Int, EvalErrorKind::Overflow),
        ("f.amount * f.other", Type::Money, EvalErrorKind::Overflow),
        ("age(f.day, f.born)", Type::Int, EvalErrorKind::BirthInFuture),
        ("add_days(f.day, f.other)", Type::Date, EvalErrorKind::NoSuchDay),
        (
            "add_months(f.day, 4294967296)",
            Type::Date,
            EvalErrorKind::NoSuchDay,
        ),
        ("f.other + 1 > 0 || f.flag", Type::Bool, EvalErrorKind::Overflow),
    ] {
        assert_eq!(result(source, &wanted), Err(error), "{source}");
    }
}

#[test]
fn what_is_not_needed_is_not_evaluated() {
    for source in [
        "f.flag || f.other + 1 > 0",
        "!(!f.flag && f.other + 1 > 0)",
        "f.flag ? true : f.other + 1 > 0",
    ] {
        assert_eq!(result(source, &Type::Bool), Ok(Value::Bool(true)), "{source}");
    }
}

#[test]
fn the_facts_that_were_read_are_told_and_no_others() {
    let typed = checked("has(o.number) || f.flag || f.number == 1", &Type::Bool).expect("well typed");
    let facts = facts();
    let (_, used) = Evaluator::new(&facts, &[]).run(&typed).expect("it has a value");
    assert_eq!(used, [("o.number", None), ("f.flag", facts.get("f.flag"))]);
}

#[test]
fn evaluation_takes_a_bounded_number_of_steps() {
    let members = vec!["0 in f.numbers"; 120].join(" || ");
    let typed = checked(&members, &Type::Bool).expect("well typed");
    let many = facts().with("f.numbers", vec![1_i64; limits::LIST_LENGTH]);
    let error = Evaluator::new(&many, &[])
        .run(&typed)
        .expect_err("120 times 256 elements");
    assert_eq!(error.kind, EvalErrorKind::TooManySteps);
    assert!(Evaluator::new(&facts(), &[]).run(&typed).is_ok());
}

fn wanted() -> impl Strategy<Value = Type> {
    prop::sample::select(vec![
        Type::Bool,
        Type::Int,
        Type::Money,
        Type::Date,
        Type::Percent,
    ])
}

/// A condition over optional facts that may or may not ask before it reads.
fn careless(tape: &mut Tape<'_>, depth: usize) -> String {
    if depth == 0 {
        return tape
            .pick(&[
                "has(o.number)",
                "has(o.flag)",
                "o.flag",
                "o.number == 1",
                "f.flag",
            ])
            .to_owned();
    }
    let d = depth - 1;
    match tape.choose(6) {
        0 => careless(tape, 0),
        1 => format!("!({})", careless(tape, d)),
        2 => format!("({} && {})", careless(tape, d), careless(tape, d)),
        3 => format!(
            "({} || {} || {})",
            careless(tape, d),
            careless(tape, d),
            careless(tape, d)
        ),
        4 => format!("(({}) == ({}))", careless(tape, d), careless(tape, d)),
        _ => format!(
            "({} ? {} : {})",
            careless(tape, d),
            careless(tape, d),
            careless(tape, d)
        ),
    }
}

/// At least 1000 cases; more with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: config.cases.max(1000),
        ..config
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_accepted_never_reads_an_unknown_fact(choices in prop::collection::vec(any::<u8>(), 0..24)) {
        let schema = testing::schema();
        let source = careless(&mut Tape::new(&choices), 3);
        let expr = parse(&source).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let (settings, tables, given) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let scope = Scope { schema: &schema, settings: &settings, tables: &tables, steps: &[], given: &given };
        if let Ok(checked) = check(scope, &expr, &Type::Bool) {
            for known in 0..16 {
                let bit = |place: i32| known >> place & 1 == 1;
                let facts = facts()
                    .with("f.flag", bit(0))
                    .with_known("o.number", bit(1).then_some(i64::from(bit(3))))
                    .with_known("o.flag", bit(2).then_some(bit(3)));
                let (held, _) = Evaluator::new(&facts, &[])
                    .run(&checked.typed)
                    .map_err(|error| TestCaseError::fail(format!("{source}: {error}")))?;
                if held == Value::Bool(true) {
                    for name in &checked.given_if_held {
                        prop_assert!(facts.get(name).is_some(), "{} holds without {}", source, name);
                    }
                }
            }
        }
    }

    #[test]
    fn a_well_typed_program_gives_a_value_of_its_type_or_a_listed_error(
        ty in wanted(),
        program in prop::collection::vec(any::<u8>(), 0..60),
        given in prop::collection::vec(any::<u8>(), 0..50),
    ) {
        let source = testing::program(&mut Tape::new(&program), &ty, 4);
        prop_assume!(source.len() <= limits::SOURCE_BYTES);
        let typed = match checked(&source, &ty) {
            Ok(typed) => typed,
            Err(error) => return Err(TestCaseError::fail(format!("{source}: {error}"))),
        };
        let facts = testing::facts(&mut Tape::new(&given));
        prop_assert!(testing::schema().check_given(&facts).is_ok());
        let outcome = Evaluator::new(&facts, &[]).run(&typed);
        match &outcome {
            Ok((value, _)) => prop_assert!(value.is_a(&ty), "{}: {:?}", source, value),
            Err(error) => match error.kind {
                EvalErrorKind::Overflow
                | EvalErrorKind::BirthInFuture
                | EvalErrorKind::NoSuchDay
                | EvalErrorKind::TooManySteps => {}
                EvalErrorKind::Unknown(_) | EvalErrorKind::Unchecked => prop_assert!(false, "{}: {}", source, error),
            },
        }
        // The canonical form means the same.
        let printed = parse(&source).expect("it was parsed above").to_string();
        let reprinted = checked(&printed, &ty).map_err(TestCaseError::fail)?;
        let again = Evaluator::new(&facts, &[]).run(&reprinted);
        prop_assert_eq!(outcome.map_err(|error| error.kind), again.map_err(|error| error.kind), "{}", printed);
    }

    #[test]
    fn a_program_with_a_piece_cut_out_is_refused_or_evaluated(
        program in prop::collection::vec(any::<u8>(), 0..60),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let source: Vec<char> = testing::program(&mut Tape::new(&program), &Type::Bool, 4).chars().collect();
        let (one, other) = (cut.0.index(source.len()), cut.1.index(source.len()));
        let kept: String = source[..one.min(other)].iter().chain(&source[one.max(other)..]).collect();
        if let Ok(typed) = checked(&kept, &Type::Bool) {
            let _ = Evaluator::new(&facts(), &[]).run(&typed);
        }
    }
}
