//! A fact becomes a message in the inbox and a mail to be sent, in the transaction that marks the event as applied.
//!
//! Nothing is sent here. What is older than a restore of this database stands in the inbox and is mailed to nobody: no mail is sent twice.

use chrono::{DateTime, Utc};
use kernel::JobId;
use platform::ids::uuid_v7;
use serde_json::json;
use sqlx::PgConnection;
use work_queue::NewJob;

use crate::domain::message::NewMessage;
use crate::domain::trace::{Dropped, Step};
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
    if bus::is_older_than_restore(conn, message.happened_at).await? {
        tracing::info!(message.id = %message.id, event.id = %message.event, "older than a restore: not mailed");
        return messages::record(conn, message.id, Step::Dropped(Dropped::ToldBeforeRestore), now).await;
    }
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
