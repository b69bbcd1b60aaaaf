//! Papers that no file ever named go, as the consent notice promises: row and trace first, then the object. An object that a crash leaves
//! behind has no row and is the sweep's.

use chrono::{DateTime, TimeDelta, Utc};
use paper_store::Store;
use platform::audit::{self, Actor, AuditEntry};
use sqlx::PgPool;

use crate::error::Error;
use crate::store::documents;

/// Papers deleted in one transaction.
const BATCH: i64 = 200;

/// Deletes what was uploaded more than `life` before `now` and never kept; says how many.
pub(crate) async fn purge_drafts(
    pool: &PgPool,
    storage: &Store,
    now: DateTime<Utc>,
    life: TimeDelta,
) -> Result<usize, Error> {
    let actor = Actor::system("documents-draft-purge");
    let mut purged = 0;
    loop {
        let mut tx = pool.begin().await?;
        let gone = documents::delete_not_kept(&mut tx, now - life, BATCH).await?;
        for (id, _) in &gone {
            let entry = AuditEntry {
                record_kind: "document",
                record_id: *id,
                actor: &actor,
                action: "purge",
                fields: &["content"],
                reason: None,
                at: now,
            };
            audit::record(&mut tx, entry).await?;
        }
        tx.commit().await?;
        for (_, object) in &gone {
            storage.delete(object).await?;
        }
        purged += gone.len();
        if gone.is_empty() {
            return Ok(purged);
        }
    }
}
