//! A fact becomes a message in the inbox and a mail to be sent, in the transaction that marks the event as applied.
//!
//! Nothing is sent here.

use chrono::{DateTime, Utc};
use kernel::JobId;
use platform::ids::uuid_v7;
use serde_json::json;
use sqlx::PgConnection;
use work_queue::NewJob;

use crate::domain::message::NewMessage;
use crate::domain::trace::Step;
use crate::error::Error;
use crate::jobs::EMAIL;
use crate::store::messages;

/// Writes message, trace and job; a second event with the same id changes nothing.
pub(crate) async fn accept_message(
    conn: &mut PgConnection,
    message: NewMessage,
    traceparent: Option<String>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if !messages::insert(conn, &message).await? {
        return Ok(());
    }
    messages::record(conn, message.id, Step::Accepted, now).await?;
    let job = NewJob {
        id: JobId::from_uuid(uuid_v7(now)),
        queue: EMAIL.name,
        payload: json!({ "message_id": message.id }),
        due_at: now,
        dedupe_key: Some(message.event.to_string()),
        traceparent,
    };
    work_queue::enqueue(conn, job).await?;
    tracing::info!(
        message.id = %message.id,
        message.kind = message.fact.kind().as_str(),
        event.id = %message.event,
        "message accepted"
    );
    Ok(())
}
