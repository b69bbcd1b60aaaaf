//! Drafts that nobody touched for their whole life are taken away, as the consent notice promises. Sent files are never touched here.

use chrono::{DateTime, TimeDelta, Utc};
use platform::audit::{self, Actor, AuditEntry};
use sqlx::PgPool;

use super::RECORD;
use crate::error::Error;
use crate::store::applications;

/// Drafts taken away in one transaction.
const BATCH: i64 = 200;

/// Takes away what was last touched more than `life` before `now`; says how many.
pub(crate) async fn expire_drafts(
    pool: &PgPool,
    now: DateTime<Utc>,
    life: TimeDelta,
) -> Result<usize, Error> {
    let actor = Actor::system("benefits-draft-expiry");
    let mut expired = 0;
    loop {
        let mut tx = pool.begin().await?;
        let ids = applications::delete_idle_drafts(&mut tx, now - life, BATCH).await?;
        for id in &ids {
            let entry = AuditEntry {
                record_kind: RECORD,
                record_id: id.as_uuid(),
                actor: &actor,
                action: "expired",
                fields: &[],
                reason: None,
                at: now,
            };
            audit::record(&mut tx, entry).await?;
        }
        tx.commit().await?;
        expired += ids.len();
        if ids.is_empty() {
            return Ok(expired);
        }
    }
}
