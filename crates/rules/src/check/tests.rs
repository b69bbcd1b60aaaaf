//! What the checker accepts and how it refuses.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Scope, check};
use crate::{
    given::{Cell, RowDef, Setting, SettingDef, Table, TableDef},
    syntax::parse,
    testing,
    types::Type,
};

fn setting(ty: Type, value: Cell) -> Setting {
    Setting::compile(&SettingDef {
        ty,
        value,
        about: "for tests".into(),
    })
    .expect("the setting stands")
}

fn table(key: Type, rows: &[(Cell, &str)]) -> Arc<Table> {
    let rows = rows
        .iter()
        .map(|(key, value)| RowDef {
            key: key.clone(),
            value: Cell::Text((*value).into()),
        })
        .collect();
    let def = TableDef {
        key,
        value: Type::Money,
        rows,
        about: "for tests".into(),
    };
    Arc::new(Table::compile(&def).expect("the table stands"))
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn typed(source: &str, wanted: &Type) -> Result<BTreeSet<String>, String> {
    let schema = testing::schema();
    let settings = BTreeMap::from([
        (
            "kinds".to_owned(),
            setting(
                Type::list(Type::Text),
                Cell::List(vec![text("spouse"), text("child")]),
            ),
        ),
        (
            "strangers".to_owned(),
            setting(Type::list(Type::Text), Cell::List(vec![text("cousin")])),
        ),
        ("ceiling".to_owned(), setting(Type::Money, text("20000.00"))),
        (
            "relative".to_owned(),
            setting(Type::enumeration(["spouse", "child"]), text("child")),
        ),
    ]);
    let kinds = Type::enumeration(["member", "spouse", "child"]);
    let tables = BTreeMap::from([
        (
            "by_kind".to_owned(),
            table(
                kinds.clone(),
                &[(text("member"), "1"), (text("spouse"), "2"), (text("child"), "3")],
            ),
        ),
        ("gaps".to_owned(), table(kinds, &[(text("member"), "1")])),
        (
            "by_level".to_owned(),
            table(Type::Int, &[(Cell::Int(1), "1000.00")]),
        ),
    ]);
    let steps = ["first".to_owned(), "second".to_owned()];
    let given = BTreeSet::new();
    let scope = Scope {
        schema: &schema,
        settings: &settings,
        tables: &tables,
        steps: &steps,
        given: &given,
    };
    let expr = parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    check(scope, &expr, wanted)
        .map(|checked| checked.given_if_held)
        .map_err(|error| error.to_string())
}

fn accepted(source: &str, wanted: &Type) {
    if let Err(error) = typed(source, wanted) {
        panic!("{source}: {error}");
    }
}

fn refused(source: &str, wanted: &Type, message: &str) {
    match typed(source, wanted) {
        Ok(_) => panic!("{source} was accepted"),
        Err(error) => assert_eq!(error, message, "{source}"),
    }
}

#[test]
fn operators_take_and_give_the_types_of_the_reference() {
    for (source, ty) in [
        ("f.number + 1 > 2 * f.other", Type::Bool),
        ("f.amount * 3 - 2 * money(\"1\")", Type::Money),
        ("-f.amount", Type::Money),
        ("f.flag == !f.flag", Type::Bool),
        ("f.word == \"a\" && f.word in [\"a\", f.word]", Type::Bool),
        (
            "f.day >= date(\"2020-12-01\") && f.rate <= percent(\"30\")",
            Type::Bool,
        ),
        ("f.flag ? 1 : f.number", Type::Int),
        (
            "lookup(\"by_kind\", f.kind) + lookup(\"gaps\", f.kind, money(\"0\"))",
            Type::Money,
        ),
        ("lookup(\"by_level\", f.number, setting.ceiling)", Type::Money),
        ("share(step.first, f.rate) + step.second", Type::Money),
        ("max(f.day, f.born, date(\"2020-01-01\"))", Type::Date),
        (
            "sum(f.numbers) + size(f.kinds) + count(f.amounts, f.amount)",
            Type::Int,
        ),
        ("add_months(f.day, -3) == add_days(f.born, 1)", Type::Bool),
    ] {
        accepted(source, &ty);
    }
}

#[test]
fn wrong_types_are_refused_with_what_was_expected() {
    for (source, ty, message) in [
        (
            "f.number",
            Type::Bool,
            "line 1, column 1: expected bool, found int",
        ),
        (
            "1 && true",
            Type::Bool,
            "line 1, column 1: expected bool, found int",
        ),
        (
            "f.number == f.amount",
            Type::Bool,
            "line 1, column 13: expected int, found money",
        ),
        (
            "f.amount * f.amount",
            Type::Money,
            "line 1, column 10: * does not combine money with money",
        ),
        (
            "f.word + f.word == \"a\"",
            Type::Bool,
            "line 1, column 8: + does not combine text with text",
        ),
        (
            "f.day + 1 == f.day",
            Type::Bool,
            "line 1, column 7: + does not combine date with int",
        ),
        (
            "f.word < \"b\"",
            Type::Bool,
            "line 1, column 8: values of text have no order",
        ),
        (
            "f.numbers == f.numbers",
            Type::Bool,
            "line 1, column 11: lists are not compared: ask whether a value is in one",
        ),
        (
            "f.number in f.amounts",
            Type::Bool,
            "line 1, column 1: expected money, found int",
        ),
        (
            "f.number in f.other",
            Type::Bool,
            "line 1, column 13: expected list(int), found int",
        ),
        (
            "f.flag ? 1 : money(\"1\")",
            Type::Int,
            "line 1, column 14: expected int, found money",
        ),
        (
            "1 in [1, true]",
            Type::Bool,
            "line 1, column 10: expected int, found bool",
        ),
        (
            "f.number in []",
            Type::Bool,
            "line 1, column 13: an empty list has no type",
        ),
        (
            "[f.numbers] == [f.numbers]",
            Type::Bool,
            "line 1, column 1: a list holds single values, not lists",
        ),
        (
            "-f.flag",
            Type::Int,
            "line 1, column 2: expected int or money, found bool",
        ),
        (
            "share(f.amount, 30)",
            Type::Money,
            "line 1, column 17: expected percent, found int",
        ),
        (
            "share(f.amount)",
            Type::Money,
            "line 1, column 1: share takes an amount and a percentage, found 1",
        ),
        (
            "min(f.number)",
            Type::Int,
            "line 1, column 1: min takes two values or more, found 1",
        ),
        (
            "min(f.word, f.word)",
            Type::Int,
            "line 1, column 5: expected int, money, percent or date, found text",
        ),
        (
            "sum(f.kinds)",
            Type::Int,
            "line 1, column 5: expected list(int) or list(money), found list(enum(child, member, spouse))",
        ),
    ] {
        refused(source, &ty, message);
    }
}

#[test]
fn unknown_names_are_refused() {
    for (source, message) in [
        ("f.absent", "line 1, column 1: there is no fact f.absent"),
        ("flag", "line 1, column 1: there is no fact flag"),
        ("has(f.absent)", "line 1, column 1: there is no fact f.absent"),
        ("setting.absent", "line 1, column 1: there is no setting absent"),
        (
            "step.third",
            "line 1, column 1: there is no earlier amount step third",
        ),
        ("today()", "line 1, column 1: there is no function today"),
        (
            "lookup(\"absent\", 1)",
            "line 1, column 8: there is no table \"absent\"",
        ),
        (
            "lookup(f.word, 1)",
            "line 1, column 8: the first argument of lookup is the name of a table, written as a text",
        ),
    ] {
        refused(source, &Type::Bool, message);
    }
}

#[test]
fn a_text_compared_with_an_enumeration_must_be_one_of_its_values() {
    for source in [
        "f.kind == \"spouse\"",
        "\"child\" != f.kind",
        "f.kind in [\"member\", \"child\"]",
        "\"member\" in f.kinds",
        "f.kind in setting.kinds",
        "f.kind == setting.relative",
        "f.kind == (f.flag ? \"member\" : \"child\")",
        "count(f.kinds, \"child\") == 1",
    ] {
        accepted(source, &Type::Bool);
    }
    let stranger = "\"cousin\" is not a value of";
    for source in [
        "f.kind == \"cousin\"",
        "\"cousin\" == f.kind",
        "f.kind in [\"child\", \"cousin\"]",
        "\"cousin\" in f.kinds",
        "f.kind in setting.strangers",
    ] {
        let error = typed(source, &Type::Bool).expect_err(source);
        assert!(error.contains(stranger), "{source}: {error}");
    }
    refused(
        "f.kind == f.word",
        &Type::Bool,
        "line 1, column 11: expected enum(child, member, spouse), found text",
    );
}

#[test]
fn a_lookup_that_could_miss_needs_a_value_for_that() {
    let missing = "line 1, column 1: the table \"gaps\" has no row for some keys: give lookup a third argument, the value for them";
    refused("lookup(\"gaps\", f.kind)", &Type::Money, missing);
    refused(
        "lookup(\"by_kind\", f.word)",
        &Type::Money,
        "line 1, column 19: expected enum(child, member, spouse), found text",
    );
}

#[test]
fn an_optional_fact_is_read_only_where_it_is_known() {
    for source in [
        "has(o.number) && o.number > 3",
        "!has(o.number) || o.number > 3",
        "has(o.number) ? o.number > 3 : false",
        "!has(o.number) ? true : o.number > 3",
        "has(o.number) && (f.flag || o.number > 1) && o.number < 9",
        "(has(o.number) && has(o.flag)) ? o.flag && o.number == 1 : true",
        "!(has(o.number) && has(o.flag)) || o.flag || o.number == 1",
        "!(has(o.number) && f.flag) || o.number > 3",
        "(f.flag ? has(o.number) : (has(o.number) && f.flag)) && o.number == 1",
    ] {
        accepted(source, &Type::Bool);
    }
    let unknown = "the fact o.number may be unknown here: test has(o.number) first";
    for source in [
        "o.number > 3",
        "o.number > 3 && has(o.number)",
        "has(o.number) || o.number > 3",
        "!has(o.number) && o.number > 3",
        "has(o.flag) && o.number > 3",
        "(has(o.number) || f.flag) && o.number > 3",
        "has(o.number) ? true : o.number > 3",
        "(f.flag ? has(o.number) : f.flag) && o.number == 1",
    ] {
        let error = typed(source, &Type::Bool).expect_err(source);
        assert!(error.ends_with(unknown), "{source}: {error}");
    }
    refused(
        "has(f.number)",
        &Type::Bool,
        "line 1, column 1: the fact f.number is always known: has() is for optional facts",
    );
}

#[test]
fn a_condition_says_which_optional_facts_are_given_when_it_holds() {
    let names = |source| {
        typed(source, &Type::Bool)
            .expect(source)
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("has(o.number) && (has(o.flag) && o.flag)"),
        ["o.flag", "o.number"]
    );
    assert_eq!(names("has(o.number) || has(o.flag)"), Vec::<String>::new());
    assert_eq!(names("has(o.number) && f.flag || has(o.number)"), ["o.number"]);
    assert_eq!(names("!(!has(o.number) || !has(o.day))"), ["o.day", "o.number"]);
}
