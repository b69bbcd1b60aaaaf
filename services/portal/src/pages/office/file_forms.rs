//! The forms of a file's page: which are there for the reader now, what they offer, and what was typed into one that is not there any more. What
//! they do is in `changes`.

use kernel::Role;

use super::file_parts::{AskChoice, why_not};
use crate::backend::office::{Action, ReviewFile};
use crate::fields::Fields;
use crate::views::{Choice, Frame};
use crate::visit::Visit;

/// Why something may be asked for, as in the page's form.
pub(super) const CAUSES: [&str; 4] = ["incorrect", "incomplete", "outdated", "unsafe_file"];

/// Which forms the page has.
pub(super) struct Forms {
    pub(super) assign: bool,
    pub(super) take_over: bool,
    pub(super) release: bool,
    pub(super) stop_waiting: bool,
    pub(super) opinion: bool,
    pub(super) ask: bool,
    /// A health reviewer writes nothing to the member in own words.
    pub(super) ask_note: bool,
    pub(super) propose: bool,
    pub(super) validate: bool,
    pub(super) note: bool,
    /// Why the form of the reader's duty is not there.
    pub(super) why_not: String,
}

pub(super) fn forms(visit: &Visit, frame: &Frame, file: &ReviewFile) -> Forms {
    let held_by_another = file.line.assignment.as_ref().is_some_and(|it| !it.mine);
    let reviewer = visit
        .session
        .as_ref()
        .is_some_and(|session| session.info.has_role(&[Role::HealthReviewer]));
    Forms {
        assign: file.may(Action::Assign) && !held_by_another,
        take_over: file.may(Action::Assign) && held_by_another,
        release: file.may(Action::Release),
        stop_waiting: file.may(Action::StopWaiting),
        opinion: file.may(Action::RecordOpinion),
        ask: file.may(Action::RequestInformation) && !file.requestable.is_empty(),
        ask_note: !reviewer,
        propose: file.may(Action::Propose),
        validate: file.may(Action::Validate),
        note: file.may(Action::AddNote),
        why_not: why_not(visit, frame, file).unwrap_or_default(),
    }
}

/// Everything that was typed into a form that this page does not draw: another has the file by now, or it was withdrawn.
pub(super) fn unsent(visit: &Visit, forms: &Forms, file: &ReviewFile, typed: &Fields) -> Vec<String> {
    let (drawn, choice) = match typed.get("action") {
        "opinion" => (
            forms.opinion,
            match typed.get("opinion") {
                "favourable" => "opinion-favourable",
                "unfavourable" => "opinion-unfavourable",
                _ => "",
            },
        ),
        "ask" => (forms.ask, ""),
        "propose" => (
            forms.propose,
            match typed.get("recommendation") {
                "grant" => "propose-grant",
                "refuse" => "propose-refuse",
                _ => "",
            },
        ),
        "validate" => (
            forms.validate,
            match typed.get("verdict") {
                "grant" => "proposal-grant",
                "refuse" => "validate-refuse",
                "send_back" => "validate-send-back",
                _ => "",
            },
        ),
        "note" => (forms.note, ""),
        _ => return Vec::new(),
    };
    if drawn {
        return Vec::new();
    }
    let mut lines: Vec<String> = Vec::new();
    if !choice.is_empty() {
        lines.push(visit.say(choice));
    }
    lines.push(typed.get("retained_cost").to_owned());
    let reason = typed.get("refusal_reason");
    let known = file.refusal_reasons.iter().find(|known| known.code == reason);
    lines.extend(known.map(|known| known.label.in_locale(visit.locale).to_owned()));
    for ask in asks(visit, file, typed).into_iter().filter(|ask| ask.chosen) {
        let cause = match ask.cause.as_str() {
            "incorrect" => visit.say("cause-incorrect"),
            "incomplete" => visit.say("cause-incomplete"),
            "outdated" => visit.say("cause-outdated"),
            "unsafe_file" => visit.say("cause-unsafe-file"),
            _ => String::new(),
        };
        let parts = [ask.label, cause, ask.note];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push(said.join(" · "));
    }
    for field in ["sentence_ar", "sentence_fr", "send_back_note", "note"] {
        lines.push(typed.get(field).to_owned());
    }
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// What may be asked for, as it was typed; before anything was, a paper that was found infected is chosen, with why.
pub(super) fn asks(visit: &Visit, file: &ReviewFile, typed: &Fields) -> Vec<AskChoice> {
    let untouched = typed.get("action") != "ask";
    let infected = |code: &str| {
        let papers = &file.answers.papers;
        untouched
            && papers
                .iter()
                .any(|paper| paper.code == code && paper.is_infected())
    };
    file.requestable
        .iter()
        .map(|item| {
            let id = if item.paper.is_empty() {
                format!("f_{}", item.field)
            } else {
                format!("p_{}", item.paper)
            };
            AskChoice {
                label: item.label.in_locale(visit.locale).to_owned(),
                chosen: infected(&item.paper) || !typed.get(&format!("ask_{id}")).is_empty(),
                cause: if infected(&item.paper) {
                    "unsafe_file".to_owned()
                } else {
                    typed.get(&format!("cause_{id}")).to_owned()
                },
                note: typed.get(&format!("note_{id}")).to_owned(),
                id,
            }
        })
        .collect()
}

/// Reasons of a refusal with the sentences to start from, Arabic and French.
pub(super) fn refusals(visit: &Visit, file: &ReviewFile, typed: &Fields) -> Vec<(Choice, String, String)> {
    let proposed = file
        .proposal
        .as_ref()
        .map_or("", |proposal| proposal.refusal_reason.as_str());
    let chosen = match typed.get("refusal_reason") {
        "" => proposed,
        typed => typed,
    };
    file.refusal_reasons
        .iter()
        .map(|reason| {
            let choice = Choice {
                value: reason.code.clone(),
                label: reason.label.in_locale(visit.locale).to_owned(),
                hint: reason.sentence.in_locale(visit.locale).to_owned(),
                chosen: reason.code == chosen,
            };
            (choice, reason.sentence.ar.clone(), reason.sentence.fr.clone())
        })
        .collect()
}
