//! The job behind the account form: its queue and what its failures mean. The work is the use case's.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;
use work_queue::{Job, JobError, JobHandler, QueueSpec};

use crate::context::Context;
use crate::store::account_requests::{self, Outcome};
use crate::use_cases::match_account_request::match_account_request;

pub(crate) use work_queue::table::MATCH_ACCOUNT_REQUEST as QUEUE;

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
