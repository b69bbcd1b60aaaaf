//! What the page of a file is made of, in the reader's words: facts, papers, who has it, why a form is not there. No call to a backend but the
//! labels of typed questions, which the page asked for.

use kernel::Province;

use super::colleague;
use crate::backend::models::{Bilingual, Ceiling, CeilingLeft, FileState};
use crate::backend::office::{Action, Asked, MemberCard, ReviewFile, Step, Steps, TypedAnswer, TypedValue};
use crate::backend::review::OPENING_REASONS;
use crate::text::Arg;
use crate::views::{Choice, Frame, file_size};
use crate::visit::Visit;

/// One line of facts; codes and numbers run left to right.
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) ltr: bool,
}

/// One paper above the viewer.
pub(crate) struct PaperTab {
    pub(crate) document: String,
    pub(crate) label: String,
    pub(crate) size: String,
    pub(crate) scan: String,
    pub(crate) current: bool,
    /// It opens to nobody.
    pub(crate) infected: bool,
}

/// A paper that was opened with a reason.
pub(crate) struct OpenPaper {
    pub(crate) document: String,
    pub(crate) address: String,
    pub(crate) title: String,
    pub(crate) reason: String,
    pub(crate) reason_code: String,
    /// The agent asked for it with this very page; otherwise it is offered again.
    pub(crate) shown: bool,
}

/// The papers beside the forms.
pub(crate) struct Viewer {
    pub(crate) papers: Vec<PaperTab>,
    pub(crate) may_open: bool,
    /// Each of the papers was found infected.
    pub(crate) all_infected: bool,
    /// Why nothing can be opened.
    pub(crate) why_not: String,
    pub(crate) opened: Option<OpenPaper>,
    pub(crate) reasons: Vec<Choice>,
}

/// One line of an amount: label and money.
pub(crate) struct AmountLine {
    pub(crate) label: String,
    pub(crate) amount: String,
}

/// Something that was asked of the member.
pub(crate) struct AskedLine {
    pub(crate) label: String,
    pub(crate) cause: String,
    pub(crate) note: String,
    pub(crate) corrected: bool,
}

pub(crate) struct AskedBlock {
    pub(crate) when: String,
    pub(crate) resent: String,
    /// Until when an answer is waited for; empty once it came or nobody waits.
    pub(crate) until: String,
    pub(crate) ended: String,
    pub(crate) items: Vec<AskedLine>,
}

/// One answer or paper that may be asked for, as its part of the form stands.
pub(crate) struct AskChoice {
    /// End of the names of its fields: `f_reason`, `p_medical_file`.
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
    pub(crate) cause: String,
    pub(crate) note: String,
}

impl AskChoice {
    /// Of a paper, which alone can be an unsafe file.
    pub(crate) fn is_paper(&self) -> bool {
        self.id.starts_with("p_")
    }

    /// Name and id of the field that says why.
    pub(crate) fn cause_field(&self) -> String {
        format!("cause_{}", self.id)
    }
}

/// Whom the file is about.
pub(crate) fn member_facts(frame: &Frame, card: &MemberCard) -> Vec<Fact> {
    let mut facts = vec![
        Fact {
            label: frame.t("matricule"),
            value: card.label.matricule.clone(),
            ltr: true,
        },
        Fact {
            label: frame.t("position"),
            value: frame.of_family("position", &card.label.position),
            ltr: false,
        },
        Fact {
            label: frame.t("province"),
            value: crate::pages::profile::province(&card.label.province_iso, frame.locale),
            ltr: false,
        },
    ];
    if let Some(account) = &card.bank_account {
        facts.push(Fact {
            label: frame.t("bank-account"),
            value: format!("{} •••• {}", account.bank_code, account.last_four),
            ltr: true,
        });
    }
    facts
}

/// What was asked for.
pub(crate) fn request_facts(
    frame: &Frame,
    file: &ReviewFile,
    card: Option<&MemberCard>,
    typed: Vec<(Bilingual, TypedAnswer)>,
    sees_account: bool,
) -> Vec<Fact> {
    let plain = |label: &str, value: String| Fact {
        label: frame.t(label),
        value,
        ltr: false,
    };
    let mut facts = Vec::new();
    let answers = &file.answers;
    if !answers.relation.is_empty() {
        let relation = frame.of_family("relation", &answers.relation);
        let person = card
            .and_then(|card| person_name(card, &answers.relation, &answers.person_id, frame.locale))
            .map_or_else(|| relation.clone(), |name| format!("{name} · {relation}"));
        facts.push(plain("fact-person", person));
    }
    let reason = file.reason.in_locale(frame.locale);
    if !reason.is_empty() {
        facts.push(plain("fact-reason", reason.to_owned()));
    }
    if let Some(word) = account_word(file, card).filter(|_| sees_account) {
        facts.push(plain("review-account", frame.t(word)));
    }
    for (label, answer) in typed {
        let label = label.in_locale(frame.locale);
        facts.push(Fact {
            label: if label.is_empty() {
                answer.code.clone()
            } else {
                label.to_owned()
            },
            value: typed_value(frame, &answer.value),
            ltr: false,
        });
    }
    if let Some(ceiling) = file.ceiling {
        facts.push(plain("review-ceiling", ceiling_left(frame, ceiling)));
    }
    facts
}

/// Whether the account that was confirmed is still the member's; nothing while membership cannot be asked.
fn account_word(file: &ReviewFile, card: Option<&MemberCard>) -> Option<&'static str> {
    match file.answers.bank_account_answer.as_str() {
        "" => None,
        "confirmed" => {
            let held = card?.bank_account.as_ref();
            let same = held.is_some_and(|account| account.id == file.answers.bank_account_id);
            Some(if same {
                "review-account-same"
            } else {
                "review-account-other"
            })
        }
        _ => Some("review-account-not-mine"),
    }
}

fn ceiling_left(frame: &Frame, ceiling: Ceiling) -> String {
    match ceiling.left {
        CeilingLeft::Money(left) => frame.money(left),
        CeilingLeft::Uses { left, limit } => {
            let number = |number: i64| Arg::Text(number.to_string());
            let values = [
                ("left", number(left)),
                ("limit", number(limit)),
                ("year", number(ceiling.year.into())),
            ];
            frame.texts.with(frame.locale, "review-ceiling-uses", &values)
        }
    }
}

/// What is no longer answered, by the labels of the form, in one line; empty while the file is whole.
pub(crate) fn missing(frame: &Frame, file: &ReviewFile) -> String {
    let label = |code: &String| {
        let known = file.requestable.iter().find(|item| item.field == *code);
        known.map_or_else(
            || frame.t("file-papers"),
            |item| item.label.in_locale(frame.locale).to_owned(),
        )
    };
    let labels: Vec<String> = file.missing.iter().map(label).collect();
    labels.join(" · ")
}

fn person_name(card: &MemberCard, relation: &str, person: &str, locale: kernel::Locale) -> Option<String> {
    if relation == "member" {
        return Some(card.label.name.full(locale));
    }
    card.family
        .iter()
        .find(|relative| relative.person_id == person)
        .map(|relative| relative.name.full(locale))
}

fn typed_value(frame: &Frame, value: &TypedValue) -> String {
    match value {
        TypedValue::Date(date) => date.parse().map_or_else(|_| date.clone(), |day| frame.day(day)),
        TypedValue::Money(centimes) => frame.money(*centimes),
        TypedValue::Province(code) => Province::from_iso(code).map_or_else(
            |_| code.clone(),
            |province| province.name(frame.locale).to_owned(),
        ),
        TypedValue::YesNo(yes) => frame.t(if *yes { "answer-yes" } else { "answer-no" }),
        TypedValue::Number(number) => number.to_string(),
    }
}

/// The papers, and the one that is open. `mine`: the reader gave the opinion.
pub(crate) fn viewer(
    frame: &Frame,
    file: &ReviewFile,
    mine: bool,
    opened: Option<(String, String, String)>,
    asked_now: bool,
) -> Option<Viewer> {
    if file.answers.papers.is_empty() {
        return None;
    }
    let label = |code: &str, name: &str| {
        let known = file.requestable.iter().find(|item| item.paper == code);
        known.map_or_else(
            || name.to_owned(),
            |item| item.label.in_locale(frame.locale).to_owned(),
        )
    };
    let current = opened.as_ref().map_or("", |(document, _, _)| document.as_str());
    let papers: Vec<PaperTab> = file
        .answers
        .papers
        .iter()
        .map(|paper| PaperTab {
            document: paper.document_id.clone(),
            label: label(&paper.code, &paper.file_name),
            size: file_size(paper.size_bytes, frame.locale),
            scan: frame.of_family("scan", &paper.scan_state),
            current: paper.document_id == current,
            infected: paper.is_infected(),
        })
        .collect();
    let may_open = file.may(Action::OpenPaper);
    // Of a file that ended there is nothing left to examine.
    let ended = file.line.state.has_ended();
    // A reason that was given while the file was in hand offers nothing once it is not.
    let opened = opened
        .filter(|_| may_open)
        .and_then(|(document, reason, address)| {
            let tab = papers.iter().find(|tab| tab.document == document)?;
            Some(OpenPaper {
                document,
                address,
                title: tab.label.clone(),
                reason: frame.of_family("opening", &reason),
                reason_code: reason,
                shown: asked_now,
            })
        });
    Some(Viewer {
        all_infected: papers.iter().all(|paper| paper.infected),
        why_not: if may_open {
            String::new()
        } else {
            frame.t(match (ended, file.may(Action::Assign), mine) {
                (true, _, _) => "papers-closed",
                (false, true, _) => "papers-not-now",
                (false, false, true) => "papers-opinion-given",
                (false, false, false) => "papers-not-your-turn",
            })
        },
        may_open,
        opened,
        reasons: OPENING_REASONS
            .iter()
            .filter(|reason| !ended || matches!(**reason, "appeal" | "quality_check"))
            .map(|reason| Choice {
                value: (*reason).to_owned(),
                label: frame.of_family("opening", reason),
                ..Choice::default()
            })
            .collect(),
        papers,
    })
}

pub(crate) fn amount_lines(frame: &Frame, steps: &Steps) -> Vec<AmountLine> {
    steps
        .iter()
        .map(|(label, amount)| AmountLine {
            label: label.in_locale(frame.locale).to_owned(),
            amount: frame.money(*amount),
        })
        .collect()
}

pub(crate) fn asked_blocks(frame: &Frame, file: &ReviewFile) -> Vec<AskedBlock> {
    let label = |field: &str, paper: &str| {
        file.requestable
            .iter()
            .find(|item| item.field == field && item.paper == paper)
            .map_or_else(
                || frame.t("review-item-other"),
                |item| item.label.in_locale(frame.locale).to_owned(),
            )
    };
    let block = |asked: &Asked| AskedBlock {
        when: frame.moment(asked.at),
        resent: frame.moment(asked.resent_at),
        until: asked
            .answer_by
            .filter(|_| asked.resent_at.is_none() && asked.ended_at.is_none())
            .map(|day| frame.day(day))
            .unwrap_or_default(),
        ended: frame.moment(asked.ended_at),
        items: asked
            .items
            .iter()
            .map(|item| AskedLine {
                label: label(&item.field, &item.paper),
                cause: frame.of_family("cause", item.cause),
                note: item.note.clone(),
                corrected: item.corrected,
            })
            .collect(),
    };
    file.asked.iter().map(block).collect()
}

/// Who has the file, in a sentence.
pub(crate) fn holder(visit: &Visit, frame: &Frame, file: &ReviewFile) -> String {
    match &file.line.assignment {
        None if file.line.state.has_ended() => frame.t("holder-ended"),
        None => frame.t("holder-nobody"),
        Some(assignment) if assignment.mine => frame.t1("holder-you", "when", frame.moment(assignment.since)),
        Some(assignment) => frame.t2(
            "holder-colleague",
            "agent",
            colleague(visit, frame, &assignment.agent),
            "when",
            frame.moment(assignment.since),
        ),
    }
}

/// Why the form of the reader's duty is not there; `None` when it is, or when the duty has none.
pub(crate) fn why_not(visit: &Visit, frame: &Frame, file: &ReviewFile) -> Option<String> {
    use kernel::Role;
    let roles = &visit.session.as_ref()?.info.roles;
    let (action, step) = if roles.contains(&Role::HealthReviewer) {
        (Action::RecordOpinion, Step::Opinion)
    } else if roles.contains(&Role::CaseOfficer) {
        (Action::Propose, Step::Examination)
    } else {
        (Action::Validate, Step::Validation)
    };
    if file.may(action) {
        return None;
    }
    let own = |account: &str| account == visit.owner();
    let line = &file.line;
    Some(match (line.state, line.step, &line.assignment) {
        (FileState::Approved | FileState::Rejected, _, _) => frame.t("duty-decided"),
        (FileState::Cancelled, _, _) => frame.t("duty-withdrawn"),
        (FileState::InformationRequested, _, _) => frame.t("duty-waits-for-member"),
        (_, Some(at), _) if at != step => frame.t(match at {
            Step::Opinion => "duty-turn-opinion",
            Step::Examination => "duty-turn-examination",
            Step::Validation => "duty-turn-validation",
        }),
        _ if action == Action::Validate && file.proposal.as_ref().is_some_and(|it| own(&it.agent)) => {
            frame.t("duty-you-proposed")
        }
        _ if file.opinion.as_ref().is_some_and(|it| own(&it.agent)) && action != Action::RecordOpinion => {
            frame.t("duty-you-gave-the-opinion")
        }
        (_, _, None) => frame.t("duty-take-first"),
        (_, _, Some(assignment)) if !assignment.mine => frame.t1(
            "duty-colleague-has-it",
            "agent",
            colleague(visit, frame, &assignment.agent),
        ),
        _ => frame.t("duty-not-now"),
    })
}
