//! The shared subset means what CEL says: programs over whole numbers, booleans, texts, lists and the conditional are
//! generated, printed and evaluated by the `cel` crate too. `LANGUAGE.md` lists the differences; the one that shows here
//! is that CEL forgives an error in one operand of `&&` or `||` when the other decides.

use std::collections::HashMap;

use proptest::prelude::*;
use rules::{
    CompileErrors, ConditionDef, DecideError, EvalErrorKind, Facts, RuleSet, RuleSetDef, Schema, Type,
};

/// Choices read from bytes; at the end every choice is the first.
struct Tape<'b>(std::slice::Iter<'b, u8>);

impl Tape<'_> {
    fn choose(&mut self, ways: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % ways
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.choose(from.len())]
    }
}

fn int(tape: &mut Tape<'_>, depth: usize) -> String {
    let d = depth.saturating_sub(1);
    match if depth == 0 {
        tape.choose(3)
    } else {
        tape.choose(9)
    } {
        0 => tape
            .pick(&[
                "0",
                "1",
                "2",
                "-3",
                "42",
                "9223372036854775807",
                "-9223372036854775808",
            ])
            .to_owned(),
        1 => "x.i".to_owned(),
        2 => "x.j".to_owned(),
        3 => format!("({} + {})", int(tape, d), int(tape, d)),
        4 => format!("({} - {})", int(tape, d), int(tape, d)),
        5 => format!("({} * {})", int(tape, d), int(tape, d)),
        6 => format!("-({})", int(tape, d)),
        7 => format!("({} ? {} : {})", boolean(tape, d), int(tape, d), int(tape, d)),
        _ => tape.pick(&["size(x.l)", "size([x.i, 2, 3])"]).to_owned(),
    }
}

fn word(tape: &mut Tape<'_>, depth: usize) -> String {
    match if depth == 0 {
        tape.choose(2)
    } else {
        tape.choose(3)
    } {
        0 => tape
            .pick(&["\"\"", "'a'", "\"l\\'aide\"", "\"تضامن\"", "\"a\\\\b\\n\""])
            .to_owned(),
        1 => "x.s".to_owned(),
        _ => format!(
            "({} ? {} : {})",
            boolean(tape, depth - 1),
            word(tape, depth - 1),
            word(tape, depth - 1)
        ),
    }
}

fn boolean(tape: &mut Tape<'_>, depth: usize) -> String {
    let d = depth.saturating_sub(1);
    match if depth == 0 {
        tape.choose(2)
    } else {
        tape.choose(13)
    } {
        0 => tape.pick(&["x.b", "true", "false"]).to_owned(),
        1 => "has(x.o)".to_owned(),
        2 | 3 => {
            let comparison = tape.pick(&["==", "!=", "<", "<=", ">", ">="]);
            format!("({} {comparison} {})", int(tape, d), int(tape, d))
        }
        4 => format!(
            "({} {} {})",
            word(tape, d),
            tape.pick(&["==", "!="]),
            word(tape, d)
        ),
        5 => format!(
            "({} {} {})",
            boolean(tape, d),
            tape.pick(&["==", "!="]),
            boolean(tape, d)
        ),
        6 => format!("!({})", boolean(tape, d)),
        7 => format!("({} && {})", boolean(tape, d), boolean(tape, d)),
        8 => format!(
            "({} || {} || {})",
            boolean(tape, d),
            boolean(tape, d),
            boolean(tape, d)
        ),
        9 => format!("({} in [{}, {}, 2])", int(tape, d), int(tape, d), int(tape, d)),
        10 => format!("({} in {})", int(tape, d), tape.pick(&["x.l", "[1, 2, 42]"])),
        11 => format!("(has(x.o) && x.o < {})", int(tape, d)),
        _ => format!(
            "({} ? {} : {})",
            boolean(tape, d),
            boolean(tape, d),
            boolean(tape, d)
        ),
    }
}

/// The same facts for both.
#[derive(Debug, Clone)]
struct Case {
    i: i64,
    j: i64,
    b: bool,
    s: String,
    l: Vec<i64>,
    o: Option<i64>,
}

impl Case {
    fn facts(&self) -> Facts {
        Facts::new()
            .with("x.i", self.i)
            .with("x.j", self.j)
            .with("x.b", self.b)
            .with("x.s", self.s.as_str())
            .with("x.l", self.l.clone())
            .with_known("x.o", self.o)
    }

    fn in_cel(&self, source: &str) -> Result<cel::Value, String> {
        let mut x: HashMap<String, cel::Value> = HashMap::from([
            ("i".into(), self.i.into()),
            ("j".into(), self.j.into()),
            ("b".into(), self.b.into()),
            ("s".into(), self.s.clone().into()),
            ("l".into(), self.l.clone().into()),
        ]);
        if let Some(o) = self.o {
            x.insert("o".into(), o.into());
        }
        let mut context = cel::Context::default();
        context.add_variable_from_value("x", x);
        let program =
            cel::Program::compile(source).map_err(|error| format!("CEL does not read {source}: {error}"));
        program
            .expect("the subset is CEL")
            .execute(&context)
            .map_err(|error| error.to_string())
    }
}

fn case() -> impl Strategy<Value = Case> {
    let number = prop_oneof![-5_i64..50, any::<i64>(), Just(i64::MAX), Just(i64::MIN)];
    let text = prop::sample::select(vec!["", "a", "l'aide", "تضامن", "a\\b\n"]);
    (
        number.clone(),
        number.clone(),
        any::<bool>(),
        text,
        prop::collection::vec(number.clone(), 0..4),
        prop::option::of(number),
    )
        .prop_map(|(i, j, b, s, l, o)| Case {
            i,
            j,
            b,
            s: s.to_owned(),
            l,
            o,
        })
}

fn compiled(source: &str) -> Result<RuleSet, CompileErrors> {
    let schema = Schema::new()
        .required("x.i", Type::Int, "a number")
        .and_then(|schema| schema.required("x.j", Type::Int, "a number"))
        .and_then(|schema| schema.required("x.b", Type::Bool, "a flag"))
        .and_then(|schema| schema.required("x.s", Type::Text, "a text"))
        .and_then(|schema| schema.required("x.l", Type::list(Type::Int), "numbers"))
        .and_then(|schema| schema.optional("x.o", Type::Int, "perhaps a number"))
        .expect("the schema stands");
    let definition = RuleSetDef {
        version: 1,
        settings: Default::default(),
        tables: Default::default(),
        conditions: vec![ConditionDef {
            code: "oracle".into(),
            refusal: None,
            sentence_fr: "-".into(),
            sentence_ar: "-".into(),
            expression: source.into(),
        }],
        amount_steps: Vec::new(),
    };
    RuleSet::compile(definition, &schema)
}

fn ours(source: &str, facts: &Facts) -> Result<bool, EvalErrorKind> {
    let rules = compiled(source).unwrap_or_else(|errors| panic!("{source}: {errors}"));
    match rules.decide(facts) {
        Ok(decision) => Ok(decision.eligible),
        Err(DecideError::Evaluation { source, .. }) => Err(source.kind),
        Err(other) => panic!("{source}: {other}"),
    }
}

fn agree(source: &str, case: &Case) -> Result<(), TestCaseError> {
    let mine = ours(source, &case.facts());
    let theirs = case.in_cel(source);
    match (mine, &theirs) {
        (Ok(mine), Ok(cel::Value::Bool(theirs))) => {
            prop_assert_eq!(mine, *theirs, "{} with {:?}", source, case)
        }
        (Err(EvalErrorKind::Overflow), Err(_)) => {}
        (Err(EvalErrorKind::Overflow), Ok(_)) => {
            let forgiving = source.contains("&&") || source.contains("||");
            prop_assert!(forgiving, "only we overflow: {} with {:?}", source, case);
        }
        (mine, theirs) => prop_assert!(false, "{:?} and {:?}: {} with {:?}", mine, theirs, source, case),
    }
    Ok(())
}

/// At least 600 cases; more with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: config.cases.max(600),
        ..config
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn conditions_mean_what_cel_says(choices in prop::collection::vec(any::<u8>(), 0..60), case in case()) {
        let source = boolean(&mut Tape(choices.iter()), 4);
        prop_assume!(source.len() <= 3000);
        agree(&source, &case)?;
        // Without needless parentheses, so that both must bind operators alike.
        agree(&rules::parse(&source).expect("it was parsed above").to_string(), &case)?;
    }

    #[test]
    fn numbers_are_what_cel_computes(choices in prop::collection::vec(any::<u8>(), 0..50), case in case()) {
        let source = rules::parse(&int(&mut Tape(choices.iter()), 4)).expect("the generator writes the language").to_string();
        prop_assume!(source.len() <= 3000);
        match case.in_cel(&source) {
            Ok(cel::Value::Int(number)) => {
                let mine = ours(&format!("({source}) == {number}"), &case.facts());
                let forgiven = mine == Err(EvalErrorKind::Overflow) && (source.contains("&&") || source.contains("||"));
                prop_assert!(mine == Ok(true) || forgiven, "{:?}: {} is {} with {:?}", mine, source, number, case);
            }
            Ok(other) => prop_assert!(false, "{} is {:?}", source, other),
            Err(_) => {
                let mine = ours(&format!("({source}) == 0"), &case.facts());
                prop_assert_eq!(mine, Err(EvalErrorKind::Overflow), "{} with {:?}", source, case);
            }
        }
    }
}

#[test]
fn an_overflow_is_an_error_in_both() {
    let case = Case {
        i: i64::MAX,
        j: i64::MIN,
        b: true,
        s: String::new(),
        l: vec![],
        o: None,
    };
    for source in [
        "x.i + 1 > 0",
        "x.j - 1 < 0",
        "x.i * 2 == 0",
        "-x.j > 0",
        "-(-9223372036854775808) > 0",
    ] {
        assert_eq!(
            ours(source, &case.facts()),
            Err(EvalErrorKind::Overflow),
            "{source}"
        );
        assert!(case.in_cel(source).is_err(), "{source}");
    }
}

#[test]
fn an_error_beside_a_deciding_operand_is_forgiven_by_cel_only() {
    let case = Case {
        i: i64::MAX,
        j: 0,
        b: true,
        s: String::new(),
        l: vec![],
        o: None,
    };
    for (source, decided) in [("x.i + 1 > 0 || x.b", true), ("x.i + 1 > 0 && !x.b", false)] {
        assert_eq!(
            ours(source, &case.facts()),
            Err(EvalErrorKind::Overflow),
            "{source}"
        );
        assert_eq!(case.in_cel(source), Ok(cel::Value::Bool(decided)), "{source}");
    }
}

#[test]
fn what_the_subset_leaves_out_is_cel_all_the_same() {
    // These are valid in CEL and refused here; the reference lists them.
    for source in [
        "5 / 2 == 2",
        "5 % 2 == 1",
        "1.5 > 1.0",
        "'a' + 'b' == 'ab'",
        "'a' < 'b'",
        "[1, 2] == [1, 2]",
        "1 in []",
    ] {
        let case = Case {
            i: 0,
            j: 0,
            b: false,
            s: String::new(),
            l: vec![],
            o: None,
        };
        assert!(case.in_cel(source).is_ok(), "{source}");
        assert!(compiled(source).is_err(), "{source}");
    }
}
