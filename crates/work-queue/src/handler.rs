//! What a service gives and gets: the job as its handler sees it, the handler, and how it says that a run failed.
//!
//! A handler decides between "again" and "never"; when "again" is, and how often, is the queue's.

use std::error::Error as StdError;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::JobId;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use crate::schedule::Outcome;
use crate::spec::QueueSpec;

/// One run of a job.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: JobId,
    pub payload: serde_json::Value,
    /// 1 for the first run.
    pub attempt: i32,
    /// After this one a failed job is dead.
    pub max_attempts: i32,
    pub due_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// W3C trace context of the cause.
    pub traceparent: Option<String>,
}

impl Job {
    /// The payload as the type it was written from. A payload that cannot be read never will be: the job is dead.
    pub fn payload_as<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        T::deserialize(&self.payload).map_err(|error| JobError::dead(error).class("payload_unreadable"))
    }

    /// Whether a failure now is the end.
    #[must_use]
    pub fn is_last_attempt(&self) -> bool {
        self.attempt >= self.max_attempts
    }
}

/// What works on a queue. Called at least once per job: make the effect idempotent by the job's id.
#[async_trait]
pub trait JobHandler: Send + Sync + 'static {
    /// The queue's limits.
    const QUEUE: &'static QueueSpec;

    /// One attempt; cut off after [`crate::RUN_LIMIT`].
    async fn run(&self, job: &Job) -> Result<(), JobError>;

    /// Called in the transaction in which the job becomes dead, whether by its last failure or because its worker
    /// vanished: what a person must see of it is written here.
    async fn on_dead(&self, conn: &mut PgConnection, job: &Job, class: &str) -> Result<(), sqlx::Error> {
        let _ = (conn, job, class);
        Ok(())
    }
}

/// A failed attempt. The class (a fixed word) is kept with the job; the error itself is logged with its chain.
#[derive(Debug, thiserror::Error)]
#[error("{class}")]
pub struct JobError {
    class: &'static str,
    outcome: Outcome,
    source: Box<dyn StdError + Send + Sync>,
}

impl JobError {
    /// Another attempt may help.
    #[must_use]
    pub fn retry(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            class: "transient",
            outcome: Outcome::Retry { after: None },
            source: source.into(),
        }
    }

    /// No attempt will ever help.
    #[must_use]
    pub fn dead(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            class: "permanent",
            outcome: Outcome::Hopeless,
            source: source.into(),
        }
    }

    /// Names the failure with a fixed word for the row, the log and the operator.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// The other side said when to come back; obeyed when it is later than the queue's own wait.
    #[must_use]
    pub fn after(self, wait: Duration) -> Self {
        let outcome = match self.outcome {
            Outcome::Retry { .. } => Outcome::Retry { after: Some(wait) },
            other @ (Outcome::Success | Outcome::Hopeless) => other,
        };
        Self { outcome, ..self }
    }

    /// The word given by [`Self::class`].
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        self.class
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The failure with its causes, for the log.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.source.to_string();
        let mut cause = self.source.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}
