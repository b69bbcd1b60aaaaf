//! Judging a draft that its member wants to send, or showing beforehand how it would be judged. The rules are the catalogue's; what is
//! here is which facts they get and which refusal comes first.

mod beforehand;

pub(crate) use beforehand::broken_whatever_is_answered;

use chrono::NaiveDate;
use kernel::PersonId;
use rules::{DecideError, Decision, RuleSet};

use super::answers::{Answers, GivenPaper, Step};
use super::catalogue::{Form, OpenForm};
use super::ceiling::Left;
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
    ceiling_left: Option<Left>,
    on: NaiveDate,
) -> Result<Ready, Refused> {
    whole(
        answers.missing(open.form, Some(facts)),
        (open, answers, facts, ceiling_left, on),
    )
}

/// The same of a file that was sent before and comes back corrected.
///
/// # Errors
/// As [`judge`].
pub(crate) fn judge_again(
    open: OpenForm<'_>,
    answers: &Answers,
    facts: &MemberFacts,
    ceiling_left: Option<Left>,
    on: NaiveDate,
) -> Result<Ready, Refused> {
    whole(
        answers.missing_of_file(open.form, facts),
        (open, answers, facts, ceiling_left, on),
    )
}

type Asked<'a> = (
    OpenForm<'a>,
    &'a Answers,
    &'a MemberFacts,
    Option<Left>,
    NaiveDate,
);

fn whole(missing: Vec<Step>, (open, answers, facts, ceiling_left, on): Asked<'_>) -> Result<Ready, Refused> {
    if !missing.is_empty() {
        return Err(Refused::Incomplete(missing));
    }
    if answers.papers.values().any(GivenPaper::is_infected) {
        return Err(Refused::PaperNotUsable);
    }
    let decision = foresee(open.rules, open.form, answers, facts, ceiling_left, on)?
        .ok_or_else(|| Refused::Incomplete(vec![Step::PersonConcerned]))?;
    if !decision.eligible {
        return Err(Refused::NotEligible(decision));
    }
    Ok(Ready {
        decision,
        same_request: same_request(open, answers),
    })
}

/// What the rules say of the answers given so far; nothing before the person concerned, the reason and the required typed questions are
/// answered.
///
/// # Errors
/// When the rules have no answer for the facts.
pub(crate) fn foresee(
    rules: &RuleSet,
    form: &Form,
    answers: &Answers,
    facts: &MemberFacts,
    ceiling_left: Option<Left>,
    on: NaiveDate,
) -> Result<Option<Decision>, DecideError> {
    case(form, answers, facts, ceiling_left, on)
        .map(|case| rules.decide(&case.facts()))
        .transpose()
}

/// The request with what the rules may ask of it; nothing while an answer that they rest on is missing.
pub(crate) fn case<'a>(
    form: &'a Form,
    answers: &'a Answers,
    facts: &'a MemberFacts,
    ceiling_left: Option<Left>,
    on: NaiveDate,
) -> Option<Case<'a>> {
    let rests_on = |step: &Step| matches!(step, Step::PersonConcerned | Step::Reason | Step::Field(_));
    if answers.missing(form, Some(facts)).iter().any(rests_on) {
        return None;
    }
    let concerned = answers.person?;
    let beneficiary = facts.beneficiary(concerned.relation, concerned.person?)?;
    Some(Case {
        member: facts,
        beneficiary,
        form,
        answers,
        ceiling_left,
        on,
    })
}

/// One open request per benefit, person concerned, reason, and what the form says tells requests apart.
pub(crate) fn same_request(open: OpenForm<'_>, answers: &Answers) -> String {
    let person = answers
        .person
        .and_then(|concerned| concerned.person)
        .map(PersonId::as_uuid)
        .unwrap_or_default();
    let mut same = format!(
        "{}\n{person}\n{}",
        open.benefit.code(),
        answers.reason.as_deref().unwrap_or_default()
    );
    for field in open.form.fields().filter(|field| field.tells_requests_apart) {
        let value = answers.fields.get(&field.code);
        same.push_str(&format!(
            "\n{}={}",
            field.code,
            value.map(ToString::to_string).unwrap_or_default()
        ));
    }
    same
}

#[cfg(test)]
mod tests;
