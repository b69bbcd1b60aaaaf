//! Who opened which paper, when and why.

use chrono::{DateTime, Utc};
use kernel::ids::{ApplicationId, DocumentId, MemberId};
use platform::audit::Actor;
use platform::ids::uuid_v7;
use sqlx::PgConnection;
use uuid::Uuid;

/// An opening, or an attempt that was refused.
pub(crate) struct Entry<'a> {
    pub(crate) document: DocumentId,
    /// The file that is examined; `None` when its owner opens the paper.
    pub(crate) application: Option<ApplicationId>,
    pub(crate) reason: &'a str,
    pub(crate) opened: bool,
    pub(crate) at: DateTime<Utc>,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    entry: &Entry<'_>,
    actor: &Actor,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO access_log (id, document_id, application_id, at, actor_kind, actor_id, reason, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        uuid_v7(entry.at),
        entry.document.as_uuid(),
        entry.application.map(ApplicationId::as_uuid),
        entry.at,
        actor.kind,
        actor.id,
        entry.reason,
        if entry.opened { "opened" } else { "refused" }
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A line of the log as the auditor reads it.
pub(crate) struct Opening {
    pub(crate) id: Uuid,
    pub(crate) at: DateTime<Utc>,
    pub(crate) document_id: Uuid,
    pub(crate) application_id: Option<Uuid>,
    pub(crate) actor_kind: String,
    pub(crate) actor_id: String,
    pub(crate) reason: String,
    pub(crate) outcome: String,
}

/// The newest lines after one that was read before; of one file, or of all. What was opened of the reader's own papers is left out.
pub(crate) async fn openings(
    conn: &mut PgConnection,
    application: Option<ApplicationId>,
    reader: Option<MemberId>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Opening>, sqlx::Error> {
    let (at, id) = after.unzip();
    sqlx::query_as!(
        Opening,
        "SELECT id, at, document_id, application_id, actor_kind, actor_id, reason, outcome FROM access_log
         WHERE ($1::uuid IS NULL OR application_id = $1)
           AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid))
           AND ($5::uuid IS NULL OR document_id NOT IN (SELECT documents.id FROM documents WHERE owner = $5))
         ORDER BY at DESC, id DESC LIMIT $4",
        application.map(ApplicationId::as_uuid),
        at,
        id,
        limit,
        reader.map(MemberId::as_uuid)
    )
    .fetch_all(conn)
    .await
}
