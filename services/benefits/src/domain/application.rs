//! An application from draft to its end. Each state is a type of its own that carries exactly what exists in it, and a move is a method of the
//! states that have it: a file that is decided has no way to be examined, a draft none to be granted, and no other module can write a state down.
//! What is read from the database is an [`Application`] in any [`Stage`]; who wants to move it names the state first.

mod stage;

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, DocumentId, MemberId, RequestNumber};

pub(crate) use stage::{Examination, Stage, Step, StoredStage};

use super::answers::Answers;

/// A request for a benefit, in the state `S`; in any state when nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Application<S = Stage> {
    pub(crate) id: ApplicationId,
    pub(crate) member: MemberId,
    pub(crate) benefit: String,
    /// Grows with each change, from 1.
    pub(crate) version: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) answers: Answers,
    /// Not to be written from without: who wants another state calls the move that leads to it.
    stage: S,
}

/// What the database says of an application: the one way to a state that no move led to.
#[derive(Debug)]
pub(crate) struct StoredApplication {
    pub(crate) id: ApplicationId,
    pub(crate) member: MemberId,
    pub(crate) benefit: String,
    pub(crate) version: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) answers: Answers,
    pub(crate) stage: StoredStage,
}

impl StoredApplication {
    /// The application; `None` for columns that no state has together.
    pub(crate) fn read(self) -> Option<Application> {
        Some(Application {
            id: self.id,
            member: self.member,
            benefit: self.benefit,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            answers: self.answers,
            stage: self.stage.read()?,
        })
    }
}

/// What every file that was sent has. The date is that of the first sending, also after corrections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) number: RequestNumber,
    pub(crate) at: DateTime<Utc>,
}

/// Not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Draft;

/// Sent, and nobody has taken it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Submitted {
    pub(crate) sent: Sent,
    pub(crate) first: Examination,
}

/// In review: a health reviewer's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwaitsOpinion {
    pub(crate) sent: Sent,
}

/// In review: a case officer's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwaitsProposal {
    pub(crate) sent: Sent,
}

/// In review: a validator's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwaitsValidation {
    pub(crate) sent: Sent,
}

/// Information was requested: the member's turn, then that of whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AwaitsMember {
    pub(crate) sent: Sent,
    pub(crate) back_to: Examination,
    /// What the member answered anew and has not sent: no part of the file, and nothing that an agent sees.
    pub(crate) correction: Option<Answers>,
}

/// Granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Approved {
    pub(crate) sent: Sent,
    pub(crate) decided_at: DateTime<Utc>,
}

/// Refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejected {
    pub(crate) sent: Sent,
    pub(crate) decided_at: DateTime<Utc>,
}

/// Taken back by the member before a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CancelledByMember {
    pub(crate) sent: Sent,
    pub(crate) withdrawn_at: DateTime<Utc>,
}

/// A move that the stage does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Impossible {
    #[error("the application is a draft")]
    StillADraft,
    #[error("the application was sent")]
    AlreadySent,
    #[error("the application was decided")]
    AlreadyDecided,
    #[error("the application was withdrawn")]
    Withdrawn,
    /// It is open, and at another step.
    #[error("the application is at another step")]
    AtAnotherStep,
}

/// A state that [`Stage`] knows.
pub(crate) trait State: Into<Stage> {}
impl<S: Into<Stage>> State for S {}

/// Sent and not decided.
pub(crate) trait Open: State + Into<Sent> {}
impl Open for Submitted {}
impl Open for AwaitsOpinion {}
impl Open for AwaitsProposal {}
impl Open for AwaitsValidation {}
impl Open for AwaitsMember {}

/// Where an agent finds out whether the file is whole.
pub(crate) trait Examined: Open {
    const EXAMINATION: Examination;
}
impl Examined for AwaitsOpinion {
    const EXAMINATION: Examination = Examination::MedicalOpinion;
}
impl Examined for AwaitsProposal {
    const EXAMINATION: Examination = Examination::Proposal;
}

impl Application<Draft> {
    /// An empty draft.
    pub(crate) fn new(id: ApplicationId, member: MemberId, benefit: &str, now: DateTime<Utc>) -> Self {
        Self {
            id,
            member,
            benefit: benefit.to_owned(),
            version: 1,
            created_at: now,
            updated_at: now,
            answers: Answers::default(),
            stage: Draft,
        }
    }

    /// The draft with other answers.
    pub(crate) fn answered(self, answers: Answers, now: DateTime<Utc>) -> Self {
        Self { answers, ..self }.moved(now, |draft| draft)
    }

    /// The file that becomes of it; `first` says who examines it first.
    pub(crate) fn submitted(
        self,
        number: RequestNumber,
        first: Examination,
        now: DateTime<Utc>,
    ) -> Application<Submitted> {
        let sent = Sent { number, at: now };
        self.moved(now, |_| Submitted { sent, first })
    }
}

impl Application<Submitted> {
    /// An agent takes it: it is in review from now on.
    pub(crate) fn taken_up(self, now: DateTime<Utc>) -> Application {
        let first = self.stage.first;
        self.back_in(first, now)
    }
}

impl Application<AwaitsOpinion> {
    /// The opinion is there.
    pub(crate) fn opinion_given(self, now: DateTime<Utc>) -> Application<AwaitsProposal> {
        self.moved(now, |state| AwaitsProposal { sent: state.sent })
    }
}

impl Application<AwaitsProposal> {
    /// A decision is proposed.
    pub(crate) fn proposed(self, now: DateTime<Utc>) -> Application<AwaitsValidation> {
        self.moved(now, |state| AwaitsValidation { sent: state.sent })
    }
}

impl Application<AwaitsValidation> {
    /// Granted.
    pub(crate) fn approved(self, now: DateTime<Utc>) -> Application<Approved> {
        self.moved(now, |state| Approved {
            sent: state.sent,
            decided_at: now,
        })
    }

    /// Refused.
    pub(crate) fn rejected(self, now: DateTime<Utc>) -> Application<Rejected> {
        self.moved(now, |state| Rejected {
            sent: state.sent,
            decided_at: now,
        })
    }

    /// Not to be decided as it is.
    pub(crate) fn sent_back(self, to: Examination, now: DateTime<Utc>) -> Application {
        self.back_in(to, now)
    }
}

impl Application<AwaitsMember> {
    /// The file with a corrected answer beside it; it still waits for the member to send it.
    pub(crate) fn corrected(self, answers: Answers, now: DateTime<Utc>) -> Self {
        self.moved(now, |state| AwaitsMember {
            correction: Some(answers),
            ..state
        })
    }

    /// What the member is about to send: the answers given anew in place of those sent before.
    pub(crate) fn with_correction(mut self) -> Self {
        if let Some(answers) = self.stage.correction.take() {
            self.answers = answers;
        }
        self
    }

    /// Sent again: back to whoever examines it next, with its number and its date.
    pub(crate) fn resent(self, to: Examination, now: DateTime<Utc>) -> Application {
        self.with_correction().back_in(to, now)
    }

    /// Waited for no longer: back to whoever asked, with the answers that were sent last.
    pub(crate) fn given_up_on(self, now: DateTime<Utc>) -> Application {
        let to = self.stage.back_to;
        self.back_in(to, now)
    }
}

impl<S: Examined> Application<S> {
    /// The member is asked to correct something.
    pub(crate) fn information_requested(self, now: DateTime<Utc>) -> Application<AwaitsMember> {
        self.moved(now, |state| AwaitsMember {
            sent: state.into(),
            back_to: S::EXAMINATION,
            correction: None,
        })
    }
}

impl<S: Open> Application<S> {
    /// Taken back before a decision; it stays in the history.
    pub(crate) fn cancelled(self, now: DateTime<Utc>) -> Application<CancelledByMember> {
        self.moved(now, |state| CancelledByMember {
            sent: state.into(),
            withdrawn_at: now,
        })
    }

    fn back_in(self, examination: Examination, now: DateTime<Utc>) -> Application {
        match examination {
            Examination::MedicalOpinion => self
                .moved(now, |state| AwaitsOpinion { sent: state.into() })
                .any(),
            Examination::Proposal => self
                .moved(now, |state| AwaitsProposal { sent: state.into() })
                .any(),
        }
    }
}

impl<S> Application<S> {
    pub(crate) fn stage(&self) -> &S {
        &self.stage
    }

    fn in_state<T>(self, change: impl FnOnce(S) -> T) -> Application<T> {
        Application {
            id: self.id,
            member: self.member,
            benefit: self.benefit,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            answers: self.answers,
            stage: change(self.stage),
        }
    }

    fn moved<T>(self, now: DateTime<Utc>, change: impl FnOnce(S) -> T) -> Application<T> {
        let mut moved = self.in_state(change);
        moved.version += 1;
        moved.updated_at = now;
        moved
    }
}

impl<S: State> Application<S> {
    /// The same in the type that is stored and shown.
    pub(crate) fn any(self) -> Application {
        self.in_state(Into::into)
    }
}

impl Application {
    /// An empty draft.
    pub(crate) fn draft(id: ApplicationId, member: MemberId, benefit: &str, now: DateTime<Utc>) -> Self {
        Application::<Draft>::new(id, member, benefit, now).any()
    }

    /// The file is handed to another agent, or put back: no move, but who looked before looks at an older version.
    pub(crate) fn handed(self, now: DateTime<Utc>) -> Self {
        self.moved(now, |stage| stage)
    }

    /// The file taken back, in whatever open state it is.
    ///
    /// # Errors
    /// For a draft, which is discarded instead, and for what has ended.
    pub(crate) fn withdrawn(self, now: DateTime<Utc>) -> Result<Self, Impossible> {
        Ok(match self.stage.clone() {
            Stage::Submitted(state) => self.in_state(|_| state).cancelled(now).any(),
            Stage::AwaitsOpinion(state) => self.in_state(|_| state).cancelled(now).any(),
            Stage::AwaitsProposal(state) => self.in_state(|_| state).cancelled(now).any(),
            Stage::AwaitsValidation(state) => self.in_state(|_| state).cancelled(now).any(),
            Stage::AwaitsMember(state) => self.in_state(|_| state).cancelled(now).any(),
            Stage::Draft(_) | Stage::Approved(_) | Stage::Rejected(_) | Stage::CancelledByMember(_) => {
                return Err(self.stage.instead_of_open());
            }
        })
    }

    /// # Errors
    /// What it is instead; so each of the following.
    pub(crate) fn into_draft(self) -> Result<Application<Draft>, Impossible> {
        self.stage.must_be_draft()?;
        Ok(self.in_state(|_| Draft))
    }

    pub(crate) fn into_awaiting_opinion(self) -> Result<Application<AwaitsOpinion>, Impossible> {
        if let Stage::AwaitsOpinion(state) = &self.stage {
            let state = state.clone();
            return Ok(self.in_state(|_| state));
        }
        Err(self.stage.instead_of_open())
    }

    pub(crate) fn into_awaiting_proposal(self) -> Result<Application<AwaitsProposal>, Impossible> {
        if let Stage::AwaitsProposal(state) = &self.stage {
            let state = state.clone();
            return Ok(self.in_state(|_| state));
        }
        Err(self.stage.instead_of_open())
    }

    pub(crate) fn into_awaiting_validation(self) -> Result<Application<AwaitsValidation>, Impossible> {
        if let Stage::AwaitsValidation(state) = &self.stage {
            let state = state.clone();
            return Ok(self.in_state(|_| state));
        }
        Err(self.stage.instead_of_open())
    }

    pub(crate) fn into_awaiting_member(self) -> Result<Application<AwaitsMember>, Impossible> {
        if let Stage::AwaitsMember(state) = &self.stage {
            let state = state.clone();
            return Ok(self.in_state(|_| state));
        }
        Err(self.stage.instead_of_open())
    }

    /// Taken up when nobody had it yet; else as it is, at the step at which it stands.
    ///
    /// # Errors
    /// When there is nothing to examine or decide.
    pub(crate) fn in_review(self, now: DateTime<Utc>) -> Result<Self, Impossible> {
        match self.stage.clone() {
            Stage::Submitted(state) => Ok(self.in_state(|_| state).taken_up(now)),
            Stage::AwaitsOpinion(_)
            | Stage::AwaitsProposal(_)
            | Stage::AwaitsValidation(_)
            | Stage::AwaitsMember(_) => Ok(self.handed(now)),
            Stage::Draft(_) | Stage::Approved(_) | Stage::Rejected(_) | Stage::CancelledByMember(_) => {
                Err(self.stage.instead_of_open())
            }
        }
    }

    /// The answers as their member sees them: with what was answered anew and not sent.
    pub(crate) fn answers_in_hand(&self) -> &Answers {
        self.stage.correction().unwrap_or(&self.answers)
    }

    /// The application with that paper marked as infected, among the answers that were sent and those given anew; none when it is in neither, or
    /// marked already. No move: where the application stands does not change.
    pub(crate) fn with_infected(&self, document: DocumentId, now: DateTime<Utc>) -> Option<Self> {
        let sent = self.answers.with_infected(document);
        let given_anew = self
            .stage
            .correction()
            .and_then(|answers| answers.with_infected(document));
        if sent.is_none() && given_anew.is_none() {
            return None;
        }
        let mut marked = self.clone().moved(now, |stage| stage);
        marked.answers = sent.unwrap_or(marked.answers);
        if let (Stage::AwaitsMember(state), Some(given_anew)) = (&mut marked.stage, given_anew) {
            state.correction = Some(given_anew);
        }
        Some(marked)
    }

    /// Whether the member may still take it back.
    pub(crate) fn can_withdraw(&self) -> bool {
        self.stage.is_open()
    }

    pub(crate) fn is_draft(&self) -> bool {
        self.stage == Stage::Draft(Draft)
    }
}

#[cfg(test)]
mod tests;
