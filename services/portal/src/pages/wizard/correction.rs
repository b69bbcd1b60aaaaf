//! A file that waits for its member: what was asked, on which page each item is corrected, what is still open. Only what is named can be
//! changed; benefits holds that too.

use super::{Draft, Step};
use crate::backend::models::{Answer, Application, BenefitForm};
use crate::backend::office::{Asked, AskedItem};
use crate::views::Frame;
use crate::visit::Visit;

/// One thing that is asked, in words.
#[derive(Clone, Debug)]
pub(crate) struct AskedLine {
    pub(crate) label: String,
    pub(crate) cause: String,
    /// Of the agent, in the language in which it was written; often empty.
    pub(crate) note: String,
    /// The very field or paper; empty when the form no longer has it.
    pub(crate) href: String,
    pub(crate) corrected: bool,
}

/// The one thing that a member has to do for a file: the panel of the file's page and of the home page.
pub(crate) struct AskedPanel {
    pub(crate) lead: String,
    /// Until when an answer is waited for; empty when no day was named.
    pub(crate) until: String,
    pub(crate) lines: Vec<AskedLine>,
    /// How many of them are corrected, in words.
    pub(crate) progress: String,
    /// Everything is corrected: the page to read and send it again.
    pub(crate) send: Option<String>,
}

impl AskedPanel {
    pub(crate) fn of(
        visit: &Visit,
        frame: &Frame,
        file: &Application,
        form: &BenefitForm,
        lead: String,
    ) -> Option<Self> {
        let asked = file.open_request()?;
        let lines = lines(visit, asked, file, form);
        let corrected = lines.iter().filter(|line| line.corrected).count();
        let all = corrected == lines.len();
        Some(Self {
            lead,
            until: asked
                .answer_by
                .map(|day| frame.t1("asked-until", "date", frame.day(day)))
                .unwrap_or_default(),
            progress: frame.t2("asked-progress", "done", corrected, "total", lines.len()),
            send: all.then(|| frame.url(format_args!("/applications/{}/summary", file.id))),
            lines,
        })
    }
}

/// The page that corrects an item.
fn step_of(item: &AskedItem, form: &BenefitForm) -> Option<Step> {
    if !item.paper.is_empty() {
        return form
            .papers
            .iter()
            .any(|paper| paper.code == item.paper)
            .then_some(Step::Papers);
    }
    match item.field.as_str() {
        "bank_account" => Some(Step::Account),
        "person_concerned" => Some(Step::Person),
        "reason" => Some(Step::Reason),
        code => form
            .pages
            .iter()
            .position(|page| page.questions.iter().any(|question| question.code == code))
            .map(Step::Details),
    }
}

/// The paper stands as the agent saw it: something else is asked for.
pub(crate) fn is_to_replace(file: &Application, code: &str) -> bool {
    let items = file.open_request().map_or(&[][..], |asked| &asked.items);
    items
        .iter()
        .any(|item| item.paper == code && !is_corrected(item, file))
}

/// Answered anew, and with an answer that can be sent.
fn is_corrected(item: &AskedItem, file: &Application) -> bool {
    let answers = &file.answers;
    item.corrected
        && match (item.field.as_str(), item.paper.as_str()) {
            ("bank_account", _) => answers.bank_account_answer == "confirmed",
            (_, "") => true,
            (_, code) => answers.papers.iter().any(|paper| paper.code == code),
        }
}

fn label_of(visit: &Visit, item: &AskedItem, form: &BenefitForm) -> String {
    let question = |code: &str| {
        let mut questions = form.pages.iter().flat_map(|page| &page.questions);
        questions.find(|question| question.code == code)
    };
    let label = match step_of(item, form) {
        Some(Step::Papers) => {
            let paper = form.papers.iter().find(|paper| paper.code == item.paper);
            paper.map(|paper| paper.label.in_locale(visit.locale))
        }
        Some(Step::Details(_)) => {
            question(&item.field).map(|question| question.label.in_locale(visit.locale))
        }
        Some(step) => return step.label(visit, form),
        None => None,
    };
    label.map_or_else(|| visit.say("asked-other"), str::to_owned)
}

fn href_of(visit: &Visit, item: &AskedItem, file: &Application, form: &BenefitForm) -> String {
    let Some(step) = step_of(item, form) else {
        return String::new();
    };
    let place = match step {
        Step::Papers => format!("#card-{}", item.paper),
        Step::Details(_) => format!("#q-{}", item.field),
        _ => String::new(),
    };
    let word = step.word(form);
    visit.url(format_args!("/applications/{}/{word}{place}", file.id))
}

fn line(visit: &Visit, item: &AskedItem, file: &Application, form: &BenefitForm) -> AskedLine {
    AskedLine {
        label: label_of(visit, item, form),
        cause: visit.say(match item.cause {
            "incomplete" => "asked-incomplete",
            "outdated" => "asked-outdated",
            "no_longer_valid" => "asked-no-longer-valid",
            "unsafe_file" => "asked-unsafe-file",
            _ => "asked-incorrect",
        }),
        note: item.note.clone(),
        href: href_of(visit, item, file, form),
        corrected: is_corrected(item, file),
    }
}

fn lines(visit: &Visit, asked: &Asked, file: &Application, form: &BenefitForm) -> Vec<AskedLine> {
    asked
        .items
        .iter()
        .map(|item| line(visit, item, file, form))
        .collect()
}

impl Draft {
    /// The file was sent, and its member corrects what was asked.
    pub(super) fn is_correction(&self) -> bool {
        self.file.open_request().is_some()
    }

    fn items(&self) -> &[AskedItem] {
        self.file.open_request().map_or(&[], |asked| &asked.items)
    }

    /// Whether this page can be opened: each of a draft; of a correction those of what was asked, a consent when a paper was, and the summary.
    pub(super) fn admits(&self, step: Step) -> bool {
        if !self.is_correction() {
            return true;
        }
        match step {
            Step::Summary => true,
            Step::Consent => {
                self.form.consent.is_some() && self.items().iter().any(|item| !item.paper.is_empty())
            }
            step => self
                .items()
                .iter()
                .any(|item| step_of(item, &self.form) == Some(step)),
        }
    }

    /// Whether the answer to this question may be given: each of a draft, of a correction those that were asked for.
    pub(super) fn asks_field(&self, code: &str) -> bool {
        !self.is_correction() || self.items().iter().any(|item| item.field == code)
    }

    pub(super) fn asks_paper(&self, code: &str) -> bool {
        !self.is_correction() || self.items().iter().any(|item| item.paper == code)
    }

    pub(super) fn is_to_replace(&self, code: &str) -> bool {
        is_to_replace(&self.file, code)
    }

    /// What was asked on this page.
    pub(super) fn asked_on(&self, visit: &Visit, step: Step) -> Vec<AskedLine> {
        self.items()
            .iter()
            .filter(|item| step_of(item, &self.form) == Some(step))
            .map(|item| line(visit, item, &self.file, &self.form))
            .collect()
    }

    /// What was asked of this answer or this paper, if it was.
    pub(super) fn asked_of(&self, visit: &Visit, field: &str, paper: &str) -> Option<AskedLine> {
        let item = self
            .items()
            .iter()
            .find(|item| item.field == field && item.paper == paper)?;
        Some(line(visit, item, &self.file, &self.form))
    }

    /// Label and address of the first thing that is not corrected.
    pub(super) fn uncorrected(&self, visit: &Visit) -> Option<(String, String)> {
        let item = self.items().iter().find(|item| !is_corrected(item, &self.file))?;
        Some((
            label_of(visit, item, &self.form),
            href_of(visit, item, &self.file, &self.form),
        ))
    }

    /// Whether the answer says something else than the file: going back from an untouched form corrects nothing.
    pub(super) fn differs(&self, answer: &Answer) -> bool {
        let answers = &self.file.answers;
        match answer {
            Answer::Reason(code) => *code != answers.reason_code,
            Answer::Person { relation, person_id } => {
                (relation, person_id) != (&answers.relation, &answers.person_id)
            }
            Answer::Typed { values, .. } => values.iter().any(|(code, value)| {
                let known = answers.typed.iter().find(|(known, _)| known == code);
                known.map(|(_, known)| known) != value.as_ref()
            }),
            Answer::BankAccountConfirmed { id } => {
                answers.bank_account_answer != "confirmed" || *id != answers.bank_account_id
            }
            Answer::BankAccountNotMine => answers.bank_account_answer != "not_mine",
            Answer::Consent(_) | Answer::Paper { .. } | Answer::RemovePaper(_) => true,
        }
    }
}
