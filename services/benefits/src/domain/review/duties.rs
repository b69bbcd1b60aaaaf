//! Who may do what with a file: nobody with their own or a relative's, each role its own part, and no person two parts that control one
//! another. Pure: the agent, the two families and the acts of the file are handed in.

use std::collections::BTreeSet;

use kernel::permission::Role;
use kernel::{AccountId, MemberId, PersonId};

use super::acts::{Content, Dossier};
use crate::domain::application::Step;
use crate::domain::member::MemberFacts;

/// The agent who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) account: AccountId,
    pub(crate) roles: Vec<Role>,
    /// The agent's own membership, of one who is staff.
    pub(crate) member: Option<MemberId>,
}

impl Agent {
    pub(crate) fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// How near an agent is to an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closeness {
    None,
    Own,
    Relative,
}

/// What an agent wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    See,
    /// Take it, release it.
    Handle,
    OpenPaper,
    GiveOpinion,
    RequestInformation,
    Propose,
    Decide,
    AddNote,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DutyRefused {
    #[error("it is the agent's own file")]
    OwnFile,
    #[error("it is a relative's file")]
    RelativesFile,
    #[error("it takes another role")]
    RoleMissing,
    #[error("the papers of a health file are read by its health reviewer alone")]
    PaperNotYours,
    #[error(
        "the file has ended: who had a part in it reads it again for an appeal or a check, nobody once it was withdrawn"
    )]
    FileClosed,
    #[error("a health reviewer writes no free text on a health file")]
    NoteNotAllowed,
    #[error("the agent assessed the file, or read its papers, before")]
    AssessedBefore,
    #[error("the agent proposed the decision before")]
    ProposedBefore,
    #[error("the agent gave the opinion, or read the papers, before")]
    GaveOpinionBefore,
}

impl DutyRefused {
    /// The stable reason.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::OwnFile => "OWN_FILE",
            Self::RelativesFile => "RELATIVES_FILE",
            Self::RoleMissing => "ROLE_MISSING",
            Self::PaperNotYours => "PAPER_NOT_YOURS_TO_READ",
            Self::FileClosed => "FILE_CLOSED",
            Self::NoteNotAllowed => "NOTE_NOT_ALLOWED",
            Self::AssessedBefore => "ASSESSED_BEFORE",
            Self::ProposedBefore => "PROPOSED_BEFORE",
            Self::GaveOpinionBefore => "GAVE_OPINION_BEFORE",
        }
    }
}

/// Two families are one another's when somebody belongs to both: a spouse who is a member too, a child of both, a parent's child.
pub(crate) fn closeness(
    agent: MemberId,
    agents_family: Option<&MemberFacts>,
    applicant: &MemberFacts,
) -> Closeness {
    if agent == applicant.member {
        return Closeness::Own;
    }
    let mine: BTreeSet<PersonId> = agents_family.map(family).unwrap_or_default();
    if family(applicant).is_disjoint(&mine) {
        Closeness::None
    } else {
        Closeness::Relative
    }
}

fn family(facts: &MemberFacts) -> BTreeSet<PersonId> {
    let relatives = facts.relatives.iter().map(|relative| relative.person);
    std::iter::once(facts.person).chain(relatives).collect()
}

/// A file as duties see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) health: bool,
    /// Whose turn it is; none once it ended.
    pub(crate) step: Option<Step>,
    /// By its member: nothing of it is anybody's to read any more.
    pub(crate) withdrawn: bool,
    pub(crate) dossier: &'a Dossier,
    pub(crate) closeness: Closeness,
}

/// Whether the agent may do it. Whether the file is at that step is the application's to say.
///
/// # Errors
/// The first reason why not.
pub(crate) fn check(agent: &Agent, case: Case<'_>, act: Act) -> Result<(), DutyRefused> {
    match case.closeness {
        Closeness::Own => return Err(DutyRefused::OwnFile),
        Closeness::Relative => return Err(DutyRefused::RelativesFile),
        Closeness::None => {}
    }
    match act {
        Act::See => see(agent, case),
        Act::Handle => match case.step {
            Some(step) => part(agent, case, step),
            None => see(agent, case),
        },
        Act::OpenPaper => open_paper(agent, case),
        Act::GiveOpinion => part(agent, case, Step::MedicalOpinion),
        Act::RequestInformation => match case.step {
            Some(Step::Validation) | None => must(agent, &[Role::CaseOfficer, Role::HealthReviewer]),
            Some(step @ (Step::MedicalOpinion | Step::Examination)) => part(agent, case, step),
        },
        Act::Propose => part(agent, case, Step::Examination),
        Act::Decide => part(agent, case, Step::Validation),
        Act::AddNote => {
            see(agent, case)?;
            // A role that has read papers could write down what is in them.
            if case.health && agent.is(Role::HealthReviewer) {
                return Err(DutyRefused::NoteNotAllowed);
            }
            Ok(())
        }
    }
}

fn must(agent: &Agent, roles: &[Role]) -> Result<(), DutyRefused> {
    if roles.iter().any(|role| agent.is(*role)) {
        Ok(())
    } else {
        Err(DutyRefused::RoleMissing)
    }
}

fn see(agent: &Agent, case: Case<'_>) -> Result<(), DutyRefused> {
    if case.health {
        must(agent, &[Role::CaseOfficer, Role::HealthReviewer, Role::Validator])
    } else {
        must(agent, &[Role::CaseOfficer, Role::Validator])
    }
}

/// The role of a step, held by somebody who did no part that this one controls or is controlled by.
fn part(agent: &Agent, case: Case<'_>, step: Step) -> Result<(), DutyRefused> {
    let did = |is: fn(&Content) -> bool| case.dossier.did(agent, is);
    let proposed = || did(|act| matches!(act, Content::Proposed { .. }));
    let gave_opinion = || did(|act| matches!(act, Content::Opinion { .. }));
    let assessed = || {
        did(|act| {
            matches!(
                act,
                Content::Opinion { .. } | Content::InformationRequested { .. }
            )
        })
    };
    let opened = || case.health && did(|act| matches!(act, Content::PaperOpened { .. }));
    match step {
        Step::MedicalOpinion => {
            must(agent, &[Role::HealthReviewer])?;
            if proposed() {
                return Err(DutyRefused::ProposedBefore);
            }
        }
        Step::Examination => {
            must(agent, &[Role::CaseOfficer])?;
            if gave_opinion() || opened() {
                return Err(DutyRefused::GaveOpinionBefore);
            }
        }
        Step::Validation => {
            must(agent, &[Role::Validator])?;
            if proposed() {
                return Err(DutyRefused::ProposedBefore);
            }
            if assessed() || opened() {
                return Err(DutyRefused::AssessedBefore);
            }
        }
    }
    Ok(())
}

fn open_paper(agent: &Agent, case: Case<'_>) -> Result<(), DutyRefused> {
    if !case.health {
        must(agent, &[Role::CaseOfficer, Role::Validator])?;
    }
    if !had_a_part_if_ended(agent, case) {
        return Err(DutyRefused::FileClosed);
    }
    if !case.health || sees_health(agent, case) {
        Ok(())
    } else {
        Err(DutyRefused::PaperNotYours)
    }
}

/// What ended stays open to who had a part in it, unless its member withdrew it.
fn had_a_part_if_ended(agent: &Agent, case: Case<'_>) -> bool {
    let ended = case.step.is_none();
    !case.withdrawn && (!ended || case.dossier.did(agent, |_| true))
}

/// Whether reason and papers of a health file are shown: to a health reviewer; to one who holds another role too, only while the opinion is
/// due and as long as they proposed nothing; of a file that ended, to who had a part in it.
pub(crate) fn sees_health(agent: &Agent, case: Case<'_>) -> bool {
    let reviewer = agent.is(Role::HealthReviewer) && case.closeness == Closeness::None;
    let other_part = agent.is(Role::CaseOfficer) || agent.is(Role::Validator);
    let due = case.step == Some(Step::MedicalOpinion) && part(agent, case, Step::MedicalOpinion).is_ok();
    reviewer && (!other_part || due) && had_a_part_if_ended(agent, case)
}

#[cfg(test)]
mod tests;
