//! Typed questions as a catalogue file declares them: pages of dates, amounts, provinces, yes or no, numbers, each with its bounds. A
//! field may name the fact by which the rules know its answer, so that a new benefit's questions are data.

use chrono::NaiveDate;
use kernel::Money;
use rules::Type;
use serde::Deserialize;

use super::Text;

/// One page of the wizard.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormPage {
    pub(crate) code: String,
    pub(crate) title: Text,
    pub(crate) fields: Vec<Field>,
}

impl FormPage {
    pub(crate) fn field(&self, code: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.code == code)
    }
}

/// One question.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Field {
    pub(crate) code: String,
    pub(crate) kind: FieldKind,
    pub(crate) label: Text,
    pub(crate) hint: Option<Text>,
    pub(crate) required: bool,
    /// The name by which rules read the answer; without it the answer is for whoever examines the file.
    pub(crate) fact: Option<String>,
    /// Code of the date that this date may not lie before.
    pub(crate) not_before: Option<String>,
    /// Code of the question of the same kind to which this one has another answer.
    pub(crate) other_than: Option<String>,
    /// Two requests that differ here may be open together, as two trips of one traveller.
    pub(crate) tells_requests_apart: bool,
}

/// What is asked for, with its bounds, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Date {
        earliest: Option<Day>,
        latest: Option<Day>,
    },
    Money {
        min: Option<Money>,
        max: Option<Money>,
    },
    Number {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// Any prefecture or province; which ones count is the rules' business.
    Province,
    YesNo,
}

/// A bound of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    On(NaiveDate),
    /// The civil day on which the answer comes.
    Today,
}

impl FieldKind {
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Date { .. } => "date",
            Self::Money { .. } => "money",
            Self::Number { .. } => "number",
            Self::Province => "province",
            Self::YesNo => "yes_no",
        }
    }

    /// The type of the fact that the answer becomes.
    pub(crate) fn fact_type(&self) -> Type {
        match self {
            Self::Date { .. } => Type::Date,
            Self::Money { .. } => Type::Money,
            Self::Number { .. } => Type::Int,
            Self::Province => Type::Text,
            Self::YesNo => Type::Bool,
        }
    }
}

/// The field as it is written: bounds are texts of the kind's own sort.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: String,
    kind: String,
    label: Text,
    hint: Option<Text>,
    #[serde(default = "yes")]
    required: bool,
    fact: Option<String>,
    min: Option<String>,
    max: Option<String>,
    not_before: Option<String>,
    other_than: Option<String>,
    #[serde(default)]
    tells_requests_apart: bool,
}

const fn yes() -> bool {
    true
}

impl TryFrom<Written> for Field {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let code = &written.code;
        let (min, max) = (written.min.as_deref(), written.max.as_deref());
        let kind = match written.kind.as_str() {
            "date" => FieldKind::Date {
                earliest: bound(code, min, day)?,
                latest: bound(code, max, day)?,
            },
            "money" => FieldKind::Money {
                min: bound(code, min, |text| Money::parse(text).ok())?,
                max: bound(code, max, |text| Money::parse(text).ok())?,
            },
            "number" => FieldKind::Number {
                min: bound(code, min, |text| text.parse().ok())?,
                max: bound(code, max, |text| text.parse().ok())?,
            },
            "province" => FieldKind::Province,
            "yes_no" => FieldKind::YesNo,
            other => {
                return Err(format!(
                    "field {code}: {other:?} is not a kind: date, money, number, province, yes_no"
                ));
            }
        };
        match &kind {
            FieldKind::Province | FieldKind::YesNo if min.or(max).is_some() => {
                return Err(format!("field {code}: this kind has no bounds"));
            }
            FieldKind::Money {
                min: Some(min),
                max: Some(max),
            } if min > max => return Err(turned(code)),
            FieldKind::Number {
                min: Some(min),
                max: Some(max),
            } if min > max => return Err(turned(code)),
            FieldKind::Date {
                earliest: Some(Day::On(earliest)),
                latest: Some(Day::On(latest)),
            } if earliest > latest => {
                return Err(turned(code));
            }
            FieldKind::Date { .. }
            | FieldKind::Money { .. }
            | FieldKind::Number { .. }
            | FieldKind::Province
            | FieldKind::YesNo => {}
        }
        Ok(Self {
            kind,
            code: written.code,
            label: written.label,
            hint: written.hint,
            required: written.required,
            fact: written.fact,
            not_before: written.not_before,
            other_than: written.other_than,
            tells_requests_apart: written.tells_requests_apart,
        })
    }
}

fn turned(code: &str) -> String {
    format!("field {code}: min is above max")
}

fn bound<T>(code: &str, text: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
    text.map(|text| read(text).ok_or_else(|| format!("field {code}: {text:?} is not a bound of its kind")))
        .transpose()
}

fn day(text: &str) -> Option<Day> {
    if text == "today" {
        Some(Day::Today)
    } else {
        text.parse().ok().map(Day::On)
    }
}
