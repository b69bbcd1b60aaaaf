//! Answers to typed questions between what a person types and what the backend takes: days, amounts and numbers as they are written in
//! Morocco, with Arabic digits too. Bounds are the backend's to hold.

use chrono::NaiveDate;
use kernel::digits::{squeeze, to_ascii_digits};
use kernel::{Locale, Money};

use crate::backend::models::{Question, QuestionKind, TypedValue};
use crate::views::Frame;

/// The value that was typed; `None` when it cannot be read. Not called for an empty one.
pub(crate) fn read(question: &Question, typed: &str) -> Option<TypedValue> {
    match question.kind {
        QuestionKind::Date => day(typed).map(TypedValue::Date),
        QuestionKind::Money => amount(typed).map(TypedValue::Money),
        QuestionKind::Number => squeeze(typed).parse().ok().map(TypedValue::Number),
        QuestionKind::Province => question
            .options
            .iter()
            .any(|(value, _)| value == typed)
            .then(|| TypedValue::Province(typed.to_owned())),
        QuestionKind::YesNo => match typed {
            "yes" => Some(TypedValue::YesNo(true)),
            "no" => Some(TypedValue::YesNo(false)),
            _ => None,
        },
    }
}

/// `2026-11-22`, as a browser's date field sends it, or day, month and year as people write them.
fn day(typed: &str) -> Option<NaiveDate> {
    let text = squeeze(typed);
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    let all_digits = [year, month, day]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !all_digits || month.len() > 2 || day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The unit may stand behind the amount.
fn amount(typed: &str) -> Option<i64> {
    let text = to_ascii_digits(typed);
    let text = text.trim();
    let lower = text.to_lowercase();
    let units = ["dirhams", "dirham", "mad", "dh", "درهما", "درهم", "د.م."];
    let unit = units.into_iter().find(|unit| lower.ends_with(unit));
    let number = match unit {
        Some(unit) => text.get(..text.len().checked_sub(unit.len())?)?,
        None => text,
    };
    Money::parse(number.trim()).ok().map(Money::centimes)
}

/// As the field of a form shows it, for going on typing.
pub(crate) fn in_field(value: &TypedValue) -> String {
    match value {
        TypedValue::Date(day) => day.to_string(),
        TypedValue::Money(centimes) => Money::from_centimes(*centimes).amount_fr(),
        TypedValue::Province(code) => code.clone(),
        TypedValue::YesNo(true) => "yes".to_owned(),
        TypedValue::YesNo(false) => "no".to_owned(),
        TypedValue::Number(number) => number.to_string(),
    }
}

/// As a sentence says it.
pub(crate) fn in_words(frame: &Frame, question: &Question, value: &TypedValue) -> String {
    match value {
        TypedValue::Date(day) => frame.day(*day),
        TypedValue::Money(centimes) => frame.money(*centimes),
        TypedValue::Province(code) => option_label(question, code, frame.locale),
        TypedValue::YesNo(true) => frame.t("question-yes"),
        TypedValue::YesNo(false) => frame.t("question-no"),
        TypedValue::Number(number) => number.to_string(),
    }
}

fn option_label(question: &Question, code: &str, locale: Locale) -> String {
    let option = question.options.iter().find(|(value, _)| value == code);
    option.map_or_else(
        || code.to_owned(),
        |(_, label)| label.in_locale(locale).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn question(kind: QuestionKind) -> Question {
        Question {
            code: "q".to_owned(),
            kind,
            label: crate::backend::models::Bilingual::default(),
            hint: crate::backend::models::Bilingual::default(),
            required: true,
            min: String::new(),
            max: String::new(),
            not_before: String::new(),
            other_than: String::new(),
            options: vec![("MA-LAA".to_owned(), crate::backend::models::Bilingual::default())],
        }
    }

    #[test]
    fn a_day_is_read_as_a_browser_sends_it_and_as_people_write_it() {
        let expected = NaiveDate::from_ymd_opt(2026, 11, 2).map(TypedValue::Date);
        for typed in [
            "2026-11-02",
            "02/11/2026",
            "2/11/2026",
            "2-11-2026",
            "2.11.2026",
            " ٠٢/١١/٢٠٢٦ ",
        ] {
            assert_eq!(read(&question(QuestionKind::Date), typed), expected, "{typed}");
        }
        for typed in [
            "31/02/2026",
            "2026",
            "11/2026",
            "02/11/26",
            "hier",
            "2026-11-02-1",
            "+026-11-02",
            "/11/2026",
        ] {
            assert_eq!(read(&question(QuestionKind::Date), typed), None, "{typed}");
        }
    }

    #[test]
    fn an_amount_is_read_with_its_unit_comma_and_groups() {
        for typed in [
            "1850,50",
            "1850.50",
            "1 850,50",
            "1\u{202F}850,50 DH",
            "1850,50 dirhams",
            "1850.50 MAD",
            "١٨٥٠٫٥٠ درهم",
        ] {
            assert_eq!(
                read(&question(QuestionKind::Money), typed),
                Some(TypedValue::Money(185_050)),
                "{typed}"
            );
        }
        for typed in ["cher", "1,2,3", "1850,505", "DH", "99999999999999999999"] {
            assert_eq!(read(&question(QuestionKind::Money), typed), None, "{typed}");
        }
    }

    #[test]
    fn only_what_is_offered_can_be_chosen() {
        let province = question(QuestionKind::Province);
        assert_eq!(
            read(&province, "MA-LAA"),
            Some(TypedValue::Province("MA-LAA".to_owned()))
        );
        assert_eq!(read(&province, "MA-XXX"), None);
        let yes_no = question(QuestionKind::YesNo);
        assert_eq!(read(&yes_no, "no"), Some(TypedValue::YesNo(false)));
        assert_eq!(read(&yes_no, "maybe"), None);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_not_without_a_panic_and_what_is_shown_reads_back(
            typed: String, centimes in 0_i64..1_000_000_000, days in 0_i32..2_000_000
        ) {
            for kind in [QuestionKind::Date, QuestionKind::Money, QuestionKind::Number, QuestionKind::Province, QuestionKind::YesNo] {
                let _either_way = read(&question(kind), &typed);
            }
            let amount = TypedValue::Money(centimes);
            prop_assert_eq!(read(&question(QuestionKind::Money), &in_field(&amount)), Some(amount));
            let day = TypedValue::Date(NaiveDate::from_num_days_from_ce_opt(365 + days).unwrap_or_default());
            prop_assert_eq!(read(&question(QuestionKind::Date), &in_field(&day)), Some(day));
        }
    }
}
