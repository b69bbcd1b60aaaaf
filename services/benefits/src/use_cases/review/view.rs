//! What an agent sees of a file: everything that their role needs, and of a health file neither reason nor papers unless they are its health
//! reviewer. What is left out here never reaches the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{AccountId, civil};
use rules::Decision;
use sqlx::PgConnection;

use super::Reviewer;
use super::desk::File;
use super::propose_decision::missing;
use crate::domain::answers::{Answers, Step as AnswerStep};
use crate::domain::application::{Application, Stage, Step};
use crate::domain::catalogue::{Benefit, Text};
use crate::domain::ceiling::Standing;
use crate::domain::review::acts::Dossier;
use crate::domain::review::clock::Clock;
use crate::domain::review::duties::{self, Act};
use crate::domain::review::information::{self, Target};
use crate::error::Error;
use crate::store::assessments;
use crate::store::review_files::Assignment;
use crate::use_cases::ceilings;

/// What the agent may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Assign,
    Release,
    OpenPaper,
    RecordOpinion,
    RequestInformation,
    Propose,
    Validate,
    AddNote,
    StopWaiting,
}

/// A file for its agent.
pub(crate) struct FileView {
    pub(crate) application: Application,
    /// Without reason, papers and typed answers where they are not to be seen.
    pub(crate) answers: Answers,
    pub(crate) benefit_title: Text,
    pub(crate) health: bool,
    pub(crate) reason_label: Option<Text>,
    pub(crate) papers_withheld: usize,
    /// What an open file no longer answers; a grant waits for it.
    pub(crate) missing: Vec<AnswerStep>,
    pub(crate) assignment: Option<Assignment>,
    pub(crate) me: AccountId,
    pub(crate) dossier: Dossier,
    pub(crate) judged: Option<Decision>,
    pub(crate) ceiling: Option<Standing>,
    pub(crate) actions: Vec<Action>,
    pub(crate) requestable: Vec<(Target, Text)>,
    pub(crate) member_died: bool,
    pub(crate) clock: Option<Clock>,
    /// Days within which the foundation answers.
    pub(crate) processing_days: u16,
    pub(crate) now: DateTime<Utc>,
}

impl std::fmt::Debug for FileView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileView({})", self.application.id)
    }
}

/// Puts the view together.
pub(super) async fn of(
    conn: &mut PgConnection,
    reviewer: &Reviewer,
    file: File<'_>,
) -> Result<FileView, Error> {
    let id = file.application.id;
    let judged = assessments::of_applications(conn, &file.key, &[id], true)
        .await?
        .remove(&id)
        .map(|decision| in_the_third_person(file.benefit, decision));
    let sent_in = file
        .application
        .stage()
        .sent()
        .map_or(reviewer.now, |sent| sent.at);
    // What is left today says nothing of the day on which a file was decided.
    let ceiling = if file.application.stage().is_open() {
        let year = civil::civil_year(sent_in);
        ceilings::standing(conn, file.benefit, &file.application, Some(&file.applicant), year).await?
    } else {
        None
    };
    let shown = !file.health() || duties::sees_health(&reviewer.agent, file.case());
    let actions = actions(&file, reviewer);
    let missing = if file.application.stage().is_open() {
        missing(&file)
    } else {
        Vec::new()
    };
    let answers = &file.application.answers;
    let reason_label = reason_label(file.benefit, answers, shown);
    let papers_withheld = if shown { 0 } else { answers.papers.len() };
    let answers = if shown {
        answers.clone()
    } else {
        without_health(answers)
    };
    Ok(FileView {
        answers,
        benefit_title: file.benefit.definition().title.clone(),
        health: file.health(),
        reason_label,
        papers_withheld,
        missing,
        assignment: file.assignment,
        me: reviewer.agent.account,
        judged,
        ceiling,
        actions,
        requestable: requestable(file.benefit),
        member_died: file.member_died(),
        clock: file.clock(),
        processing_days: file.terms.processing_days,
        now: reviewer.now,
        dossier: file.dossier,
        application: file.application,
    })
}

/// Neither reason nor papers, nor typed answers: those of a health form may say what its papers say.
fn without_health(answers: &Answers) -> Answers {
    Answers {
        reason: None,
        papers: BTreeMap::new(),
        fields: BTreeMap::new(),
        ..answers.clone()
    }
}

/// The sentences of conditions speak to the member who applies; an agent reads of the member. Those that say the same to both stay.
fn in_the_third_person(benefit: &Benefit, mut decision: Decision) -> Decision {
    for condition in &mut decision.conditions {
        if let Some(text) = benefit.definition().for_agents.get(&condition.code) {
            text.ar.clone_into(&mut condition.sentence_ar);
            text.fr.clone_into(&mut condition.sentence_fr);
        }
    }
    decision
}

/// The reason's own label, or a neutral one by its place in the form: "Motif A".
fn reason_label(benefit: &Benefit, answers: &Answers, shown: bool) -> Option<Text> {
    let (form, code) = (benefit.form()?, answers.reason.as_deref()?);
    if shown {
        return form.reason(code).map(|reason| reason.label.clone());
    }
    let place = form.reasons.iter().position(|reason| reason.code == code)?;
    let letter = |first: char| char::from_u32(u32::from(first) + u32::try_from(place).ok()?);
    // The letters of the Arabic order of lists (أ ب ج) are not neighbours in Unicode.
    let arabic = ["أ", "ب", "ج", "د", "ه", "و", "ز", "ح", "ط", "ي"].get(place)?;
    Some(Text {
        ar: format!("الموضوع {arabic}"),
        fr: format!("Motif {}", letter('A')?),
    })
}

fn requestable(benefit: &Benefit) -> Vec<(Target, Text)> {
    let Some(form) = benefit.form() else {
        return Vec::new();
    };
    let label = |target: &Target| match target {
        Target::Paper(code) => form.paper(code).map(|paper| paper.label.clone()),
        Target::Field(code) => form
            .fields()
            .find(|field| field.code == *code)
            .map(|field| field.label.clone())
            .or_else(|| step_label(code)),
    };
    information::requestable(form)
        .into_iter()
        .filter_map(|target| label(&target).map(|label| (target, label)))
        .collect()
}

/// The steps that every form has, as the member's pages call them.
fn step_label(code: &str) -> Option<Text> {
    let (ar, fr) = match code {
        "bank_account" => ("الحساب البنكي", "Compte bancaire"),
        "person_concerned" => ("الشخص المعني", "Personne concernée"),
        "reason" => ("موضوع الطلب", "Motif"),
        _ => return None,
    };
    Some(Text {
        ar: ar.to_owned(),
        fr: fr.to_owned(),
    })
}

fn actions(file: &File<'_>, reviewer: &Reviewer) -> Vec<Action> {
    let may = |act| file.may(reviewer, act).is_ok();
    let stage = file.application.stage();
    let (open, mine) = (stage.is_open(), file.is_mine(reviewer));
    let at = |step: Step| mine && stage.step() == Some(step) && !matches!(stage, Stage::AwaitsMember(_));
    let papers = !file.application.answers.papers.is_empty();
    [
        (Action::Assign, open && !mine && may(Act::Handle)),
        (Action::Release, open && mine),
        (
            Action::OpenPaper,
            papers && (mine || !open) && may(Act::OpenPaper),
        ),
        (
            Action::RecordOpinion,
            at(Step::MedicalOpinion) && may(Act::GiveOpinion),
        ),
        (
            Action::RequestInformation,
            (at(Step::MedicalOpinion) || at(Step::Examination))
                && may(Act::RequestInformation)
                && !file.member_died(),
        ),
        (Action::Propose, at(Step::Examination) && may(Act::Propose)),
        (Action::Validate, at(Step::Validation) && may(Act::Decide)),
        (Action::AddNote, may(Act::AddNote)),
        (
            Action::StopWaiting,
            mine && matches!(stage, Stage::AwaitsMember(_))
                && may(Act::RequestInformation)
                && file.waits_in_vain(reviewer),
        ),
    ]
    .into_iter()
    .filter_map(|(action, can)| can.then_some(action))
    .collect()
}

#[cfg(test)]
mod tests {
    use kernel::Money;

    use super::*;
    use crate::domain::answers::fields::FieldValue;
    use crate::domain::answers::tests::complete;

    #[test]
    fn of_a_health_file_neither_reason_nor_papers_nor_typed_answers_are_left() {
        let mut answers = complete();
        let cost = FieldValue::Money(Money::from_centimes(1));
        answers.fields.insert("cost_of_care".to_owned(), cost);
        let left = without_health(&answers);
        assert!(left.reason.is_none() && left.papers.is_empty() && left.fields.is_empty());
        assert!(left.person == answers.person && left.bank_account == answers.bank_account);
    }
}
