//! The audit lines of an import: who started it and how it ended. One import is one record; a dry run leaves none.

use chrono::{DateTime, Utc};
use platform::audit::{Actor, AuditEntry, record};
use sqlx::PgConnection;
use uuid::Uuid;

const KIND: &str = "roster_import";

pub(super) async fn started(
    conn: &mut PgConnection,
    import: Uuid,
    actor: &Actor,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let fields = &["file_sha256"];
    let entry = AuditEntry {
        record_kind: KIND,
        record_id: import,
        actor,
        action: "started",
        fields,
        reason: None,
        at,
    };
    record(conn, entry).await
}

pub(super) async fn ended(
    conn: &mut PgConnection,
    import: Uuid,
    actor: &Actor,
    outcome: &'static str,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let fields = &[
        "lines_read",
        "lines_bad",
        "members_registered",
        "members_changed",
        "members_unchanged",
    ];
    let entry = AuditEntry {
        record_kind: KIND,
        record_id: import,
        actor,
        action: outcome,
        fields,
        reason: None,
        at,
    };
    record(conn, entry).await
}
