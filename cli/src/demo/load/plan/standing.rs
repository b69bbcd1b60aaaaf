//! Where a planned file stands after its steps, and whether each step was possible: the agreed ways of a file, told once more and independently
//! of the service, so that a plan that cannot be carried out is found without one.

use super::{Agent, Benefit, Item, PlannedFile, Step, What};

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Draft,
    Submitted,
    AwaitsOpinion,
    AwaitsProposal,
    AwaitsValidation,
    /// The agent who asked is next.
    AwaitsMember,
    Approved,
    Rejected(&'static str),
    Withdrawn,
}

impl Standing {
    /// As the contract names the state.
    pub(crate) const fn state(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::AwaitsOpinion | Self::AwaitsProposal | Self::AwaitsValidation => "in_review",
            Self::AwaitsMember => "information_requested",
            Self::Approved => "approved",
            Self::Rejected(_) => "rejected",
            Self::Withdrawn => "cancelled_by_member",
        }
    }
}

/// A file on its way.
#[derive(Clone, Debug)]
pub(super) struct Position {
    pub(super) standing: Standing,
    pub(super) holder: Option<Agent>,
    benefit: Benefit,
    opinion: bool,
    /// Who proposed last, and whether to grant.
    proposal: Option<(Agent, bool)>,
    asked: Option<(Item, Standing)>,
}

impl Position {
    pub(super) fn new(benefit: Benefit) -> Self {
        Self {
            standing: Standing::Draft,
            holder: None,
            benefit,
            opinion: false,
            proposal: None,
            asked: None,
        }
    }

    fn first_step(&self) -> Standing {
        match self.benefit {
            Benefit::HealthAid => Standing::AwaitsOpinion,
            Benefit::AirTransport => Standing::AwaitsProposal,
        }
    }

    /// Whose turn it is once somebody takes it.
    fn turn(&self) -> Standing {
        match self.standing {
            Standing::Submitted => self.first_step(),
            other => other,
        }
    }

    fn is_open(&self) -> bool {
        matches!(
            self.standing,
            Standing::Submitted
                | Standing::AwaitsOpinion
                | Standing::AwaitsProposal
                | Standing::AwaitsValidation
                | Standing::AwaitsMember
        )
    }

    /// The position after a step; none where it is not possible.
    pub(super) fn after(mut self, what: What) -> Option<Self> {
        let holds = |position: &Self, agent| position.holder == Some(agent);
        let possible = match what {
            What::Start
            | What::Bank
            | What::Person(_)
            | What::Reason(_)
            | What::Consent
            | What::Trip(_)
            | What::Price(_)
            | What::Paper(_) => matches!(self.standing, Standing::Draft | Standing::AwaitsMember),
            What::Submit => {
                let draft = self.standing == Standing::Draft;
                self.standing = Standing::Submitted;
                draft
            }
            What::Resend => self.resent(),
            What::Withdraw => {
                let open = self.is_open();
                (self.standing, self.holder) = (Standing::Withdrawn, None);
                open
            }
            What::Take(agent) => {
                let free = self.holder.is_none() && self.is_open() && may(agent, self.turn());
                (self.standing, self.holder) = (self.turn(), Some(agent));
                free
            }
            What::Open(agent, _) => {
                holds(&self, agent)
                    && (agent == Agent::HealthReviewer) == (self.benefit == Benefit::HealthAid)
            }
            What::Opinion(_) => {
                let mine = holds(&self, Agent::HealthReviewer) && self.standing == Standing::AwaitsOpinion;
                (self.standing, self.opinion) = (Standing::AwaitsProposal, true);
                self.holder = self.proposal.map(|(agent, _)| agent);
                mine
            }
            What::Ask(agent, asked) => {
                let mine = holds(&self, agent)
                    && matches!(self.standing, Standing::AwaitsOpinion | Standing::AwaitsProposal);
                self.asked = Some((asked.item, self.standing));
                self.standing = Standing::AwaitsMember;
                mine
            }
            What::StopWaiting(agent) => {
                let waits = holds(&self, agent) && self.standing == Standing::AwaitsMember;
                self.standing = self.asked.take()?.1;
                waits
            }
            What::ProposeGrant(agent) => self.propose(agent, true),
            What::ProposeRefusal(agent, _) => self.propose(agent, false),
            What::Grant => self.decide(Standing::Approved) && self.proposal?.1,
            What::Refuse(reason) => self.decide(Standing::Rejected(reason)),
            What::SendBack(_) => {
                let decides = self.decide(Standing::AwaitsProposal);
                self.holder = self.proposal.map(|(agent, _)| agent);
                decides
            }
            What::Note(agent, _) => {
                self.is_open() && (agent != Agent::HealthReviewer || self.benefit != Benefit::HealthAid)
            }
        };
        possible.then_some(self)
    }

    fn propose(&mut self, agent: Agent, grant: bool) -> bool {
        let mine = self.holder == Some(agent)
            && self.standing == Standing::AwaitsProposal
            && may(agent, self.standing);
        (self.standing, self.holder, self.proposal) =
            (Standing::AwaitsValidation, None, Some((agent, grant)));
        mine
    }

    fn decide(&mut self, end: Standing) -> bool {
        let mine = self.holder == Some(Agent::Validator) && self.standing == Standing::AwaitsValidation;
        (self.standing, self.holder) = (end, None);
        mine
    }

    fn resent(&mut self) -> bool {
        let Some((item, back_to)) = self.asked.take() else {
            return false;
        };
        let read_again =
            self.benefit == Benefit::HealthAid && (!self.opinion || item != Item::Field("bank_account"));
        let to = if read_again {
            Standing::AwaitsOpinion
        } else {
            back_to
        };
        if to != back_to {
            self.holder = self.opinion.then_some(Agent::HealthReviewer);
        }
        let waited = self.standing == Standing::AwaitsMember;
        self.standing = to;
        waited
    }
}

fn may(agent: Agent, turn: Standing) -> bool {
    match turn {
        Standing::AwaitsOpinion => agent == Agent::HealthReviewer,
        Standing::AwaitsProposal => matches!(agent, Agent::CaseOfficer | Agent::CaseOfficer2),
        Standing::AwaitsValidation => agent == Agent::Validator,
        _ => false,
    }
}

/// Where the steps lead; none where one of them is not possible.
pub(super) fn follow(benefit: Benefit, steps: &[Step]) -> Option<Position> {
    steps
        .iter()
        .try_fold(Position::new(benefit), |position, step| position.after(step.what))
}

impl PlannedFile {
    /// Where the file stands at the end.
    pub(crate) fn standing(&self) -> Option<Standing> {
        follow(self.benefit, &self.steps).map(|position| position.standing)
    }
}
