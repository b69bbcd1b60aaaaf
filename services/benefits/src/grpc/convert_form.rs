//! Typed questions and their answers between the domain and the wire. Nothing is decided here.

use benefits_proto::v1 as wire;
use kernel::{Money, Province};
use wire::field_value::Value as WireValue;

use super::convert::text;
use crate::domain::answers::AnswerRefused;
use crate::domain::answers::fields::{FieldGiven, FieldProblem, FieldRule, FieldValue};
use crate::domain::catalogue::{Day, Field, FieldKind, FormPage};
use crate::error::Error;
use crate::use_cases::save_answer::AnswerGiven;

/// A text that is no day or province is a value of another kind.
pub(super) fn answers_given(answer: wire::FieldsAnswer) -> Result<AnswerGiven, Error> {
    let mut given = Vec::with_capacity(answer.values.len());
    let mut problems = Vec::new();
    for one in answer.values {
        let read = match one.value {
            Some(value) => typed(value).map(Some),
            None => Some(None),
        };
        match read {
            Some(value) => given.push(FieldGiven {
                field: one.field_code,
                value,
            }),
            None => problems.push(FieldProblem {
                field: one.field_code,
                rule: FieldRule::Kind,
            }),
        }
    }
    if problems.is_empty() {
        Ok(AnswerGiven::Fields {
            page: answer.page_code,
            given,
        })
    } else {
        Err(AnswerRefused::Fields(problems).into())
    }
}

fn typed(value: WireValue) -> Option<FieldValue> {
    Some(match value {
        // One spelling of a day, so that a stored request is one text.
        WireValue::Date(day) if day.len() == "2026-11-22".len() => FieldValue::Date(day.parse().ok()?),
        WireValue::Date(_) => return None,
        WireValue::MoneyCentimes(centimes) => FieldValue::Money(Money::from_centimes(centimes)),
        WireValue::Province(code) => FieldValue::Province(Province::from_iso(&code).ok()?),
        WireValue::YesNo(yes) => FieldValue::YesNo(yes),
        WireValue::Number(number) => FieldValue::Number(number),
    })
}

pub(super) fn value(code: &str, value: FieldValue) -> wire::FieldValue {
    wire::FieldValue {
        field_code: code.to_owned(),
        value: Some(match value {
            FieldValue::Date(day) => WireValue::Date(day.to_string()),
            FieldValue::Money(amount) => WireValue::MoneyCentimes(amount.centimes()),
            FieldValue::Province(province) => WireValue::Province(province.iso().to_owned()),
            FieldValue::YesNo(yes) => WireValue::YesNo(yes),
            FieldValue::Number(number) => WireValue::Number(number),
        }),
    }
}

pub(super) fn page(page: &FormPage) -> wire::FormPage {
    wire::FormPage {
        page_code: page.code.clone(),
        title: Some(text(&page.title)),
        fields: page.fields.iter().map(field).collect(),
    }
}

fn field(field: &Field) -> wire::FormField {
    let (min, max) = bounds(&field.kind);
    wire::FormField {
        field_code: field.code.clone(),
        kind: field.kind.as_str().to_owned(),
        label: Some(text(&field.label)),
        hint: field.hint.as_ref().map(text),
        required: field.required,
        min,
        max,
        not_before_field: field.not_before.clone().unwrap_or_default(),
        other_than_field: field.other_than.clone().unwrap_or_default(),
        options: match field.kind {
            FieldKind::Province => Province::all().map(option).collect(),
            FieldKind::Date { .. }
            | FieldKind::Money { .. }
            | FieldKind::Number { .. }
            | FieldKind::YesNo => Vec::new(),
        },
    }
}

/// As the kind is written; empty without a bound. A bound that moves with the day is the word of the catalogue.
fn bounds(kind: &FieldKind) -> (String, String) {
    let day = |bound: &Option<Day>| match bound {
        Some(Day::On(day)) => day.to_string(),
        Some(Day::Today) => "today".to_owned(),
        None => String::new(),
    };
    let centimes = |bound: &Option<Money>| {
        bound
            .map(|amount| amount.centimes().to_string())
            .unwrap_or_default()
    };
    let number = |bound: &Option<i64>| bound.map(|number| number.to_string()).unwrap_or_default();
    match kind {
        FieldKind::Date { earliest, latest } => (day(earliest), day(latest)),
        FieldKind::Money { min, max } => (centimes(min), centimes(max)),
        FieldKind::Number { min, max } => (number(min), number(max)),
        FieldKind::Province | FieldKind::YesNo => (String::new(), String::new()),
    }
}

fn option(province: Province) -> wire::FieldOption {
    wire::FieldOption {
        value: province.iso().to_owned(),
        label: Some(wire::LocalizedText {
            ar: province.name_ar().to_owned(),
            fr: province.name_fr().to_owned(),
        }),
    }
}
