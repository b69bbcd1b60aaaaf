//! What agents do with files: a file per operation. Each loads the file by the agent's authority, refuses by the duties before anything else
//! (and writes the refusal down), and writes only on the version that the agent saw.

pub(crate) mod add_note;
pub(crate) mod assign_file;
mod desk;
mod fresh_facts;
pub(crate) mod get_file;
pub(crate) mod list_audit_trail;
pub(crate) mod list_files;
pub(crate) mod list_queues;
pub(crate) mod open_paper;
pub(crate) mod propose_decision;
pub(crate) mod record_opinion;
pub(crate) mod release_file;
pub(crate) mod request_information;
pub(crate) mod stop_waiting;
pub(crate) mod validate_decision;
pub(crate) mod view;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::civil;
use platform::audit::Actor;

use crate::domain::application::Application;
use crate::domain::catalogue::Text;
use crate::domain::review::acts::Dossier;
use crate::domain::review::clock::Clock;
use crate::domain::review::duties::Agent;

/// The agent who asks, and when.
#[derive(Clone, Debug)]
pub(crate) struct Reviewer {
    pub(crate) agent: Agent,
    pub(crate) actor: Actor,
    /// The instant that is written down: the present, or the demonstration's.
    pub(crate) now: DateTime<Utc>,
}

/// What the installation sets for decisions.
#[derive(Clone, Debug)]
pub(crate) struct ReviewTerms {
    pub(crate) appeal_days: u16,
    /// Where and how to appeal.
    pub(crate) appeal_path: Text,
    /// How many days a member is waited for.
    pub(crate) answer_days: u16,
    /// Within how many of its days the foundation answers.
    pub(crate) processing_days: u16,
    /// How old facts may be on which money is decided.
    pub(crate) facts_fresh: TimeDelta,
}

impl ReviewTerms {
    /// The last civil day for the member's answer to what is asked now.
    fn answer_by(&self, asked_at: DateTime<Utc>) -> NaiveDate {
        civil::civil_date(asked_at) + TimeDelta::days(i64::from(self.answer_days))
    }

    /// The day by which the foundation answers; of open files whose turn is the foundation's.
    pub(crate) fn answer_due(&self, application: &Application, dossier: &Dossier) -> Option<NaiveDate> {
        let sent = application
            .stage()
            .sent()
            .filter(|_| application.stage().is_open())?;
        Clock::of(sent.at, dossier).due(self.processing_days)
    }

    /// The last civil day for an appeal.
    fn appeal_until(&self, decided_at: DateTime<Utc>) -> NaiveDate {
        civil::civil_date(decided_at) + TimeDelta::days(i64::from(self.appeal_days))
    }
}
