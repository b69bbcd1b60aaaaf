//! Typed questions of a benefit's own pages and their answers, between the contract and the portal's words.

use benefits_proto::v1 as wire;
use wire::field_value::Value as Wire;

use super::benefits::text;
use super::models::{Bilingual, Question, QuestionKind, QuestionPage, TypedValue};

pub(super) fn page(page: wire::FormPage) -> QuestionPage {
    QuestionPage {
        code: page.page_code,
        title: text(page.title),
        questions: page.fields.into_iter().filter_map(question).collect(),
    }
}

/// A kind that this version does not know cannot be asked: the summary then says that an answer is missing.
fn question(field: wire::FormField) -> Option<Question> {
    let kind = match field.kind.as_str() {
        "date" => QuestionKind::Date,
        "money" => QuestionKind::Money,
        "number" => QuestionKind::Number,
        "province" => QuestionKind::Province,
        "yes_no" => QuestionKind::YesNo,
        unknown => {
            tracing::error!(field.kind = unknown, "a question of an unknown kind is left out");
            return None;
        }
    };
    Some(Question {
        kind,
        code: field.field_code,
        label: text(field.label),
        hint: text(field.hint),
        required: field.required,
        min: field.min,
        max: field.max,
        not_before: field.not_before_field,
        other_than: field.other_than_field,
        options: field
            .options
            .into_iter()
            .map(|option| {
                (
                    option.value,
                    option.label.map(Bilingual::from).unwrap_or_default(),
                )
            })
            .collect(),
    })
}

pub(super) fn given((code, value): (String, Option<TypedValue>)) -> wire::FieldValue {
    wire::FieldValue {
        field_code: code,
        value: value.map(|value| match value {
            TypedValue::Date(day) => Wire::Date(day.to_string()),
            TypedValue::Money(centimes) => Wire::MoneyCentimes(centimes),
            TypedValue::Number(number) => Wire::Number(number),
            TypedValue::Province(code) => Wire::Province(code),
            TypedValue::YesNo(yes) => Wire::YesNo(yes),
        }),
    }
}

pub(super) fn answered(answer: wire::FieldValue) -> Option<(String, TypedValue)> {
    let value = match answer.value? {
        Wire::Date(day) => TypedValue::Date(day.parse().ok()?),
        Wire::MoneyCentimes(centimes) => TypedValue::Money(centimes),
        Wire::Number(number) => TypedValue::Number(number),
        Wire::Province(code) => TypedValue::Province(code),
        Wire::YesNo(yes) => TypedValue::YesNo(yes),
    };
    Some((answer.field_code, value))
}
