//! Who opened which paper, when and why.

use chrono::{DateTime, Utc};
use kernel::ids::DocumentId;
use platform::audit::Actor;
use sqlx::PgConnection;

/// Writes an opening, or an attempt at another person's paper.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    document: DocumentId,
    actor: &Actor,
    reason: &str,
    opened: bool,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO access_log (document_id, at, actor_kind, actor_id, reason, outcome) VALUES ($1, $2, $3, $4, $5, $6)",
        document.as_uuid(),
        at,
        actor.kind,
        actor.id,
        reason,
        if opened { "opened" } else { "refused" }
    )
    .execute(conn)
    .await?;
    Ok(())
}
