//! The summary of a correction: the whole file as it goes back, what was corrected marked, and the button that sends it.

use askama::Template;
use axum::http::StatusCode;

use super::{BankFact, Draft, Facts, Step, facts};
use crate::pages::Page;
use crate::views::{self, Frame, Problems, WizardHead, file_size};
use crate::visit::Visit;

/// One answer as it is sent.
#[derive(Default)]
struct Row {
    label: String,
    value: String,
    /// What is written left to right: digits, the name of a file.
    code: String,
    note: String,
    /// Where it is corrected; empty when it was not asked for.
    href: String,
    done: bool,
    /// Why it is to be answered again; empty once it was, and where nothing was asked.
    why: String,
}

#[derive(Template)]
#[template(path = "wizard/resend.html")]
struct Resend {
    p: Frame,
    head: WizardHead,
    problems: Problems,
    rows: Vec<Row>,
    hidden: bool,
    /// Sentence and whether it held.
    conditions: Vec<(String, bool)>,
    /// Label and address of what is not corrected yet.
    unfinished: Option<(String, String)>,
    back: String,
    /// What is on the page, so that nothing else is sent.
    version: i64,
}

pub(super) fn render(visit: &Visit, draft: &Draft, problems: Problems, status: StatusCode) -> Page {
    let (frame, head) = draft.head(visit, Step::Summary, "resend-title", &problems);
    let facts = facts(visit, &frame, &draft.file, &draft.form);
    let page = Resend {
        rows: rows(visit, draft, &facts),
        hidden: facts.hidden,
        conditions: draft
            .file
            .conditions
            .iter()
            .map(|condition| {
                (
                    condition.sentence.in_locale(visit.locale).to_owned(),
                    condition.held,
                )
            })
            .collect(),
        unfinished: draft.uncorrected(visit),
        back: draft.back(visit, Step::Summary),
        version: draft.file.version,
        p: frame,
        head,
        problems,
    };
    Ok(views::page(status, &page))
}

fn rows(visit: &Visit, draft: &Draft, facts: &Facts) -> Vec<Row> {
    let mut rows = vec![Row {
        label: visit.say("fact-service"),
        value: facts.service.clone(),
        ..Row::default()
    }];
    let asked = |row: Row, field: &str, paper: &str| match draft.asked_of(visit, field, paper) {
        Some(line) => Row {
            href: line.href,
            done: line.corrected,
            why: if line.corrected { String::new() } else { line.cause },
            ..row
        },
        None => row,
    };
    rows.push(asked(bank(visit, &facts.bank), "bank_account", ""));
    let person = Row {
        label: visit.say("fact-person"),
        value: facts.relation.clone(),
        note: if facts.person.is_empty() && facts.hidden {
            visit.say("fact-person-hidden")
        } else {
            facts.person.clone()
        },
        ..Row::default()
    };
    rows.push(asked(person, "person_concerned", ""));
    if !draft.form.reasons.is_empty() {
        let reason = Row {
            label: visit.say("fact-reason"),
            value: facts.reason.clone(),
            ..Row::default()
        };
        rows.push(asked(reason, "reason", ""));
    }
    for fact in &facts.typed {
        let row = Row {
            label: fact.label.clone(),
            value: if fact.value.is_empty() {
                visit.say("not-answered")
            } else {
                fact.value.clone()
            },
            ..Row::default()
        };
        rows.push(asked(row, &fact.code, ""));
    }
    for needed in &draft.form.papers {
        let papers = &draft.file.answers.papers;
        let row = match papers.iter().find(|paper| paper.code == needed.code) {
            Some(paper) => Row {
                code: paper.file_name.clone(),
                note: file_size(paper.size_bytes, visit.locale),
                ..Row::default()
            },
            None => Row {
                value: visit.say("not-answered"),
                ..Row::default()
            },
        };
        let label = needed.label.in_locale(visit.locale).to_owned();
        rows.push(asked(Row { label, ..row }, "", &needed.code));
    }
    rows
}

fn bank(visit: &Visit, fact: &BankFact) -> Row {
    let (value, code) = match fact {
        BankFact::NotAnswered => (visit.say("not-answered"), String::new()),
        BankFact::Shown { bank, last_four } => (bank.clone(), format!("•••• {last_four}")),
        BankFact::Hidden => (visit.say("fact-bank-hidden"), String::new()),
        BankFact::Former => (visit.say("fact-bank-former"), String::new()),
    };
    Row {
        label: visit.say("bank-account"),
        value,
        code,
        ..Row::default()
    }
}
