//! The e-mail queue's handler: reads which message, runs the use case, sorts its error into again or never.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::MessageId;
use serde::Deserialize;
use sqlx::PgConnection;
use work_queue::{Job, JobError, JobHandler, QueueSpec};

use super::EMAIL;
use crate::context::Context;
use crate::error::Error;
use crate::store::messages;
use crate::use_cases::send_email::send_email;

pub(crate) struct SendEmail(pub(crate) Arc<Context>);

#[derive(Deserialize)]
struct Payload {
    message_id: MessageId,
}

#[async_trait]
impl JobHandler for SendEmail {
    const QUEUE: &'static QueueSpec = &EMAIL;

    async fn run(&self, job: &Job) -> Result<(), JobError> {
        let payload: Payload = job.payload_as()?;
        send_email(&self.0, payload.message_id, job.attempt)
            .await
            .map_err(sort)
    }

    async fn on_dead(&self, conn: &mut PgConnection, job: &Job, class: &str) -> Result<(), sqlx::Error> {
        let Ok(payload) = job.payload_as::<Payload>() else {
            return Ok(());
        };
        messages::record_dead(conn, payload.message_id, class, self.0.clock.now()).await
    }
}

fn sort(error: Error) -> JobError {
    let class = error.class();
    let sorted = if error.is_transient() {
        JobError::retry(error)
    } else {
        JobError::dead(error)
    };
    sorted.class(class)
}
