//! Rows of `messages` and `message_trace`. Every read of an inbox takes the reader's id.

use chrono::{DateTime, Utc};
use kernel::{ApplicationId, DeliveryId, Locale, MemberId, MessageId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::message::{Addressee, Kind, NewMessage};
use crate::domain::trace::{EmailState, Step};
use crate::error::Error;
use crate::texts;

/// Writes the message; `false` when its event made one already.
pub(crate) async fn insert(conn: &mut PgConnection, message: &NewMessage) -> Result<bool, Error> {
    let fact = message.fact;
    let (ar, fr) = (
        texts::inbox(fact.kind(), Locale::Ar),
        texts::inbox(fact.kind(), Locale::Fr),
    );
    let written = sqlx::query!(
        "INSERT INTO messages (id, event_id, kind, member_id, delivery_id, application_id,
                               title_ar, title_fr, body_ar, body_fr, created_at, email_state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'accepted')
         ON CONFLICT (event_id) DO NOTHING",
        message.id.as_uuid(),
        message.event,
        fact.kind().as_str(),
        fact.reader().map(MemberId::as_uuid),
        fact.delivery().map(DeliveryId::as_uuid),
        fact.application().map(ApplicationId::as_uuid),
        ar.title,
        fr.title,
        ar.body,
        fr.body,
        message.happened_at,
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Adds a line to the message's trace and moves its state with it.
pub(crate) async fn record(
    conn: &mut PgConnection,
    message: MessageId,
    step: Step,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let (word, attempt, reason) = step.columns();
    add_trace(conn, message, word, attempt, reason, at).await?;
    set_state(conn, message, step.state()).await?;
    Ok(())
}

/// The job gave up: `class` is the fixed word of its last failure.
pub(crate) async fn record_dead(
    conn: &mut PgConnection,
    message: MessageId,
    class: &str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    add_trace(conn, message, "dead", None, Some(class), at).await?;
    set_state(conn, message, EmailState::Dead).await
}

async fn add_trace(
    conn: &mut PgConnection,
    message: MessageId,
    step: &str,
    attempt: Option<i32>,
    reason: Option<&str>,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO message_trace (message_id, at, step, attempt, reason) VALUES ($1, $2, $3, $4, $5)",
        message.as_uuid(),
        at,
        step,
        attempt,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn set_state(
    conn: &mut PgConnection,
    message: MessageId,
    state: EmailState,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE messages SET email_state = $2 WHERE id = $1",
        message.as_uuid(),
        state.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What the mailer needs of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outgoing {
    pub(crate) kind: Kind,
    pub(crate) addressee: Addressee,
    pub(crate) state: EmailState,
    pub(crate) happened_at: DateTime<Utc>,
}

/// One message for the mailer.
pub(crate) async fn outgoing(conn: &mut PgConnection, message: MessageId) -> Result<Outgoing, Error> {
    let row = sqlx::query!(
        "SELECT kind, member_id, delivery_id, email_state, created_at FROM messages WHERE id = $1",
        message.as_uuid()
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NoMessage)?;
    let addressee = match (row.delivery_id, row.member_id) {
        (Some(delivery), _) => Addressee::Delivery(DeliveryId::from_uuid(delivery)),
        (None, Some(member)) => Addressee::Member(MemberId::from_uuid(member)),
        (None, None) => return Err(Error::Stored("messages without an addressee")),
    };
    Ok(Outgoing {
        kind: Kind::parse(&row.kind).ok_or(Error::UnknownKind)?,
        addressee,
        state: EmailState::parse(&row.email_state).ok_or(Error::Stored("messages.email_state"))?,
        happened_at: row.created_at,
    })
}

/// A message as its reader sees it.
#[derive(Debug, Clone)]
pub(crate) struct InboxRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) application_id: Option<Uuid>,
    pub(crate) title_ar: String,
    pub(crate) title_fr: String,
    pub(crate) body_ar: String,
    pub(crate) body_fr: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) read_at: Option<DateTime<Utc>>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) id: Uuid,
}

/// The reader's messages, the latest first, after the cursor.
pub(crate) async fn list(
    conn: &mut PgConnection,
    reader: MemberId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<InboxRow>, Error> {
    let rows = sqlx::query_as!(
        InboxRow,
        "SELECT id, kind, application_id, title_ar, title_fr, body_ar, body_fr, created_at, read_at
           FROM messages
          WHERE member_id = $1
            AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
          ORDER BY created_at DESC, id DESC
          LIMIT $4",
        reader.as_uuid(),
        after.map(|cursor| cursor.created_at),
        after.map(|cursor| cursor.id),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// How many the reader has not read.
pub(crate) async fn count_unread(conn: &mut PgConnection, reader: MemberId) -> Result<i64, Error> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM messages WHERE member_id = $1 AND read_at IS NULL"#,
        reader.as_uuid()
    )
    .fetch_one(conn)
    .await?)
}

/// Marks the reader's unread messages, or those of them that are named, and traces it. Others' are left alone.
pub(crate) async fn mark_read(
    conn: &mut PgConnection,
    reader: MemberId,
    only: Option<&[Uuid]>,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    sqlx::query!(
        "WITH now_read AS (
             UPDATE messages SET read_at = $3
              WHERE member_id = $1 AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY ($2))
          RETURNING id)
         INSERT INTO message_trace (message_id, at, step) SELECT id, $3, 'read' FROM now_read",
        reader.as_uuid(),
        only as Option<&[Uuid]>,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
