//! The pages of typed questions that a service asks of its own: days, amounts, places. Which questions there are is the service's; here is how
//! each kind is asked, and the sentence for each rule that an answer breaks.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::Locale;
use kernel::civil;

use super::{Draft, Step, is_going_back, open_where, typed};
use crate::backend::models::{Answer, BenefitForm, Question, QuestionKind, QuestionPage, TypedValue};
use crate::error::Error;
use crate::pages::{Page, refusal};
use crate::views::{self, Choice, Frame, Problems, TypedField, WizardHead};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "wizard/details.html")]
struct Details {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    fields: Vec<TypedField>,
    saved: String,
}

pub(crate) async fn show(visit: Visit, Path((_, id, page)): Path<(String, String, String)>) -> Page {
    let draft = match open_where(&visit, &id, |form| place_of(form, &page).map(Step::Details)).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let at = place_of(&draft.form, &page)?;
    render(&visit, &draft, at, Problems::default(), StatusCode::OK)
}

pub(crate) async fn submit(visit: Visit, Path((_, id, page)): Path<(String, String, String)>) -> Page {
    let mut draft = match open_where(&visit, &id, |form| place_of(form, &page).map(Step::Details)).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let at = place_of(&draft.form, &page)?;
    let mut problems = Problems {
        heading: visit.say("problems-heading"),
        ..Problems::default()
    };
    let asked = &asked_on(&draft, at);
    if is_going_back(&visit) {
        let answer = what_can_be_saved(&visit, &draft, asked);
        return draft.step_back(&visit, Step::Details(at), Some(answer)).await;
    }
    let mut values = Vec::with_capacity(asked.questions.len());
    for question in &asked.questions {
        match answered(&visit, question) {
            Ok(value) => values.push((question.code.clone(), value)),
            Err(key) => problems.add(&id_of(&question.code), visit.say(key)),
        }
    }
    if !problems.is_empty() {
        return render(&visit, &draft, at, problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = Answer::Typed {
        page: asked.code.clone(),
        values,
    };
    match draft.save(&visit, answer).await {
        Ok(()) => Ok(draft.onward(&visit, Step::Details(at))),
        Err(error) => {
            say(&visit, &draft.form.pages[at], &mut problems, error)?;
            render(&visit, &draft, at, problems, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// What Retour saves: what was typed well, and what the draft has where something was not.
fn what_can_be_saved(visit: &Visit, draft: &Draft, asked: &QuestionPage) -> Answer {
    let saved = |code: &str| {
        let typed = &draft.file.answers.typed;
        typed
            .iter()
            .find(|(known, _)| known == code)
            .map(|(_, value)| value.clone())
    };
    let value = |question: &Question| answered(visit, question).unwrap_or_else(|_| saved(&question.code));
    Answer::Typed {
        page: asked.code.clone(),
        values: asked
            .questions
            .iter()
            .map(|question| (question.code.clone(), value(question)))
            .collect(),
    }
}

fn place_of(form: &BenefitForm, page: &str) -> Result<usize, Error> {
    let place = form.pages.iter().position(|known| known.code == page);
    place.ok_or(Error::NotFound)
}

/// The page with the questions that may be answered: all of a draft, those that were asked for of a correction.
fn asked_on(draft: &Draft, at: usize) -> QuestionPage {
    let mut page = draft.form.pages[at].clone();
    page.questions.retain(|question| draft.asks_field(&question.code));
    page
}

/// Id and name of the field; hidden fields of the form have no such prefix.
fn id_of(code: &str) -> String {
    format!("q-{code}")
}

/// What was typed, none for an optional question left empty, or the key of what to do.
fn answered(visit: &Visit, question: &Question) -> Result<Option<TypedValue>, &'static str> {
    let text = visit.fields.trimmed(&id_of(&question.code)).to_owned();
    if text.is_empty() {
        return match (question.required, question.kind) {
            (false, _) => Ok(None),
            (true, QuestionKind::YesNo | QuestionKind::Province) => Err("question-choose"),
            (true, QuestionKind::Date) => Err("question-day"),
            (true, QuestionKind::Money) => Err("question-amount"),
            (true, QuestionKind::Number) => Err("question-number"),
        };
    }
    typed::read(question, &text).map(Some).ok_or(match question.kind {
        QuestionKind::YesNo | QuestionKind::Province => "question-choose",
        QuestionKind::Date => "question-day",
        QuestionKind::Money => "question-amount",
        QuestionKind::Number => "question-number",
    })
}

/// The lines of the summary for what the service refused: at the field, with the bound that was passed.
fn say(visit: &Visit, page: &QuestionPage, problems: &mut Problems, error: Error) -> Result<(), Error> {
    let Error::Refused { fields, .. } = &error else {
        return Err(error);
    };
    let rules: Vec<(String, String)> = fields
        .iter()
        .map(|field| (field.name.clone(), field.reason.clone()))
        .collect();
    refusal(visit, problems, error)?;
    for ((field, sentence), (code, rule)) in problems.lines.iter_mut().zip(rules) {
        if let Some(question) = page.questions.iter().find(|question| question.code == code) {
            *field = id_of(&code);
            if let Some(better) = bound_passed(visit, page, question, &rule) {
                *sentence = better;
            }
        }
    }
    Ok(())
}

/// The bound in words, where the form knows it.
fn bound_passed(visit: &Visit, page: &QuestionPage, question: &Question, rule: &str) -> Option<String> {
    let frame = visit.frame(crate::views::Section::None, String::new());
    let day = |text: &str| text.parse::<NaiveDate>().ok().map(|day| frame.day(day));
    let value = |text: &str| match question.kind {
        QuestionKind::Money => text.parse().ok().map(|centimes| frame.money(centimes)),
        QuestionKind::Number => Some(text.to_owned()).filter(|text| !text.is_empty()),
        QuestionKind::Date | QuestionKind::Province | QuestionKind::YesNo => None,
    };
    match rule {
        "FIELD_TOO_EARLY" if !question.not_before.is_empty() => {
            let start = page
                .questions
                .iter()
                .find(|known| known.code == question.not_before)?;
            let label = start.label.in_locale(visit.locale);
            Some(visit.say1("question-not-before", "question", label))
        }
        "FIELD_SAME" => {
            let other = page
                .questions
                .iter()
                .find(|known| known.code == question.other_than)?;
            let label = other.label.in_locale(visit.locale);
            Some(visit.say1("question-other-than", "question", label))
        }
        "FIELD_TOO_EARLY" => Some(visit.say1("question-from", "date", day(&question.min)?)),
        "FIELD_TOO_LATE" if question.max == "today" => Some(visit.say("question-not-future")),
        "FIELD_TOO_LATE" => Some(visit.say1("question-until", "date", day(&question.max)?)),
        "FIELD_TOO_SMALL" => Some(visit.say1("question-at-least", "value", value(&question.min)?)),
        "FIELD_TOO_LARGE" => Some(visit.say1("question-at-most", "value", value(&question.max)?)),
        _ => None,
    }
}

fn render(visit: &Visit, draft: &Draft, at: usize, mut problems: Problems, status: StatusCode) -> Page {
    let asked = &asked_on(draft, at);
    let step = Step::Details(at);
    let title = asked.title.in_locale(visit.locale).to_owned();
    let (frame, head) = draft.head_titled(visit, step, title, &problems);
    let fields = asked
        .questions
        .iter()
        .map(|question| field(visit, draft, question, &problems))
        .collect();
    // On top, away from the fields, two days with the same fault are told apart by their questions.
    for (id, sentence) in &mut problems.lines {
        if let Some(question) = asked
            .questions
            .iter()
            .find(|question| id_of(&question.code) == *id)
        {
            let label = question.label.in_locale(visit.locale);
            *sentence = frame.t2("question-problem", "question", label, "problem", &*sentence);
        }
    }
    let page = Details {
        saved: draft.saved(&frame),
        p: frame,
        head,
        problems,
        fields,
    };
    Ok(views::page(status, &page))
}

fn field(visit: &Visit, draft: &Draft, question: &Question, problems: &Problems) -> TypedField {
    let id = id_of(&question.code);
    let sent = visit.typed();
    let value = if sent.iter().any(|(name, _)| name == id) {
        // A day typed as 22/11/2026 goes back as a date field understands it; what cannot be read goes back as it was typed.
        let typed = sent.trimmed(&id);
        typed::read(question, typed).map_or_else(|| typed.to_owned(), |value| typed::in_field(&value))
    } else {
        let known = draft.file.answers.typed.iter();
        let mut known = known.filter(|(code, _)| *code == question.code);
        known
            .next()
            .map(|(_, value)| typed::in_field(value))
            .unwrap_or_default()
    };
    // A browser's own calendar stops at the bound; a service knows the word for the present day, a browser does not.
    let bound = |text: &str| match (question.kind, text) {
        (QuestionKind::Date, "today") => civil::civil_date(visit.now).to_string(),
        (QuestionKind::Date, day) => day.to_owned(),
        _ => String::new(),
    };
    TypedField {
        kind: match question.kind {
            QuestionKind::Date => "date",
            QuestionKind::Money => "money",
            QuestionKind::Number => "number",
            QuestionKind::Province => "select",
            QuestionKind::YesNo => "choice",
        },
        label: match (question.label.in_locale(visit.locale), question.required) {
            (label, true) => label.to_owned(),
            (label, false) => visit.say1("question-optional", "label", label),
        },
        hint: question.hint.in_locale(visit.locale).to_owned(),
        problem: problems.of(&id),
        required: question.required,
        min: bound(&question.min),
        max: bound(&question.max),
        unit: visit.say("question-currency"),
        choices: choices(visit, question, &value),
        choose: visit.say("choose-place"),
        value,
        id,
    }
}

fn choices(visit: &Visit, question: &Question, chosen: &str) -> Vec<Choice> {
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
        chosen: value == chosen,
    };
    match question.kind {
        QuestionKind::YesNo => vec![
            choice("yes", visit.say("question-yes")),
            choice("no", visit.say("question-no")),
        ],
        QuestionKind::Province => {
            let mut places: Vec<Choice> = question
                .options
                .iter()
                .map(|(value, label)| choice(value, label.in_locale(visit.locale).to_owned()))
                .collect();
            places.sort_by_cached_key(|place| alphabetical(&place.label, visit.locale));
            places
        }
        QuestionKind::Date | QuestionKind::Money | QuestionKind::Number => Vec::new(),
    }
}

/// Where a reader looks for the name: accents, and the forms of alif, do not count.
fn alphabetical(label: &str, locale: Locale) -> String {
    let plain = |c: char| match c {
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' => 'e',
        'â' | 'à' | 'Â' | 'À' => 'a',
        'ï' | 'î' | 'Î' => 'i',
        'ô' | 'Ô' => 'o',
        'û' | 'ù' => 'u',
        'ç' | 'Ç' => 'c',
        'أ' | 'إ' | 'آ' => 'ا',
        other => other,
    };
    let folded: String = label.chars().map(plain).collect::<String>().to_lowercase();
    match locale {
        // Arabic lists pass over the article.
        Locale::Ar => folded.strip_prefix("ال").unwrap_or(&folded).to_owned(),
        Locale::Fr => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stand_where_a_reader_looks_for_them() {
        let sorted = |mut names: Vec<&'static str>, locale| {
            names.sort_by_cached_key(|name| alphabetical(name, locale));
            names
        };
        assert_eq!(
            sorted(vec!["Fès", "Errachidia", "Émile", "Fahs-Anjra"], Locale::Fr),
            ["Émile", "Errachidia", "Fahs-Anjra", "Fès"]
        );
        assert_eq!(
            sorted(vec!["الناظور", "أكادير", "العيون"], Locale::Ar),
            ["أكادير", "العيون", "الناظور"]
        );
    }
}
