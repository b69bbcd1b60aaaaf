//! An application from draft to its end. A stage carries exactly what exists in it (no number in a draft, no date of withdrawal in a
//! sent file), and each move is one function over all stages: a transition that must not happen has no arm that makes it.

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, MemberId, RequestNumber};

use super::answers::Answers;

/// A request for a benefit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Application {
    pub(crate) id: ApplicationId,
    pub(crate) member: MemberId,
    pub(crate) benefit: String,
    /// Grows with each change, from 1.
    pub(crate) version: i64,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) answers: Answers,
    pub(crate) stage: Stage,
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stage {
    Draft,
    /// Sent and not decided.
    Open {
        sent: Sent,
        progress: Progress,
    },
    Decided {
        sent: Sent,
        outcome: Outcome,
    },
    CancelledByMember {
        sent: Sent,
        withdrawn_at: DateTime<Utc>,
    },
}

/// What every file that was sent has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) number: RequestNumber,
    pub(crate) at: DateTime<Utc>,
}

/// How far the examination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Submitted,
    InReview,
    InformationRequested,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Approved,
    Rejected,
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
}

impl Application {
    /// An empty draft.
    pub(crate) fn draft(id: ApplicationId, member: MemberId, benefit: &str, now: DateTime<Utc>) -> Self {
        Self {
            id,
            member,
            benefit: benefit.to_owned(),
            version: 1,
            created_at: now,
            updated_at: now,
            answers: Answers::default(),
            stage: Stage::Draft,
        }
    }

    /// The draft with other answers.
    ///
    /// # Errors
    /// When it is no longer a draft.
    pub(crate) fn answered(self, answers: Answers, now: DateTime<Utc>) -> Result<Self, Impossible> {
        self.stage.must_be_draft()?;
        Ok(Self { answers, ..self }.changed(now))
    }

    /// The file that becomes of the draft.
    ///
    /// # Errors
    /// When it is no longer a draft.
    pub(crate) fn submitted(self, number: RequestNumber, now: DateTime<Utc>) -> Result<Self, Impossible> {
        self.stage.must_be_draft()?;
        let stage = Stage::Open {
            sent: Sent { number, at: now },
            progress: Progress::Submitted,
        };
        Ok(Self { stage, ..self }.changed(now))
    }

    /// The file taken back before a decision; it stays in the history.
    ///
    /// # Errors
    /// For a draft, which is discarded instead, and for what has ended.
    pub(crate) fn withdrawn(self, now: DateTime<Utc>) -> Result<Self, Impossible> {
        let stage = match self.stage {
            Stage::Open {
                sent,
                progress: Progress::Submitted | Progress::InReview | Progress::InformationRequested,
            } => Stage::CancelledByMember {
                sent,
                withdrawn_at: now,
            },
            Stage::Draft => return Err(Impossible::StillADraft),
            Stage::Decided { .. } => return Err(Impossible::AlreadyDecided),
            Stage::CancelledByMember { .. } => return Err(Impossible::Withdrawn),
        };
        Ok(Self { stage, ..self }.changed(now))
    }

    fn changed(self, now: DateTime<Utc>) -> Self {
        Self {
            version: self.version + 1,
            updated_at: now,
            ..self
        }
    }

    /// Whether the member may still take it back.
    pub(crate) fn can_withdraw(&self) -> bool {
        match self.stage {
            Stage::Open { .. } => true,
            Stage::Draft | Stage::Decided { .. } | Stage::CancelledByMember { .. } => false,
        }
    }
}

impl Stage {
    /// # Errors
    /// What it is instead.
    pub(crate) fn must_be_draft(&self) -> Result<(), Impossible> {
        match self {
            Self::Draft => Ok(()),
            Self::Open { .. } => Err(Impossible::AlreadySent),
            Self::Decided { .. } => Err(Impossible::AlreadyDecided),
            Self::CancelledByMember { .. } => Err(Impossible::Withdrawn),
        }
    }

    /// The number and instant of sending, of everything but a draft.
    pub(crate) fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Draft => None,
            Self::Open { sent, .. } | Self::Decided { sent, .. } | Self::CancelledByMember { sent, .. } => {
                Some(sent)
            }
        }
    }

    pub(crate) fn withdrawn_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::CancelledByMember { withdrawn_at, .. } => Some(*withdrawn_at),
            Self::Draft | Self::Open { .. } | Self::Decided { .. } => None,
        }
    }

    /// The word in the database.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open {
                progress: Progress::Submitted,
                ..
            } => "submitted",
            Self::Open {
                progress: Progress::InReview,
                ..
            } => "in_review",
            Self::Open {
                progress: Progress::InformationRequested,
                ..
            } => "information_requested",
            Self::Decided {
                outcome: Outcome::Approved,
                ..
            } => "approved",
            Self::Decided {
                outcome: Outcome::Rejected,
                ..
            } => "rejected",
            Self::CancelledByMember { .. } => "cancelled_by_member",
        }
    }

    /// Reads a stage back from its word and dates; `None` when they do not belong together.
    pub(crate) fn from_parts(
        word: &str,
        sent: Option<Sent>,
        withdrawn_at: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        let open = |sent, progress| Some(Self::Open { sent, progress });
        let decided = |sent, outcome| Some(Self::Decided { sent, outcome });
        match (word, sent, withdrawn_at) {
            ("draft", None, None) => Some(Self::Draft),
            ("submitted", Some(sent), None) => open(sent, Progress::Submitted),
            ("in_review", Some(sent), None) => open(sent, Progress::InReview),
            ("information_requested", Some(sent), None) => open(sent, Progress::InformationRequested),
            ("approved", Some(sent), None) => decided(sent, Outcome::Approved),
            ("rejected", Some(sent), None) => decided(sent, Outcome::Rejected),
            ("cancelled_by_member", Some(sent), Some(withdrawn_at)) => {
                Some(Self::CancelledByMember { sent, withdrawn_at })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).expect("an instant")
    }

    fn number() -> RequestNumber {
        RequestNumber::new(13, "Aid_X", 2026).expect("a number")
    }

    fn draft() -> Application {
        Application::draft(
            ApplicationId::from_uuid(uuid::Uuid::nil()),
            MemberId::from_uuid(uuid::Uuid::nil()),
            "some_aid",
            at(0),
        )
    }

    fn every_stage() -> Vec<Stage> {
        let sent = Sent {
            number: number(),
            at: at(1),
        };
        let open = |progress| Stage::Open {
            sent: sent.clone(),
            progress,
        };
        let decided = |outcome| Stage::Decided {
            sent: sent.clone(),
            outcome,
        };
        vec![
            Stage::Draft,
            open(Progress::Submitted),
            open(Progress::InReview),
            open(Progress::InformationRequested),
            decided(Outcome::Approved),
            decided(Outcome::Rejected),
            Stage::CancelledByMember {
                sent: sent.clone(),
                withdrawn_at: at(2),
            },
        ]
    }

    #[test]
    fn only_a_draft_takes_answers_and_is_sent() {
        for stage in every_stage() {
            let is_draft = stage == Stage::Draft;
            let application = Application { stage, ..draft() };
            assert_eq!(
                application.clone().answered(Answers::default(), at(3)).is_ok(),
                is_draft
            );
            assert_eq!(application.submitted(number(), at(3)).is_ok(), is_draft);
        }
    }

    #[test]
    fn only_a_sent_file_that_is_not_decided_is_withdrawn() {
        for stage in every_stage() {
            let is_open = matches!(stage, Stage::Open { .. });
            let application = Application { stage, ..draft() };
            assert_eq!(application.can_withdraw(), is_open);
            assert_eq!(application.withdrawn(at(3)).is_ok(), is_open);
        }
    }

    #[test]
    fn each_change_grows_the_version_and_moves_the_date() {
        let sent = draft().submitted(number(), at(5)).expect("a draft is sent");
        assert_eq!((sent.version, sent.updated_at), (2, at(5)));
        let withdrawn = sent.withdrawn(at(9)).expect("a sent file is withdrawn");
        assert_eq!(
            (withdrawn.version, withdrawn.stage.withdrawn_at()),
            (3, Some(at(9)))
        );
        assert_eq!(
            withdrawn
                .stage
                .sent()
                .map(|sent| sent.number.to_string())
                .as_deref(),
            Some("13/Aid_X/2026")
        );
    }

    #[test]
    fn a_stage_is_read_back_from_what_is_stored() {
        for stage in every_stage() {
            let read = Stage::from_parts(stage.as_str(), stage.sent().cloned(), stage.withdrawn_at());
            assert_eq!(read, Some(stage));
        }
        assert_eq!(
            Stage::from_parts(
                "draft",
                Some(Sent {
                    number: number(),
                    at: at(1)
                }),
                None
            ),
            None
        );
        assert_eq!(Stage::from_parts("submitted", None, None), None);
        assert_eq!(Stage::from_parts("lost", None, None), None);
    }

    #[derive(Debug, Clone, Copy)]
    enum Move {
        Answer,
        Submit,
        Withdraw,
    }

    proptest! {
        #[test]
        fn any_sequence_of_moves_ends_in_a_stage_that_reads_back(moves in prop::collection::vec(prop::sample::select(vec![Move::Answer, Move::Submit, Move::Withdraw]), 0..12)) {
            let mut application = draft();
            let mut changes = 1;
            let mut number_seen: Option<Sent> = None;
            for (step, next) in (1_i64..).zip(moves) {
                let moved = match next {
                    Move::Answer => application.clone().answered(Answers::default(), at(step)),
                    Move::Submit => application.clone().submitted(number(), at(step)),
                    Move::Withdraw => application.clone().withdrawn(at(step)),
                };
                if let Ok(moved) = moved {
                    changes += 1;
                    application = moved;
                }
                // Once given, number and date of sending stay.
                prop_assert!(number_seen.is_none() || application.stage.sent() == number_seen.as_ref());
                number_seen = application.stage.sent().cloned();
            }
            prop_assert_eq!(application.version, changes);
            let stage = application.stage;
            let read = Stage::from_parts(stage.as_str(), stage.sent().cloned(), stage.withdrawn_at());
            prop_assert_eq!(read, Some(stage));
        }
    }
}
