//! Judging a draft that its member wants to send, or showing beforehand how it would be judged. The rules are the catalogue's; what is
//! here is which facts they get and which refusal comes first.

mod beforehand;

pub(crate) use beforehand::broken_whatever_is_answered;

use chrono::NaiveDate;
use kernel::{Money, PersonId};
use rules::{DecideError, Decision, RuleSet};

use super::answers::{Answers, ScanState, Step};
use super::catalogue::OpenForm;
use super::member::MemberFacts;
use super::rule_facts::Case;

/// Why a draft cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("questions are not answered")]
    Incomplete(Vec<Step>),
    #[error("a paper cannot be used")]
    PaperNotUsable,
    #[error("a condition does not hold")]
    NotEligible(Decision),
    #[error("the rules have no answer")]
    Rules(#[from] DecideError),
}

/// A draft that may be sent.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) decision: Decision,
    /// Equal for two requests that may not be open together. Names a person and a reason: it is hashed before it is kept.
    pub(crate) same_request: String,
}

/// Judges the draft with the facts of that day.
///
/// # Errors
/// The first refusal: answers, papers, then conditions.
pub(crate) fn judge(
    open: OpenForm<'_>,
    answers: &Answers,
    facts: &MemberFacts,
    ceiling_left: Option<Money>,
    on: NaiveDate,
) -> Result<Ready, Refused> {
    let missing = answers.missing(open.form, Some(facts));
    if !missing.is_empty() {
        return Err(Refused::Incomplete(missing));
    }
    if answers
        .papers
        .values()
        .any(|paper| paper.scan_state == ScanState::Infected)
    {
        return Err(Refused::PaperNotUsable);
    }
    let decision = foresee(open.rules, answers, facts, ceiling_left, on)?
        .ok_or_else(|| Refused::Incomplete(vec![Step::PersonConcerned]))?;
    if !decision.eligible {
        return Err(Refused::NotEligible(decision));
    }
    Ok(Ready {
        decision,
        same_request: same_request(open.benefit.code(), answers),
    })
}

/// What the rules say of the answers given so far; nothing before the person concerned and the reason are known.
///
/// # Errors
/// When the rules have no answer for the facts.
pub(crate) fn foresee(
    rules: &RuleSet,
    answers: &Answers,
    facts: &MemberFacts,
    ceiling_left: Option<Money>,
    on: NaiveDate,
) -> Result<Option<Decision>, DecideError> {
    let concerned = answers
        .person
        .and_then(|person| facts.beneficiary(person.relation, person.person?));
    let (Some(beneficiary), Some(reason)) = (concerned, &answers.reason) else {
        return Ok(None);
    };
    let case = Case {
        member: facts,
        beneficiary,
        reason: Some(reason),
        ceiling_left,
        on,
    };
    rules
        .decide(&case.facts(answers.papers.keys().map(String::as_str)))
        .map(Some)
}

/// One open request per benefit, person concerned and reason.
fn same_request(benefit: &str, answers: &Answers) -> String {
    let person = answers
        .person
        .and_then(|concerned| concerned.person)
        .map(PersonId::as_uuid)
        .unwrap_or_default();
    format!(
        "{benefit}\n{person}\n{}",
        answers.reason.as_deref().unwrap_or_default()
    )
}

#[cfg(test)]
mod tests;
