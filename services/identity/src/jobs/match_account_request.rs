//! The job behind the account form: its queue and what its failures mean. The work is the use case's.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;
use work_queue::{Job, JobError, JobHandler, QueueSpec};

use crate::context::Context;
use crate::store::account_requests::{self, Outcome};
use crate::use_cases::match_account_request::match_account_request;

/// Somebody waits for a mail: quick at first, and given up within the ten minutes after which the page sends people to the desk.
pub(crate) const QUEUE: QueueSpec = QueueSpec {
    name: "match_account_request",
    // One call to membership each; more at once would only queue there.
    prefetch: 8,
    // Together with the waits below: about nine minutes.
    max_attempts: 9,
    backoff: &[
        Duration::from_secs(2),
        Duration::from_secs(5),
        Duration::from_secs(15),
        Duration::from_secs(30),
        Duration::from_secs(60),
        Duration::from_secs(120),
    ],
    // Only for outcomes that could not be written; the table counts attempts.
    delivery_limit: 20,
    // The rows wait in the table beyond it.
    max_length: 10_000,
};

/// The payload: which request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MatchAccountRequest {
    pub(crate) request_id: Uuid,
}

impl MatchAccountRequest {
    pub(crate) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "request_id": self.request_id })
    }
}

/// Works on the queue.
pub(crate) struct Handler(pub(crate) Arc<Context>);

#[async_trait]
impl JobHandler for Handler {
    const QUEUE: &'static QueueSpec = &QUEUE;

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let MatchAccountRequest { request_id } = job.payload_as()?;
        match match_account_request(&self.0, request_id).await {
            Ok(()) => Ok(()),
            Err(error) if error.is_transient() => Err(JobError::retry(error)),
            Err(error) => Err(JobError::dead(error)),
        }
    }

    async fn on_dead(&self, conn: &mut PgConnection, job: &Job, _class: &str) -> Result<(), sqlx::Error> {
        let Ok(MatchAccountRequest { request_id }) = job.payload_as() else {
            return Ok(());
        };
        match account_requests::close(conn, request_id, Outcome::GivenUp, self.0.now()).await {
            Ok(_) => Ok(()),
            Err(crate::error::Error::Database(error)) => Err(error),
            Err(other) => {
                tracing::error!(error = %other, "a request that was given up could not be closed");
                Ok(())
            }
        }
    }
}
