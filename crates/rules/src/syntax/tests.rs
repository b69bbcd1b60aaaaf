//! The grammar's edges: limits, messages with places, and that printing and parsing are each other's inverse.

use chrono::NaiveDate;
use kernel::money::{BasisPoints, Money};
use proptest::prelude::*;

use super::{
    ast::{BinaryOp, Expr, ExprKind, Literal, UnaryOp},
    parse,
};
use crate::{limits, position::Position, testing::Tape};

fn refused(source: &str) -> String {
    parse(source).expect_err(source).to_string()
}

fn canonical(source: &str) -> String {
    parse(source)
        .unwrap_or_else(|error| panic!("{source}: {error}"))
        .to_string()
}

#[test]
fn operators_bind_as_in_cel() {
    for (source, printed) in [
        ("a.b||c.d&&e.f", "a.b || c.d && e.f"),
        ("(a.b||c.d)&&e.f", "(a.b || c.d) && e.f"),
        ("1+2*3-4", "1 + 2 * 3 - 4"),
        ("(1+2)*3-(4-5)", "(1 + 2) * 3 - (4 - 5)"),
        ("!a.b==c.d", "!a.b == c.d"),
        ("!(a.b==c.d)", "!(a.b == c.d)"),
        ("a.b ? 1 : c.d ? 2 : 3", "a.b ? 1 : c.d ? 2 : 3"),
        ("(a.b ? c.d : e.f) ? 1 : 2", "(a.b ? c.d : e.f) ? 1 : 2"),
        ("1 - -2", "1 - -2"),
        ("-(2)", "-(2)"),
        ("- a.b", "-a.b"),
        ("-(-a.b)", "-(-a.b)"),
        ("-(-5)", "-(-5)"),
        ("x.y in [1, 2]", "x.y in [1, 2]"),
    ] {
        assert_eq!(canonical(source), printed);
    }
}

#[test]
fn literals_have_one_printed_form() {
    assert_eq!(canonical("money('20000.00')"), "money(\"20000.00\")");
    assert_eq!(canonical("money(\"5\")"), "money(\"5.00\")");
    assert_eq!(canonical("percent(\"12.50\")"), "percent(\"12.5\")");
    assert_eq!(canonical("date('2020-12-01')"), "date(\"2020-12-01\")");
    assert_eq!(canonical(r#" 'l\'aide "x" \\ \n' "#), r#""l'aide \"x\" \\ \n""#);
    assert_eq!(canonical("007"), "7");
    assert_eq!(canonical("-9223372036854775808"), "-9223372036854775808");
    assert_eq!(
        canonical("\"المساعدة\" // a comment\n == a.b"),
        "\"المساعدة\" == a.b"
    );
}

#[test]
fn a_refusal_names_the_place_and_what_was_expected() {
    for (source, message) in [
        ("", "line 1, column 1: expected a value, found the end"),
        ("1 +", "line 1, column 4: expected a value, found the end"),
        (
            "a.b ==\n  == 1",
            "line 2, column 3: expected a value, found \"==\"",
        ),
        (
            "1 2",
            "line 1, column 3: expected an operator or the end, found a number",
        ),
        (
            "(1",
            "line 1, column 3: expected an operator or \")\", found the end",
        ),
        (
            "[1 2]",
            "line 1, column 4: expected \",\" or \"]\", found a number",
        ),
        (
            "a.b ? 1",
            "line 1, column 8: expected \":\" and the other value, found the end",
        ),
        ("--a.b", "line 1, column 2: two signs in a row: write -(-value)"),
        (
            "1 < 2 < 3",
            "line 1, column 7: comparisons cannot be chained: join two with &&",
        ),
        (
            "\"abc",
            "line 1, column 1: the text is not closed before the end of the line",
        ),
        (
            "\"م\" == 'a\u{202E}'",
            "line 1, column 10: a text may not contain the control character '\\u{202e}'",
        ),
        (
            "a.b @ 1",
            "line 1, column 5: the character '@' does not belong to the language",
        ),
        ("a.if", "line 1, column 3: \"if\" is a reserved word"),
        ("null", "line 1, column 1: \"null\" is a reserved word"),
        (
            "a.b.size()",
            "line 1, column 5: there are no methods: write size(..) with the value as its first argument",
        ),
        (
            "money(5)",
            "line 1, column 7: money(..) takes one text literal: dirhams such as \"1850\" or \"1850.50\"",
        ),
        (
            "date(\"2021-02-29\")",
            "line 1, column 6: date(..) takes one text literal: a day that exists such as \"2020-12-01\"",
        ),
        (
            "has(1)",
            "line 1, column 5: expected the name of a fact, found a number",
        ),
        (
            "9223372036854775808",
            "line 1, column 1: the number does not fit 64 bits",
        ),
        (
            "-9223372036854775809",
            "line 1, column 1: the number does not fit 64 bits",
        ),
        (
            "99999999999999999999",
            "line 1, column 1: the number does not fit 64 bits",
        ),
        (
            "'\\q'",
            "line 1, column 2: unknown escape \\q in a text: \\\\ \\\" \\' \\n \\t exist",
        ),
    ] {
        assert_eq!(refused(source), message, "{source}");
    }
    assert!(refused("1.5").contains("a number is digits only"));
    assert!(refused("0x1F").contains("a number is digits only"));
    assert!(refused("1u").contains("a number is digits only"));
}

#[test]
fn what_cel_has_and_the_language_has_not_is_refused() {
    for source in [
        "1 / 2",
        "5 % 2",
        "{\"a\": 1}",
        "a.b[0]",
        "b\"bytes\"",
        "[1, 2].exists(x, x > 1)",
        "a.?b",
        "r'raw' == 'x'",
    ] {
        assert!(parse(source).is_err(), "{source}");
    }
}

#[test]
fn the_source_has_a_greatest_length() {
    let longest = format!("1{}", " ".repeat(limits::SOURCE_BYTES - 1));
    assert!(parse(&longest).is_ok());
    assert_eq!(
        refused(&format!("{longest} ")),
        "line 1, column 1: the expression has 4097 bytes, more than 4096"
    );
}

#[test]
fn a_tree_has_a_greatest_height() {
    let sum = |terms: usize| vec!["1"; terms].join(" + ");
    assert!(parse(&sum(limits::DEPTH)).is_ok());
    assert!(refused(&sum(limits::DEPTH + 1)).contains("nested deeper than 32 levels"));
    let nots = |count: usize| format!("{}a.b", "!".repeat(count));
    assert!(parse(&nots(limits::DEPTH - 1)).is_ok());
    assert!(parse(&nots(limits::DEPTH)).is_err());
}

#[test]
fn brackets_have_a_greatest_nesting() {
    let nested = |count: usize| format!("{}1{}", "(".repeat(count), ")".repeat(count));
    assert!(parse(&nested(limits::NESTING)).is_ok());
    assert!(refused(&nested(limits::NESTING + 1)).contains("nested deeper"));
    for open in ["(", "[", "!", "-", "f(", "has(", "a.b ? 1 : ", "- -"] {
        assert!(
            parse(&open.repeat(limits::SOURCE_BYTES / open.len())).is_err(),
            "{open}"
        );
    }
}

#[test]
fn many_requirements_side_by_side_are_not_deep() {
    let requirements = vec!["a.b"; 200].join(" && ");
    assert!(parse(&requirements).is_ok());
}

#[test]
fn lists_calls_and_expressions_have_a_greatest_size() {
    let list = |length: usize| format!("1 in [{}]", vec!["1"; length].join(","));
    assert!(parse(&list(limits::LIST_LENGTH)).is_ok());
    assert!(refused(&list(limits::LIST_LENGTH + 1)).contains("the list has more than 256 elements"));
    let call = |length: usize| format!("min({})", vec!["1"; length].join(","));
    assert!(parse(&call(limits::ARGUMENTS)).is_ok());
    assert!(refused(&call(limits::ARGUMENTS + 1)).contains("the call has more than 16 arguments"));
    let nodes = format!("{} || {}", list(250), list(250));
    assert!(parse(&nodes).is_ok());
    assert!(refused(&format!("{nodes} || {}", list(20))).contains("the expression has more than 512 parts"));
}

/// Any tree of the grammar, well typed or not.
fn tree(tape: &mut Tape<'_>, depth: usize) -> Expr {
    let operand = |tape: &mut Tape<'_>| tree(tape, depth.saturating_sub(1));
    let boxed = |tape: &mut Tape<'_>| Box::new(tree(tape, depth.saturating_sub(1)));
    let several = |tape: &mut Tape<'_>, least: usize| {
        let count = least + tape.choose(3);
        (0..count).map(|_| operand(tape)).collect::<Vec<_>>()
    };
    let kind = match if depth == 0 {
        tape.choose(3)
    } else {
        tape.choose(12)
    } {
        0 => ExprKind::Literal(literal(tape)),
        1 => ExprKind::Name(tape.pick(&["a.b", "x", "person.birth_date", "truely"]).to_owned()),
        2 => ExprKind::Has(tape.pick(&["a.b", "has.money"]).to_owned()),
        3 => ExprKind::Unary(UnaryOp::Not, boxed(tape)),
        4 => ExprKind::Unary(UnaryOp::Negate, boxed(tape)),
        5 => ExprKind::All(several(tape, 2)),
        6 => ExprKind::Any(several(tape, 2)),
        7 => ExprKind::If(boxed(tape), boxed(tape), boxed(tape)),
        8 => ExprKind::List(several(tape, 0)),
        9 => ExprKind::Call(tape.pick(&["min", "share", "f"]).to_owned(), several(tape, 0)),
        _ => {
            let op = [
                BinaryOp::Equal,
                BinaryOp::NotEqual,
                BinaryOp::Less,
                BinaryOp::LessOrEqual,
                BinaryOp::Greater,
                BinaryOp::GreaterOrEqual,
                BinaryOp::In,
                BinaryOp::Add,
                BinaryOp::Subtract,
                BinaryOp::Multiply,
            ][tape.choose(10)];
            ExprKind::Binary(op, boxed(tape), boxed(tape))
        }
    };
    let height = kind.height();
    Expr {
        kind,
        at: Position::START,
        height,
    }
}

fn literal(tape: &mut Tape<'_>) -> Literal {
    let small = i64::try_from(tape.choose(200)).expect("a small number");
    match tape.choose(7) {
        0 => Literal::Int(small),
        1 => Literal::Int([-small, i64::MIN, i64::MAX, -1][tape.choose(4)]),
        2 => Literal::Bool(small % 2 == 0),
        3 => Literal::Text(
            tape.pick(&["", "a", "it's", "\"", "\\", "\n\t", "عربية", "a // b", "🌍"])
                .to_owned(),
        ),
        4 => Literal::Money(Money::from_centimes(small * 1_000_003)),
        5 => Literal::Date(
            NaiveDate::from_yo_opt(i32::try_from(small).expect("small") * 40 + 1, 59).expect("a day"),
        ),
        _ => Literal::Percent(BasisPoints::new(u32::try_from(small).expect("small") * 50)),
    }
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a.b",
        "has(a.b)",
        "has",
        "(",
        ")",
        "[",
        "]",
        ",",
        "!",
        "-",
        "+",
        "*",
        "&&",
        "||",
        "==",
        "<",
        "in",
        "?",
        ":",
        "1",
        "\"x\"",
        "money(\"1.00\")",
        "money",
        "date(",
        "percent",
        ".",
        "true",
        "min(",
        "// c\n",
        "'",
        "\\",
        "9999999999999999999",
        "lookup(\"t\", ",
        "step.x",
        "é",
        "\u{202E}",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn printing_then_parsing_gives_the_same_tree(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let tree = tree(&mut Tape::new(&bytes), 5);
        let printed = tree.to_string();
        prop_assume!(printed.len() <= limits::SOURCE_BYTES);
        match parse(&printed) {
            Ok(parsed) => {
                prop_assert_eq!(&parsed, &tree, "{}", &printed);
                prop_assert_eq!(parsed.to_string(), printed);
            }
            Err(error) => prop_assert!(false, "{}: {}", printed, error),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..6000)) {
        let _ = parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,300}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_words_of_the_language_are_read_or_refused(source in words()) {
        if let Ok(tree) = parse(&source) {
            prop_assert_eq!(parse(&tree.to_string()), Ok(tree));
        }
    }
}
