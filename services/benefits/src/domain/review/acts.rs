//! What was done with a file, act by act, and what of it still holds. Acts only grow: an opinion that is asked for again stays in the history.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, DocumentId, MemberId, Money};
use serde::{Deserialize, Serialize};

use super::Opinion;
use super::duties::Agent;
use super::information::{Item, Target};
use super::refusal::Refusal;
use crate::domain::application::Step;

/// One act, with who did it and when.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Act {
    /// The agent; nobody when it was the member.
    pub(crate) agent: Option<AccountId>,
    /// Which member that agent is, where it was known: the person stays when an account is closed and another one made.
    pub(crate) agent_member: Option<MemberId>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) content: Content,
}

impl std::fmt::Debug for Act {
    /// What it says may be a fact about somebody's health.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Act({} at {})", self.content.kind(), self.at)
    }
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(crate) enum Content {
    /// The first agent took it.
    TakenUp,
    /// An agent was let in to a paper.
    PaperOpened {
        document: DocumentId,
    },
    Opinion {
        opinion: Opinion,
    },
    InformationRequested {
        items: Vec<Item>,
        /// The last civil day for an answer, as the member was told; none before such a day was named.
        #[serde(default)]
        answer_by: Option<NaiveDate>,
    },
    /// The member answered anew what was asked.
    Corrected {
        target: Target,
    },
    /// The member sent it again; `opinion_again` when what the opinion rests on was changed.
    Resent {
        opinion_again: bool,
    },
    /// The agent waits no longer: the file is examined as it was sent last.
    StoppedWaiting,
    Proposed {
        proposal: Recommendation,
    },
    SentBack {
        to_opinion: bool,
    },
    Granted {
        amount: Money,
        appeal_until: NaiveDate,
    },
    Refused {
        refusal: Refusal,
        appeal_until: NaiveDate,
    },
    Note {
        text: String,
    },
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind())
    }
}

impl Content {
    fn kind(&self) -> &'static str {
        match self {
            Self::TakenUp => "taken_up",
            Self::PaperOpened { .. } => "paper_opened",
            Self::Opinion { .. } => "opinion",
            Self::InformationRequested { .. } => "information_requested",
            Self::Corrected { .. } => "corrected",
            Self::Resent { .. } => "resent",
            Self::StoppedWaiting => "stopped_waiting",
            Self::Proposed { .. } => "proposed",
            Self::SentBack { .. } => "sent_back",
            Self::Granted { .. } => "granted",
            Self::Refused { .. } => "refused",
            Self::Note { .. } => "note",
        }
    }
}

/// The most acts that a file holds before nothing more is noted, opened again, asked or sent back on it: an ordinary one has fewer than thirty. What
/// leads to its end stays possible, so that no file is stuck.
pub(crate) const MOST_ACTS: usize = 200;

/// What a case officer proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Recommendation {
    Grant { amount: Money },
    Refuse { reason: String },
}

/// The acts of one file, in the order in which they were done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Dossier(pub(crate) Vec<Act>);

/// An act of one kind with who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed<T> {
    pub(crate) agent: Option<AccountId>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) what: T,
}

/// What was asked of the member, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) at: DateTime<Utc>,
    /// Each with whether it was answered anew.
    pub(crate) items: Vec<(Item, bool)>,
    pub(crate) answer_by: Option<NaiveDate>,
    pub(crate) resent_at: Option<DateTime<Utc>>,
    /// When the foundation stopped waiting.
    pub(crate) ended_at: Option<DateTime<Utc>>,
}

impl Asked {
    pub(crate) fn targets(&self) -> BTreeSet<Target> {
        self.items.iter().map(|(item, _)| item.target.clone()).collect()
    }
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Granted {
        amount: Money,
        appeal_until: NaiveDate,
    },
    Refused {
        refusal: Refusal,
        appeal_until: NaiveDate,
    },
}

impl Dossier {
    /// Nothing more is noted, opened, asked or sent back.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= MOST_ACTS
    }

    /// The opinion that holds: the last one that nothing asked for again.
    pub(crate) fn opinion(&self) -> Option<Signed<Opinion>> {
        let mut holds = None;
        for act in &self.0 {
            if let Content::Opinion { opinion } = &act.content {
                holds = Some(signed(act, *opinion));
            }
            if matches!(
                act.content,
                Content::Resent { opinion_again: true } | Content::SentBack { to_opinion: true }
            ) {
                holds = None;
            }
        }
        holds
    }

    /// The proposal that awaits its validation, or led to the decision.
    pub(crate) fn proposal(&self) -> Option<Signed<Recommendation>> {
        let mut holds = None;
        for act in &self.0 {
            if let Content::Proposed { proposal } = &act.content {
                holds = Some(signed(act, proposal.clone()));
            }
            if matches!(act.content, Content::SentBack { .. }) {
                holds = None;
            }
        }
        holds
    }

    pub(crate) fn verdict(&self) -> Option<Signed<Verdict>> {
        self.0.iter().rev().find_map(|act| {
            let verdict = if let Content::Granted { amount, appeal_until } = &act.content {
                Verdict::Granted {
                    amount: *amount,
                    appeal_until: *appeal_until,
                }
            } else if let Content::Refused {
                refusal,
                appeal_until,
            } = &act.content
            {
                Verdict::Refused {
                    refusal: refusal.clone(),
                    appeal_until: *appeal_until,
                }
            } else {
                return None;
            };
            Some(signed(act, verdict))
        })
    }

    /// What was asked of the member, the newest first.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        for act in &self.0 {
            match (&act.content, asked.last_mut()) {
                (Content::InformationRequested { items, answer_by }, _) => asked.push(Asked {
                    at: act.at,
                    items: items.iter().map(|item| (item.clone(), false)).collect(),
                    answer_by: *answer_by,
                    resent_at: None,
                    ended_at: None,
                }),
                (Content::Corrected { target }, Some(last)) => {
                    for (item, corrected) in &mut last.items {
                        *corrected |= item.target == *target;
                    }
                }
                (Content::Resent { .. }, Some(last)) => last.resent_at = Some(act.at),
                (Content::StoppedWaiting, Some(last)) => last.ended_at = Some(act.at),
                _ => {}
            }
        }
        asked.reverse();
        asked
    }

    /// What the member is asked for now.
    pub(crate) fn open_request(&self) -> Option<Asked> {
        self.asked()
            .into_iter()
            .next()
            .filter(|asked| asked.resent_at.is_none() && asked.ended_at.is_none())
    }

    pub(crate) fn notes(&self) -> Vec<Signed<String>> {
        let note = |act: &Act| {
            if let Content::Note { text } = &act.content {
                Some(signed(act, text.clone()))
            } else {
                None
            }
        };
        self.0.iter().filter_map(note).collect()
    }

    /// When the first agent took it.
    pub(crate) fn taken_up_at(&self) -> Option<DateTime<Utc>> {
        self.0
            .iter()
            .find(|act| act.content == Content::TakenUp)
            .map(|act| act.at)
    }

    /// Whether the agent did something of that sort, ever: with this account, or as the same person with another one.
    pub(crate) fn did(&self, agent: &Agent, is: impl Fn(&Content) -> bool) -> bool {
        let same_person = |act: &Act| {
            act.agent == Some(agent.account)
                || (act.agent_member.is_some() && act.agent_member == agent.member)
        };
        self.0.iter().any(|act| same_person(act) && is(&act.content))
    }

    /// To whom a file that is sent back returns: who did that step last.
    pub(crate) fn last_at(&self, step: Step) -> Option<AccountId> {
        let is_of_step = |act: &&Act| match step {
            Step::MedicalOpinion => matches!(act.content, Content::Opinion { .. }),
            Step::Examination => matches!(act.content, Content::Proposed { .. }),
            Step::Validation => false,
        };
        self.0.iter().rev().find(is_of_step)?.agent
    }
}

fn signed<T>(act: &Act, what: T) -> Signed<T> {
    Signed {
        agent: act.agent,
        at: act.at,
        what,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::information::Cause;
    use super::*;

    pub(crate) fn agent(n: u128) -> AccountId {
        AccountId::from_uuid(uuid::Uuid::from_u128(n))
    }

    pub(crate) fn act(n: u128, content: Content) -> Act {
        Act {
            agent: Some(agent(n)),
            agent_member: None,
            at: DateTime::from_timestamp(1_790_000_000, 0).expect("an instant"),
            content,
        }
    }

    pub(crate) fn favourable() -> Content {
        let retained_cost = Money::from_centimes(100_000);
        Content::Opinion {
            opinion: Opinion::Favourable { retained_cost },
        }
    }

    pub(crate) fn proposed() -> Content {
        Content::Proposed {
            proposal: Recommendation::Grant {
                amount: Money::from_centimes(50_000),
            },
        }
    }

    fn dossier(acts: Vec<Content>) -> Dossier {
        Dossier(acts.into_iter().map(|content| act(1, content)).collect())
    }

    fn item(target: Target) -> Item {
        Item {
            target,
            cause: Cause::Incorrect,
            note: None,
        }
    }

    #[test]
    fn an_opinion_holds_until_it_is_asked_for_again() {
        for (then, holds) in [
            (Content::Resent { opinion_again: false }, true),
            (Content::Resent { opinion_again: true }, false),
            (Content::SentBack { to_opinion: false }, true),
            (Content::SentBack { to_opinion: true }, false),
        ] {
            let dossier = dossier(vec![favourable(), proposed(), then]);
            assert_eq!(dossier.opinion().is_some(), holds, "{dossier:?}");
        }
    }

    #[test]
    fn a_proposal_holds_until_it_is_sent_back() {
        assert!(dossier(vec![favourable(), proposed()]).proposal().is_some());
        let again = vec![proposed(), Content::SentBack { to_opinion: false }];
        assert!(dossier(again.clone()).proposal().is_none());
        assert!(dossier([again, vec![proposed()]].concat()).proposal().is_some());
    }

    #[test]
    fn what_was_asked_shows_what_was_corrected_and_when_it_came_back() {
        let field = || Target::Field("bank_account".to_owned());
        let paper = || Target::Paper("medical_file".to_owned());
        let asked = Content::InformationRequested {
            items: vec![item(field()), item(paper())],
            answer_by: None,
        };
        let mut acts = vec![asked.clone(), Content::Corrected { target: paper() }];
        let open = dossier(acts.clone()).open_request().expect("it is open");
        assert_eq!(
            open.items.iter().map(|(_, done)| *done).collect::<Vec<_>>(),
            [false, true]
        );
        acts.push(Content::Resent { opinion_again: true });
        assert_eq!(dossier(acts.clone()).open_request(), None);
        acts.push(asked);
        let all = dossier(acts).asked();
        assert_eq!(all.len(), 2);
        assert!(
            all[0].items.iter().all(|(_, done)| !done),
            "the new one is first, and open"
        );
        assert!(all[1].resent_at.is_some());
    }

    #[test]
    fn what_was_asked_is_over_when_nobody_waits_any_longer_and_older_acts_are_read() {
        let asked: Content = serde_json::from_str(r#"{"act":"information_requested","items":[]}"#)
            .expect("an act of before a last day was named");
        let mut acts = vec![asked];
        assert_eq!(
            dossier(acts.clone())
                .open_request()
                .expect("it is open")
                .answer_by,
            None
        );
        acts.push(Content::StoppedWaiting);
        assert_eq!(dossier(acts.clone()).open_request(), None);
        assert!(dossier(acts).asked()[0].ended_at.is_some());
    }

    #[test]
    fn an_act_shows_nothing_of_what_it_says() {
        let text = format!(
            "{:?}",
            dossier(vec![
                favourable(),
                Content::Note {
                    text: "vu".to_owned()
                }
            ])
        );
        assert!(!text.contains("100000") && !text.contains("vu"), "{text}");
    }
}
