//! Carries out the steps of one file, one after the other, each as the person whose step it is and written down at its own instant.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use benefits_proto::v1::{Application, ReviewFile};
use chrono::{DateTime, Utc};
use membership_proto::v1::GetOwnRecordResponse;
use platform::status::reason;
use tokio::sync::Semaphore;
use tonic::Status;

use super::backends::Backends;
use super::keys::Keys;
use super::office::Office;
use super::plan::{PlannedFile, What};
use super::session::Session;
use super::turns::Turns;

/// What every file shares.
pub(super) struct Loader {
    pub(super) backends: Backends,
    pub(super) office: Office,
    pub(super) keys: Keys,
    pub(super) turns: Turns,
    /// The version of the consent to which members agree.
    pub(super) consent: String,
    /// How many calls are under way at once.
    pub(super) calls: Semaphore,
}

/// A member who applies.
pub(super) struct Applying {
    pub(super) session: Session,
    pub(super) record: GetOwnRecordResponse,
}

/// A file on its way.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) id: String,
    /// Unknown after a step that an earlier run did.
    pub(super) version: Option<i64>,
    pub(super) documents: BTreeMap<&'static str, String>,
    /// As an agent saw it last.
    pub(super) view: Option<ReviewFile>,
}

impl Progress {
    pub(super) fn see(&mut self, application: Option<Application>) -> Result<()> {
        let application = application.context("an answer without its application")?;
        self.id = application.application_id;
        self.version = Some(application.version);
        self.view = None;
        Ok(())
    }

    pub(super) fn review(&mut self, view: Option<ReviewFile>) -> Result<()> {
        let view = view.context("an answer without its file")?;
        self.version = view.summary.as_ref().map(|summary| summary.version);
        self.view = Some(view);
        Ok(())
    }

    pub(super) fn forget(&mut self) {
        self.version = None;
        self.view = None;
    }
}

/// Where and when a step is done.
pub(super) struct Moment<'a> {
    pub(super) label: &'a str,
    pub(super) number: usize,
    pub(super) at: DateTime<Utc>,
}

impl Loader {
    pub(super) async fn step(
        &self,
        member: &Applying,
        file: &PlannedFile,
        number: usize,
        progress: &mut Progress,
    ) -> Result<()> {
        let step = file.steps.get(number).context("a step of the file")?;
        let sends = step.what == What::Submit;
        if sends {
            self.turns.wait(&file.label).await?;
        }
        let moment = Moment {
            label: &file.label,
            number,
            at: step.at,
        };
        let permit = self.calls.acquire().await?;
        let done = match step.what {
            What::Start
            | What::Bank
            | What::Person(_)
            | What::Reason(_)
            | What::Consent
            | What::Trip(_)
            | What::Price(_)
            | What::Paper(_)
            | What::Submit
            | What::Resend
            | What::Withdraw => {
                self.by_member(member, file.benefit, step.what, &moment, progress)
                    .await
            }
            What::Take(_)
            | What::Open(..)
            | What::Opinion(_)
            | What::Ask(..)
            | What::StopWaiting(_)
            | What::ProposeGrant(_)
            | What::ProposeRefusal(..)
            | What::Grant
            | What::Refuse(_)
            | What::SendBack(_)
            | What::Note(..) => self.by_agent(step.what, &moment, progress).await,
        };
        drop(permit);
        done.with_context(|| format!("step {number} of {}: {:?}", file.label, step.what))?;
        if sends {
            self.turns.done(&file.label)?;
        }
        Ok(())
    }
}

/// A refusal with its reason, which a status alone does not print.
pub(super) fn told(status: Status) -> anyhow::Error {
    match reason(&status) {
        Some(reason) => anyhow::anyhow!("{reason}: {}", status.message()),
        None => status.into(),
    }
}
