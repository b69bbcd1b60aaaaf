//! What agents may ask a member to correct: an answer or a paper of the form, each with why. The member corrects exactly these, and what
//! the file cannot be sent again without.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::is_text;
use crate::domain::answers::{Answers, Step};
use crate::domain::catalogue::Form;
use crate::domain::member::MemberFacts;

/// The most that is asked at once.
const MOST_ITEMS: usize = 10;
/// The longest note to the member, in characters.
const LONGEST_NOTE: usize = 500;

/// What is to be corrected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// A step or a typed question of the form, by its code.
    Field(String),
    /// A paper, by its code.
    Paper(String),
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    Incorrect,
    Incomplete,
    Outdated,
    /// The paper was found infected after it was taken in. Of nothing else.
    UnsafeFile,
    /// A word of a later version, which this one was put back over: the file opens all the same. Nobody asks with it.
    #[serde(other)]
    Unknown,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) target: Target,
    pub(crate) cause: Cause,
    /// For the member.
    pub(crate) note: Option<String>,
}

/// Why a request for information cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ItemsRefused {
    #[error("nothing, or too much, is asked")]
    Number,
    #[error("something is asked twice")]
    Twice,
    #[error("the form has no such answer or paper")]
    Unknown,
    #[error("a typed answer is no file that could be unsafe")]
    Cause,
    #[error("the note is too long")]
    Note,
    /// A health reviewer has read papers: a free text of theirs could say what is in them.
    #[error("no note may be sent with this")]
    NoteNotAllowed,
}

/// The codes that may be named, in the form's order.
pub(crate) fn requestable(form: &Form) -> Vec<Target> {
    let mut targets = vec![Target::Field("bank_account".to_owned())];
    if !form.persons_concerned.is_empty() {
        targets.push(Target::Field("person_concerned".to_owned()));
    }
    if !form.reasons.is_empty() {
        targets.push(Target::Field("reason".to_owned()));
    }
    targets.extend(form.fields().map(|field| Target::Field(field.code.clone())));
    targets.extend(form.papers.iter().map(|paper| Target::Paper(paper.code.clone())));
    targets
}

/// What an answer changed. A consent is agreed to and is nothing to correct.
pub(crate) fn changed(before: &Answers, after: &Answers) -> BTreeSet<Target> {
    let mut changed = BTreeSet::new();
    let mut note = |differs: bool, code: &str| {
        if differs {
            changed.insert(Target::Field(code.to_owned()));
        }
    };
    note(before.bank_account != after.bank_account, "bank_account");
    note(before.person != after.person, "person_concerned");
    note(before.reason != after.reason, "reason");
    for code in before.fields.keys().chain(after.fields.keys()) {
        note(before.fields.get(code) != after.fields.get(code), code);
    }
    for code in before.papers.keys().chain(after.papers.keys()) {
        if before.papers.get(code) != after.papers.get(code) {
            changed.insert(Target::Paper(code.clone()));
        }
    }
    changed
}

/// What a file that waits for its member cannot be sent again without, though nobody asked for it: an account that was replaced meanwhile, a person
/// who is no longer declared, what a corrected answer asks for in turn. Each with whether it is answered by now; it stays open to correction then.
pub(crate) fn no_longer_valid(
    asked: &BTreeSet<Target>,
    sent: &Answers,
    in_hand: &Answers,
    form: &Form,
    facts: &MemberFacts,
) -> BTreeMap<Target, bool> {
    let missing = targets(&in_hand.missing_of_file(form, facts), in_hand, form);
    let mut lacking = targets(&sent.missing_of_file(form, facts), sent, form);
    lacking.extend(changed(sent, in_hand));
    lacking.extend(missing.iter().cloned());
    lacking
        .into_iter()
        .filter(|target| !asked.contains(target))
        .map(|target| {
            let answered = !missing.contains(&target);
            (target, answered)
        })
        .collect()
}

/// A consent is agreed to beside the paper that it is for.
fn targets(missing: &[Step], answers: &Answers, form: &Form) -> BTreeSet<Target> {
    let papers = || {
        let lacking = form
            .papers
            .iter()
            .filter(|paper| !answers.has_usable_paper(&paper.code));
        lacking.map(|paper| Target::Paper(paper.code.clone())).collect()
    };
    let of_step = |step: &Step| -> Vec<Target> {
        match step {
            Step::BankAccount | Step::PersonConcerned | Step::Reason | Step::Field(_) => {
                vec![Target::Field(step.as_str().to_owned())]
            }
            Step::Consent => Vec::new(),
            Step::Papers => papers(),
        }
    };
    missing.iter().flat_map(of_step).collect()
}

/// Whether the medical opinion rests on it: what was read, for whom and why.
pub(crate) fn bears_on_opinion(target: &Target) -> bool {
    match target {
        Target::Paper(_) => true,
        Target::Field(code) => code != "bank_account",
    }
}

/// Whether these may be asked for.
///
/// # Errors
/// The first reason why not.
pub(crate) fn check(items: &[Item], form: &Form, notes_allowed: bool) -> Result<(), ItemsRefused> {
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(ItemsRefused::Number);
    }
    let known: BTreeSet<Target> = requestable(form).into_iter().collect();
    let mut seen = BTreeSet::new();
    for item in items {
        if !known.contains(&item.target) {
            return Err(ItemsRefused::Unknown);
        }
        if !seen.insert(&item.target) {
            return Err(ItemsRefused::Twice);
        }
        match (item.cause, &item.target) {
            (Cause::UnsafeFile, Target::Field(_)) | (Cause::Unknown, _) => return Err(ItemsRefused::Cause),
            (Cause::UnsafeFile, Target::Paper(_))
            | (Cause::Incorrect | Cause::Incomplete | Cause::Outdated, _) => {}
        }
        match &item.note {
            None => {}
            Some(_) if !notes_allowed => return Err(ItemsRefused::NoteNotAllowed),
            Some(note) if !is_text(note, 1, LONGEST_NOTE) => return Err(ItemsRefused::Note),
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_asked_about_for_a_reason_of_a_later_version_is_read() {
        let stored = r#"{"target":{"paper":"medical_file"},"cause":"blurred","note":null}"#;
        let item: Item = serde_json::from_str(stored).expect("it is read");
        assert_eq!(item.cause, Cause::Unknown);
        for (word, cause) in [
            ("incorrect", Cause::Incorrect),
            ("incomplete", Cause::Incomplete),
            ("outdated", Cause::Outdated),
            ("unsafe_file", Cause::UnsafeFile),
        ] {
            let stored = format!("\"{word}\"");
            assert_eq!(serde_json::from_str::<Cause>(&stored).expect("it is read"), cause);
            assert_eq!(serde_json::to_string(&cause).expect("it is written"), stored);
        }
    }
}
