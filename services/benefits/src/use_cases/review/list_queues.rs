//! How many files wait for an agent's roles, and how long the oldest does.

use chrono::{DateTime, Utc};
use kernel::permission::Role;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Reviewer;
use crate::domain::application::Step;
use crate::domain::review::clock::{Clock, Urgency};
use crate::error::Error;
use crate::store::review_files::Count;
use crate::store::{member_facts, review_files};
use crate::use_cases::Office;

/// A list of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    MedicalOpinion,
    Examination,
    Validation,
    WaitingForMember,
    All,
}

impl Queue {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::MedicalOpinion => "medical_opinion",
            Self::Examination => "examination",
            Self::Validation => "validation",
            Self::WaitingForMember => "waiting_for_member",
            Self::All => "all",
        }
    }

    /// The turns whose files it has, as far as the agent's roles go; absent: every file that was sent.
    ///
    /// # Errors
    /// [`Error::NotYourQueue`] when no role of the agent's works there.
    pub(super) fn steps(self, reviewer: &Reviewer) -> Result<Option<Vec<Step>>, Error> {
        let all = match self {
            Self::MedicalOpinion => vec![Step::MedicalOpinion],
            Self::Examination => vec![Step::Examination],
            Self::Validation => vec![Step::Validation],
            Self::WaitingForMember => vec![Step::MedicalOpinion, Step::Examination],
            Self::All => return Ok(None),
        };
        let mine: Vec<Step> = all
            .into_iter()
            .filter(|step| reviewer.agent.is(role_of(*step)))
            .collect();
        if mine.is_empty() {
            return Err(Error::NotYourQueue);
        }
        Ok(Some(mine))
    }
}

pub(super) const fn role_of(step: Step) -> Role {
    match step {
        Step::MedicalOpinion => Role::HealthReviewer,
        Step::Examination => Role::CaseOfficer,
        Step::Validation => Role::Validator,
    }
}

/// A queue in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) queue: Queue,
    pub(crate) files: i64,
    pub(crate) unassigned: i64,
    pub(crate) mine: i64,
    /// The age of the oldest in the foundation's days.
    pub(crate) oldest_age: i64,
    pub(crate) oldest_urgency: Option<Urgency>,
}

/// The queues of the agent's roles, empty ones too.
pub(crate) async fn list_queues(office: &Office, reviewer: &Reviewer) -> Result<Vec<Summary>, Error> {
    let mut tx = office.pool.begin().await?;
    let hidden = hidden(&mut tx, reviewer).await?;
    let counts = review_files::counts(&mut tx, reviewer.agent.account, &hidden).await?;
    tx.commit().await?;
    let queues = [
        Queue::MedicalOpinion,
        Queue::Examination,
        Queue::Validation,
        Queue::WaitingForMember,
    ];
    let mut summaries = Vec::new();
    for queue in queues {
        let Ok(Some(steps)) = queue.steps(reviewer) else {
            continue;
        };
        let waiting = queue == Queue::WaitingForMember;
        let mut summary = Summary {
            queue,
            files: 0,
            unassigned: 0,
            mine: 0,
            oldest_age: 0,
            oldest_urgency: None,
        };
        for count in counts
            .iter()
            .filter(|count| count.waiting == waiting && steps.contains(&count.step))
        {
            summary.files += count.files;
            summary.unassigned += count.unassigned;
            summary.mine += count.mine;
            let clocks = clocks_of(count);
            let ages = clocks.iter().map(|clock| clock.age(reviewer.now));
            summary.oldest_age = ages.fold(summary.oldest_age, i64::max);
            let urgencies = clocks
                .iter()
                .filter_map(|clock| clock.urgency(reviewer.now, office.review.processing_days));
            summary.oldest_urgency = urgencies.chain(summary.oldest_urgency).max();
        }
        summaries.push(summary);
    }
    Ok(summaries)
}

/// The oldest whose days are counted, and the oldest whose clock stands.
fn clocks_of(count: &Count) -> Vec<Clock> {
    let counted = count.oldest.map(|counted_from| Clock {
        counted_from,
        stands_at: None,
    });
    let standing = count.stands_at.map(|days| Clock {
        counted_from: DateTime::<Utc>::MIN_UTC,
        stands_at: Some(days.into()),
    });
    counted.into_iter().chain(standing).collect()
}

/// The members whose files the agent must not see: their own, their family's.
///
/// # Errors
/// [`Error::FactsUnknown`] for an agent of whose family nothing is known yet: nobody's file can be left out of their lists.
pub(super) async fn hidden(conn: &mut PgConnection, reviewer: &Reviewer) -> Result<Vec<Uuid>, Error> {
    let Some(member) = reviewer.agent.member else {
        return Ok(Vec::new());
    };
    member_facts::known_at(conn, member)
        .await?
        .ok_or(Error::FactsUnknown)?;
    Ok(member_facts::near(conn, member).await?)
}
