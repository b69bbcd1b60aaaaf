//! Answers to the typed questions of a benefit's own pages: which value a field takes, and which rule a wrong one breaks. Which fields
//! there are is data of the catalogue.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Money, Province};
use serde::{Deserialize, Serialize};

use crate::domain::catalogue::{Day, Field, FieldKind, FormPage};

/// A typed answer.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldValue {
    Date(NaiveDate),
    #[serde(rename = "centimes")]
    Money(Money),
    Province(Province),
    YesNo(bool),
    Number(i64),
}

impl std::fmt::Debug for FieldValue {
    /// Which kind, never which value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Date(_) => "Date",
            Self::Money(_) => "Money",
            Self::Province(_) => "Province",
            Self::YesNo(_) => "YesNo",
            Self::Number(_) => "Number",
        })
    }
}

impl std::fmt::Display for FieldValue {
    /// The value in one spelling, for comparing; not for reading.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Date(day) => day.fmt(f),
            Self::Money(amount) => amount.centimes().fmt(f),
            Self::Province(province) => province.iso().fmt(f),
            Self::YesNo(yes) => yes.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// A value as it came, or none to take the answer back.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldGiven {
    pub(crate) field: String,
    pub(crate) value: Option<FieldValue>,
}

/// The rule that an answer breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldRule {
    /// The page has no such field.
    Unknown,
    /// Answered twice at once.
    Repeated,
    /// A value of another kind.
    Kind,
    TooEarly,
    TooLate,
    TooSmall,
    TooLarge,
    /// The answer of the question from which it must differ.
    Same,
}

/// Which field of the form, by its code, and what is wrong with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldProblem {
    pub(crate) field: String,
    pub(crate) rule: FieldRule,
}

/// The answers with those of one page. All are taken, or none.
///
/// # Errors
/// Every answer that breaks a rule.
pub(crate) fn with_page(
    before: &BTreeMap<String, FieldValue>,
    page: &FormPage,
    given: &[FieldGiven],
    today: NaiveDate,
) -> Result<BTreeMap<String, FieldValue>, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut after = before.clone();
    for (at, one) in given.iter().enumerate() {
        let mut refuse = |rule| {
            problems.push(FieldProblem {
                field: one.field.clone(),
                rule,
            });
        };
        let Some(field) = page.field(&one.field) else {
            refuse(FieldRule::Unknown);
            continue;
        };
        if given.iter().take(at).any(|earlier| earlier.field == one.field) {
            refuse(FieldRule::Repeated);
            continue;
        }
        match one.value {
            None => {
                after.remove(&one.field);
            }
            Some(value) => match fits(field, value, Some(today)) {
                Ok(()) => {
                    after.insert(one.field.clone(), value);
                }
                Err(rule) => refuse(rule),
            },
        }
    }
    // Two answers are compared when both are known; the later question is the one to mend.
    for field in &page.fields {
        let wrong = against_another(field, &after);
        if let Some(rule) = wrong
            && problems.iter().all(|problem| problem.field != field.code)
        {
            problems.push(FieldProblem {
                field: field.code.clone(),
                rule,
            });
        }
    }
    if problems.is_empty() {
        Ok(after)
    } else {
        Err(problems)
    }
}

/// Whether the question counts as answered: a value that the catalogue no longer takes is asked for again. Bounds that move with the day
/// were checked when the value came.
pub(crate) fn is_answered(field: &Field, answers: &BTreeMap<String, FieldValue>) -> bool {
    answers
        .get(&field.code)
        .is_some_and(|value| fits(field, *value, None).is_ok())
        && against_another(field, answers).is_none()
}

/// The rule that the answer breaks together with that of another question.
fn against_another(field: &Field, answers: &BTreeMap<String, FieldValue>) -> Option<FieldRule> {
    if before_its_start(field, answers) {
        Some(FieldRule::TooEarly)
    } else if repeats_another(field, answers) {
        Some(FieldRule::Same)
    } else {
        None
    }
}

fn repeats_another(field: &Field, answers: &BTreeMap<String, FieldValue>) -> bool {
    let own = answers.get(&field.code);
    let other = field.other_than.as_deref().and_then(|code| answers.get(code));
    own.is_some() && own == other
}

fn before_its_start(field: &Field, answers: &BTreeMap<String, FieldValue>) -> bool {
    let day_of = |code: &str| match answers.get(code) {
        Some(FieldValue::Date(day)) => Some(*day),
        Some(_) | None => None,
    };
    let start = field.not_before.as_deref().and_then(day_of);
    match (start, day_of(&field.code)) {
        (Some(start), Some(day)) => day < start,
        _ => false,
    }
}

fn fits(field: &Field, value: FieldValue, today: Option<NaiveDate>) -> Result<(), FieldRule> {
    match (&field.kind, value) {
        (FieldKind::Date { earliest, latest }, FieldValue::Date(day)) => {
            let bound = |bound: &Option<Day>| match bound {
                Some(Day::On(day)) => Some(*day),
                Some(Day::Today) => today,
                None => None,
            };
            within(
                day,
                bound(earliest),
                bound(latest),
                FieldRule::TooEarly,
                FieldRule::TooLate,
            )
        }
        (FieldKind::Money { min, max }, FieldValue::Money(amount)) => {
            within(amount, *min, *max, FieldRule::TooSmall, FieldRule::TooLarge)
        }
        (FieldKind::Number { min, max }, FieldValue::Number(number)) => {
            within(number, *min, *max, FieldRule::TooSmall, FieldRule::TooLarge)
        }
        (FieldKind::Province, FieldValue::Province(_)) | (FieldKind::YesNo, FieldValue::YesNo(_)) => Ok(()),
        (
            FieldKind::Date { .. }
            | FieldKind::Money { .. }
            | FieldKind::Number { .. }
            | FieldKind::Province
            | FieldKind::YesNo,
            _,
        ) => Err(FieldRule::Kind),
    }
}

fn within<T: PartialOrd>(
    value: T,
    min: Option<T>,
    max: Option<T>,
    below: FieldRule,
    above: FieldRule,
) -> Result<(), FieldRule> {
    if min.is_some_and(|min| value < min) {
        Err(below)
    } else if max.is_some_and(|max| value > max) {
        Err(above)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
