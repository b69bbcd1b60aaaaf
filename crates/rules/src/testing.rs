//! For the crate's own tests: a tape of choices that proptest shrinks, and a generator of well-typed programs over a
//! schema with every type. Not compiled outside tests.

use chrono::NaiveDate;
use kernel::money::{BasisPoints, Money};

use crate::{
    schema::Schema,
    types::Type,
    value::{Facts, Value},
};

/// Choices read from bytes; at the end of the tape every choice is the first, so that programs end and shrink.
pub(crate) struct Tape<'b>(pub(crate) std::slice::Iter<'b, u8>);

impl<'b> Tape<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes.iter())
    }

    pub(crate) fn choose(&mut self, ways: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % ways
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.choose(from.len())]
    }
}

pub(crate) fn schema() -> Schema {
    let kind = || Type::enumeration(["member", "spouse", "child"]);
    [
        ("f.flag", Type::Bool, false),
        ("f.number", Type::Int, false),
        ("f.other", Type::Int, false),
        ("f.amount", Type::Money, false),
        ("f.rate", Type::Percent, false),
        ("f.day", Type::Date, false),
        ("f.born", Type::Date, false),
        ("f.word", Type::Text, false),
        ("f.kind", kind(), false),
        ("f.numbers", Type::list(Type::Int), false),
        ("f.amounts", Type::list(Type::Money), false),
        ("f.kinds", Type::list(kind()), false),
        ("o.flag", Type::Bool, true),
        ("o.number", Type::Int, true),
        ("o.amount", Type::Money, true),
        ("o.day", Type::Date, true),
    ]
    .into_iter()
    .try_fold(Schema::new(), |schema, (name, ty, optional)| {
        if optional {
            schema.optional(name, ty, "for tests")
        } else {
            schema.required(name, ty, "for tests")
        }
    })
    .expect("the schema of the tests stands")
}

/// Facts of that schema, with extreme values among them.
pub(crate) fn facts(tape: &mut Tape<'_>) -> Facts {
    let number = |tape: &mut Tape<'_>| [0, 1, -1, 7, 65, i64::MAX, i64::MIN, 1_000_000_007][tape.choose(8)];
    let day = |tape: &mut Tape<'_>| {
        [
            NaiveDate::from_ymd_opt(2020, 12, 1),
            NaiveDate::from_ymd_opt(2016, 2, 29),
            NaiveDate::from_ymd_opt(1, 1, 1),
            NaiveDate::from_ymd_opt(9999, 12, 31),
            Some(NaiveDate::MAX),
            Some(NaiveDate::MIN),
        ][tape.choose(6)]
        .expect("a day of the calendar")
    };
    let kind = |tape: &mut Tape<'_>| tape.pick(&["member", "spouse", "child"]).to_owned();
    let mut facts = Facts::new()
        .with("f.flag", tape.choose(2) == 1)
        .with("f.number", number(tape))
        .with("f.other", number(tape))
        .with("f.amount", Money::from_centimes(number(tape)))
        .with(
            "f.rate",
            BasisPoints::new([0, 3000, 10_000, u32::MAX][tape.choose(4)]),
        )
        .with("f.day", day(tape))
        .with("f.born", day(tape))
        .with("f.word", tape.pick(&["", "a", "كلمة", "MA-HOC"]))
        .with("f.kind", kind(tape));
    facts.set(
        "f.numbers",
        (0..tape.choose(5)).map(|_| number(tape)).collect::<Vec<i64>>(),
    );
    facts.set(
        "f.amounts",
        (0..tape.choose(5))
            .map(|_| Money::from_centimes(number(tape)))
            .collect::<Vec<Money>>(),
    );
    facts.set(
        "f.kinds",
        (0..tape.choose(4)).map(|_| kind(tape)).collect::<Vec<String>>(),
    );
    let optional: [(&str, Value); 4] = [
        ("o.flag", Value::Bool(tape.choose(2) == 1)),
        ("o.number", Value::Int(number(tape))),
        ("o.amount", Value::Money(Money::from_centimes(number(tape)))),
        ("o.day", Value::Date(day(tape))),
    ];
    for (name, value) in optional {
        if tape.choose(2) == 1 {
            facts.set(name, value);
        }
    }
    facts
}

/// The source of a program of type `ty`, at most `depth` operators high, each operand in parentheses.
pub(crate) fn program(tape: &mut Tape<'_>, ty: &Type, depth: usize) -> String {
    match ty {
        Type::Bool => boolean(tape, depth),
        Type::Int => int(tape, depth),
        Type::Money => amount(tape, depth),
        Type::Percent => tape
            .pick(&[
                "percent(\"30\")",
                "percent(\"0\")",
                "percent(\"12.25\")",
                "f.rate",
            ])
            .to_owned(),
        Type::Date => date(tape, depth),
        Type::Text | Type::Enum(_) | Type::List(_) => tape.pick(&["f.word", "\"a\"", "\"\""]).to_owned(),
    }
}

fn choice(tape: &mut Tape<'_>, ty: &Type, depth: usize) -> String {
    let (condition, then, otherwise) = (
        program(tape, &Type::Bool, depth),
        program(tape, ty, depth),
        program(tape, ty, depth),
    );
    format!("(({condition}) ? ({then}) : ({otherwise}))")
}

fn optional_or(tape: &mut Tape<'_>, name: &str, ty: &Type, depth: usize) -> String {
    format!("(has({name}) ? {name} : ({}))", program(tape, ty, depth))
}

fn boolean(tape: &mut Tape<'_>, depth: usize) -> String {
    if depth == 0 {
        return tape
            .pick(&[
                "f.flag",
                "true",
                "false",
                "has(o.flag)",
                "f.kind == \"spouse\"",
                "f.kind in f.kinds",
            ])
            .to_owned();
    }
    let d = depth - 1;
    let operand = |tape: &mut Tape<'_>, ty: &Type| program(tape, ty, d);
    match tape.choose(12) {
        0 => boolean(tape, 0),
        1 => format!("!({})", operand(tape, &Type::Bool)),
        2 => format!(
            "(({}) && ({}))",
            operand(tape, &Type::Bool),
            operand(tape, &Type::Bool)
        ),
        3 => format!(
            "(({}) || ({}) || ({}))",
            operand(tape, &Type::Bool),
            operand(tape, &Type::Bool),
            operand(tape, &Type::Bool)
        ),
        4 | 5 => {
            let ty = [Type::Int, Type::Money, Type::Date, Type::Percent][tape.choose(4)].clone();
            let comparison = tape.pick(&["<", "<=", ">", ">=", "==", "!="]);
            format!("(({}) {comparison} ({}))", operand(tape, &ty), operand(tape, &ty))
        }
        6 => format!(
            "(({}) in [{}, {}, f.number])",
            operand(tape, &Type::Int),
            operand(tape, &Type::Int),
            operand(tape, &Type::Int)
        ),
        7 => format!("(({}) in f.numbers)", operand(tape, &Type::Int)),
        8 => format!(
            "(({}) == ({}))",
            operand(tape, &Type::Bool),
            operand(tape, &Type::Bool)
        ),
        9 => format!("(has(o.number) && o.number > ({}))", operand(tape, &Type::Int)),
        10 => format!("(!has(o.day) || o.day != ({}))", operand(tape, &Type::Date)),
        _ => choice(tape, &Type::Bool, d),
    }
}

fn int(tape: &mut Tape<'_>, depth: usize) -> String {
    if depth == 0 {
        return tape
            .pick(&[
                "0",
                "1",
                "f.number",
                "f.other",
                "-3",
                "9223372036854775807",
                "-9223372036854775808",
            ])
            .to_owned();
    }
    let d = depth - 1;
    match tape.choose(10) {
        0 => int(tape, 0),
        1 | 2 => {
            let op = tape.pick(&["+", "-", "*"]);
            format!("(({}) {op} ({}))", int(tape, d), int(tape, d))
        }
        3 => format!("-({})", int(tape, d)),
        4 => format!(
            "{}({}, {}, 5)",
            tape.pick(&["min", "max"]),
            int(tape, d),
            int(tape, d)
        ),
        5 => tape
            .pick(&[
                "sum(f.numbers)",
                "size(f.amounts)",
                "count(f.kinds, \"child\")",
                "count(f.numbers, f.other)",
            ])
            .to_owned(),
        6 => format!("{}({})", tape.pick(&["year", "month", "day"]), date(tape, d)),
        7 => format!(
            "{}({}, {})",
            tape.pick(&["age", "days_between"]),
            date(tape, d),
            date(tape, d)
        ),
        8 => optional_or(tape, "o.number", &Type::Int, d),
        _ => choice(tape, &Type::Int, d),
    }
}

fn amount(tape: &mut Tape<'_>, depth: usize) -> String {
    if depth == 0 {
        return tape
            .pick(&[
                "f.amount",
                "money(\"0\")",
                "money(\"1850.50\")",
                "money(\"9999999999999.99\")",
            ])
            .to_owned();
    }
    let d = depth - 1;
    match tape.choose(9) {
        0 => amount(tape, 0),
        1 | 2 => {
            let op = tape.pick(&["+", "-"]);
            format!("(({}) {op} ({}))", amount(tape, d), amount(tape, d))
        }
        3 => format!("(({}) * ({}))", amount(tape, d), int(tape, d)),
        4 => format!("share({}, {})", amount(tape, d), program(tape, &Type::Percent, d)),
        5 => format!(
            "{}({}, {})",
            tape.pick(&["min", "max"]),
            amount(tape, d),
            amount(tape, d)
        ),
        6 => format!("sum([f.amount, {}])", amount(tape, d)),
        7 => optional_or(tape, "o.amount", &Type::Money, d),
        _ => choice(tape, &Type::Money, d),
    }
}

fn date(tape: &mut Tape<'_>, depth: usize) -> String {
    if depth == 0 {
        return tape
            .pick(&["f.day", "f.born", "date(\"2020-02-29\")", "date(\"9999-12-31\")"])
            .to_owned();
    }
    let d = depth - 1;
    match tape.choose(5) {
        0 => date(tape, 0),
        1 => format!(
            "{}({}, {})",
            tape.pick(&["add_days", "add_months"]),
            date(tape, d),
            int(tape, d)
        ),
        2 => format!(
            "{}({}, {})",
            tape.pick(&["min", "max"]),
            date(tape, d),
            date(tape, d)
        ),
        3 => optional_or(tape, "o.day", &Type::Date, d),
        _ => choice(tape, &Type::Date, d),
    }
}
