//! What the operator's changes have in common: a key that makes them happen once, and a line in the trail of the record.

use chrono::{DateTime, Utc};
use platform::audit::{self, Actor, AuditEntry};
use platform::idempotency::{self, Claim, IdempotencyKey};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Error;

/// The operator's program, its key and the hash of its request.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) actor: Actor,
    pub(crate) method: &'static str,
    pub(crate) key: String,
    pub(crate) request_hash: [u8; 32],
    pub(crate) now: DateTime<Utc>,
}

impl Order {
    fn named(&self) -> IdempotencyKey<'_> {
        IdempotencyKey {
            caller: &self.actor.id,
            method: self.method,
            key: &self.key,
        }
    }

    /// Whether the same order was carried out before: nothing is left to do then but to answer.
    pub(super) async fn was_done(&self, conn: &mut PgConnection) -> Result<bool, Error> {
        let claim = idempotency::claim(conn, self.named(), &self.request_hash, self.now).await?;
        Ok(matches!(claim, Claim::Replay { .. }))
    }

    /// Writes down what was changed, and that the order is done.
    pub(super) async fn done(
        &self,
        conn: &mut PgConnection,
        record_kind: &'static str,
        record_id: Uuid,
        action: &'static str,
        fields: &[&'static str],
    ) -> Result<(), Error> {
        let entry = AuditEntry {
            record_kind,
            record_id,
            actor: &self.actor,
            action,
            fields,
            reason: None,
            at: self.now,
        };
        audit::record(conn, entry).await?;
        Ok(idempotency::complete(conn, self.named(), record_id).await?)
    }
}
