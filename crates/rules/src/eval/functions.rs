//! What the functions compute. Dates are civil days; ages and shares are the kernel's.

use std::borrow::Cow;

use chrono::{Datelike, Days, Months, NaiveDate};
use kernel::{age::age_on, money::Money};

use super::{EvalErrorKind, Result, arithmetic, list_of, order};
use crate::{
    typed::{Arithmetic, Function},
    value::Value,
};

pub(super) fn call(function: Function, arguments: &[Cow<'_, Value>]) -> Result<Value> {
    let arguments: Vec<&Value> = arguments.iter().map(AsRef::as_ref).collect();
    match (function, arguments.as_slice()) {
        (Function::Min, [first, rest @ ..]) => extreme(first, rest, std::cmp::Ordering::is_lt),
        (Function::Max, [first, rest @ ..]) => extreme(first, rest, std::cmp::Ordering::is_gt),
        (Function::SumInts, [list]) => sum(Value::Int(0), list_of(list)?),
        (Function::SumMoney, [list]) => sum(Value::Money(Money::ZERO), list_of(list)?),
        (Function::Size, [list]) => number(list_of(list)?.len()),
        (Function::Count, [list, wanted]) => {
            number(list_of(list)?.iter().filter(|element| element == wanted).count())
        }
        (Function::Share, [Value::Money(amount), Value::Percent(share)]) => amount
            .share(*share)
            .map(Value::Money)
            .ok_or(EvalErrorKind::Overflow),
        (Function::Age, [Value::Date(birth), Value::Date(on)]) => age_on(*birth, *on)
            .map(|age| Value::Int(age.into()))
            .map_err(|_| EvalErrorKind::BirthInFuture),
        (Function::Year, [Value::Date(date)]) => Ok(Value::Int(date.year().into())),
        (Function::Month, [Value::Date(date)]) => Ok(Value::Int(date.month().into())),
        (Function::Day, [Value::Date(date)]) => Ok(Value::Int(date.day().into())),
        (Function::DaysBetween, [Value::Date(from), Value::Date(to)]) => {
            Ok(Value::Int(to.signed_duration_since(*from).num_days()))
        }
        (Function::AddDays, [Value::Date(date), Value::Int(days)]) => {
            let size = Days::new(days.unsigned_abs());
            let moved = if *days < 0 {
                date.checked_sub_days(size)
            } else {
                date.checked_add_days(size)
            };
            day(moved)
        }
        (Function::AddMonths, [Value::Date(date), Value::Int(months)]) => {
            let size = u32::try_from(months.unsigned_abs())
                .map(Months::new)
                .map_err(|_| EvalErrorKind::NoSuchDay)?;
            let moved = if *months < 0 {
                date.checked_sub_months(size)
            } else {
                date.checked_add_months(size)
            };
            day(moved)
        }
        _ => Err(EvalErrorKind::Unchecked),
    }
}

fn number(length: usize) -> Result<Value> {
    i64::try_from(length)
        .map(Value::Int)
        .map_err(|_| EvalErrorKind::Overflow)
}

fn day(date: Option<NaiveDate>) -> Result<Value> {
    date.map(Value::Date).ok_or(EvalErrorKind::NoSuchDay)
}

fn extreme(first: &Value, rest: &[&Value], better: fn(std::cmp::Ordering) -> bool) -> Result<Value> {
    let mut best = first;
    for value in rest {
        if better(order(value, best)?) {
            best = value;
        }
    }
    Ok(best.clone())
}

fn sum(nothing: Value, elements: &[Value]) -> Result<Value> {
    elements.iter().try_fold(nothing, |total, element| {
        arithmetic(Arithmetic::Add, &total, element)
    })
}
