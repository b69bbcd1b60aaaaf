//! `infected_papers`: what documents found infected after it had taken it in. Ids and instants alone.

use chrono::{DateTime, Utc};
use kernel::DocumentId;
use sqlx::PgConnection;

use super::StoreError;

/// Once noted it stays.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    document: DocumentId,
    found_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO infected_papers (document_id, found_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        document.as_uuid(),
        found_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn contains(conn: &mut PgConnection, document: DocumentId) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT 1 FROM infected_papers WHERE document_id = $1",
        document.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}
