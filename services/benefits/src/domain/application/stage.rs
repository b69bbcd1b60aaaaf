//! All states in one type: what the database holds and the pages show. Nothing moves here.

use chrono::{DateTime, Utc};

use super::{
    Approved, AwaitsMember, AwaitsOpinion, AwaitsProposal, AwaitsValidation, CancelledByMember, Draft,
    Impossible, Rejected, Sent, Submitted,
};
use crate::domain::answers::Answers;

/// Where an application stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    Draft(Draft),
    Submitted(Submitted),
    AwaitsOpinion(AwaitsOpinion),
    AwaitsProposal(AwaitsProposal),
    AwaitsValidation(AwaitsValidation),
    AwaitsMember(AwaitsMember),
    Approved(Approved),
    Rejected(Rejected),
    CancelledByMember(CancelledByMember),
}

/// Who examines a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Examination {
    /// A health reviewer, who reads the papers.
    MedicalOpinion,
    /// A case officer, who proposes.
    Proposal,
}

/// Whose turn an open file is, among agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    MedicalOpinion,
    Examination,
    Validation,
}

/// A stage in the words and dates of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredStage {
    pub(crate) state: String,
    pub(crate) step: Option<String>,
    pub(crate) correction: Option<Answers>,
    pub(crate) sent: Option<Sent>,
    pub(crate) decided_at: Option<DateTime<Utc>>,
    pub(crate) withdrawn_at: Option<DateTime<Utc>>,
}

impl Step {
    pub(crate) const ALL: [Self; 3] = [Self::MedicalOpinion, Self::Examination, Self::Validation];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::MedicalOpinion => "medical_opinion",
            Self::Examination => "examination",
            Self::Validation => "validation",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }

    fn examination(self) -> Option<Examination> {
        match self {
            Self::MedicalOpinion => Some(Examination::MedicalOpinion),
            Self::Examination => Some(Examination::Proposal),
            Self::Validation => None,
        }
    }
}

impl From<Examination> for Step {
    fn from(examination: Examination) -> Self {
        match examination {
            Examination::MedicalOpinion => Self::MedicalOpinion,
            Examination::Proposal => Self::Examination,
        }
    }
}

impl Stage {
    /// # Errors
    /// What it is instead.
    pub(crate) fn must_be_draft(&self) -> Result<(), Impossible> {
        match self {
            Self::Draft(_) => Ok(()),
            Self::Submitted(_)
            | Self::AwaitsOpinion(_)
            | Self::AwaitsProposal(_)
            | Self::AwaitsValidation(_)
            | Self::AwaitsMember(_) => Err(Impossible::AlreadySent),
            Self::Approved(_) | Self::Rejected(_) => Err(Impossible::AlreadyDecided),
            Self::CancelledByMember(_) => Err(Impossible::Withdrawn),
        }
    }

    /// What it is instead of the open state that was asked for.
    pub(super) fn instead_of_open(&self) -> Impossible {
        match self {
            Self::Draft(_) => Impossible::StillADraft,
            Self::Submitted(_)
            | Self::AwaitsOpinion(_)
            | Self::AwaitsProposal(_)
            | Self::AwaitsValidation(_)
            | Self::AwaitsMember(_) => Impossible::AtAnotherStep,
            Self::Approved(_) | Self::Rejected(_) => Impossible::AlreadyDecided,
            Self::CancelledByMember(_) => Impossible::Withdrawn,
        }
    }

    /// Sent and not decided.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Submitted(_)
            | Self::AwaitsOpinion(_)
            | Self::AwaitsProposal(_)
            | Self::AwaitsValidation(_)
            | Self::AwaitsMember(_) => true,
            Self::Draft(_) | Self::Approved(_) | Self::Rejected(_) | Self::CancelledByMember(_) => false,
        }
    }

    /// The number and instant of sending, of everything but a draft.
    pub(crate) fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Draft(_) => None,
            Self::Submitted(state) => Some(&state.sent),
            Self::AwaitsOpinion(state) => Some(&state.sent),
            Self::AwaitsProposal(state) => Some(&state.sent),
            Self::AwaitsValidation(state) => Some(&state.sent),
            Self::AwaitsMember(state) => Some(&state.sent),
            Self::Approved(state) => Some(&state.sent),
            Self::Rejected(state) => Some(&state.sent),
            Self::CancelledByMember(state) => Some(&state.sent),
        }
    }

    /// Whose turn it is among agents, or to whom it comes back from the member; of open files only.
    pub(crate) fn step(&self) -> Option<Step> {
        match self {
            Self::Submitted(state) => Some(state.first.into()),
            Self::AwaitsOpinion(_) => Some(Step::MedicalOpinion),
            Self::AwaitsProposal(_) => Some(Step::Examination),
            Self::AwaitsValidation(_) => Some(Step::Validation),
            Self::AwaitsMember(state) => Some(state.back_to.into()),
            Self::Draft(_) | Self::Approved(_) | Self::Rejected(_) | Self::CancelledByMember(_) => None,
        }
    }

    pub(crate) fn decided_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Approved(state) => Some(state.decided_at),
            Self::Rejected(state) => Some(state.decided_at),
            Self::Draft(_)
            | Self::Submitted(_)
            | Self::AwaitsOpinion(_)
            | Self::AwaitsProposal(_)
            | Self::AwaitsValidation(_)
            | Self::AwaitsMember(_)
            | Self::CancelledByMember(_) => None,
        }
    }

    pub(crate) fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::CancelledByMember(state) => Some(state.withdrawn_at),
            Self::Draft(_)
            | Self::Submitted(_)
            | Self::AwaitsOpinion(_)
            | Self::AwaitsProposal(_)
            | Self::AwaitsValidation(_)
            | Self::AwaitsMember(_)
            | Self::Approved(_)
            | Self::Rejected(_) => None,
        }
    }

    /// The word in the database. The turns of agents are one state to the member.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Draft(_) => "draft",
            Self::Submitted(_) => "submitted",
            Self::AwaitsOpinion(_) | Self::AwaitsProposal(_) | Self::AwaitsValidation(_) => "in_review",
            Self::AwaitsMember(_) => "information_requested",
            Self::Approved(_) => "approved",
            Self::Rejected(_) => "rejected",
            Self::CancelledByMember(_) => "cancelled_by_member",
        }
    }

    /// What the member answered anew and has not sent.
    pub(crate) fn correction(&self) -> Option<&Answers> {
        match self {
            Self::AwaitsMember(state) => state.correction.as_ref(),
            Self::Draft(_)
            | Self::Submitted(_)
            | Self::AwaitsOpinion(_)
            | Self::AwaitsProposal(_)
            | Self::AwaitsValidation(_)
            | Self::Approved(_)
            | Self::Rejected(_)
            | Self::CancelledByMember(_) => None,
        }
    }

    /// In the words and dates of the database.
    #[cfg(test)]
    pub(crate) fn stored(&self) -> StoredStage {
        StoredStage {
            state: self.as_str().to_owned(),
            step: self.step().map(|step| step.as_str().to_owned()),
            correction: self.correction().cloned(),
            sent: self.sent().cloned(),
            decided_at: self.decided_at(),
            withdrawn_at: self.withdrawn_at(),
        }
    }
}

impl StoredStage {
    /// The stage; `None` when words and dates do not belong together.
    pub(crate) fn read(self) -> Option<Stage> {
        let step = match self.step.as_deref() {
            None => None,
            Some(word) => Some(Step::parse(word)?),
        };
        let state = self.state.as_str();
        match (state, self.sent, step, self.decided_at, self.withdrawn_at) {
            ("draft", None, None, None, None) => Some(Stage::Draft(Draft)),
            ("submitted", Some(sent), Some(step), None, None) => Some(Stage::Submitted(Submitted {
                sent,
                first: step.examination()?,
            })),
            // The version before knew no examination and took requests of the health aid alone.
            ("submitted", Some(sent), None, None, None) => Some(Stage::Submitted(Submitted {
                sent,
                first: Examination::MedicalOpinion,
            })),
            ("in_review", Some(sent), Some(step), None, None) => Some(match step {
                Step::MedicalOpinion => Stage::AwaitsOpinion(AwaitsOpinion { sent }),
                Step::Examination => Stage::AwaitsProposal(AwaitsProposal { sent }),
                Step::Validation => Stage::AwaitsValidation(AwaitsValidation { sent }),
            }),
            ("information_requested", Some(sent), Some(step), None, None) => {
                Some(Stage::AwaitsMember(AwaitsMember {
                    sent,
                    back_to: step.examination()?,
                    // The version before leaves one behind in other states: it counts here alone.
                    correction: self.correction,
                }))
            }
            ("approved", Some(sent), None, Some(decided_at), None) => {
                Some(Stage::Approved(Approved { sent, decided_at }))
            }
            ("rejected", Some(sent), None, Some(decided_at), None) => {
                Some(Stage::Rejected(Rejected { sent, decided_at }))
            }
            // The version before left the step when it withdrew.
            ("cancelled_by_member", Some(sent), _, None, Some(withdrawn_at)) => {
                Some(Stage::CancelledByMember(CancelledByMember { sent, withdrawn_at }))
            }
            _ => None,
        }
    }
}

/// Into [`Stage`], each.
macro_rules! states {
    ($($state:ident),+) => {
        $(impl From<$state> for Stage {
            fn from(state: $state) -> Self {
                Self::$state(state)
            }
        })+
    };
}
states!(
    Draft,
    Submitted,
    AwaitsOpinion,
    AwaitsProposal,
    AwaitsValidation,
    AwaitsMember,
    Approved,
    Rejected,
    CancelledByMember
);

/// What stays of an open state wherever the file goes.
macro_rules! sent {
    ($($state:ident),+) => {
        $(impl From<$state> for Sent {
            fn from(state: $state) -> Self {
                state.sent
            }
        })+
    };
}
sent!(
    Submitted,
    AwaitsOpinion,
    AwaitsProposal,
    AwaitsValidation,
    AwaitsMember
);
