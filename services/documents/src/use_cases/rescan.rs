//! Shows papers to the malware scanner that it could not look at when they came. A paper is taken for some minutes before it is read, so that two
//! replicas never scan one at once and one that breaks the scanner does not stand in the way of others. A round ends when the scanner is away.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use paper_store::Store;
use platform::audit::{self, Actor, AuditEntry};
use platform::clock::Clock;
use platform::crypto::FieldCipher;
use sqlx::PgPool;

use super::download_document::read_content;
use crate::domain::document::{Document, ScanState};
use crate::error::Error;
use crate::events::published;
use crate::scanner::{Scanner, Verdict};
use crate::store::documents;

/// Papers of one round.
const BATCH: usize = 200;
/// How long a paper is taken: far longer than reading and scanning it may last.
const TAKEN: TimeDelta = TimeDelta::minutes(10);

/// The operation.
#[derive(Clone, Debug)]
pub(crate) struct Rescan {
    pub(crate) pool: PgPool,
    pub(crate) cipher: FieldCipher,
    pub(crate) storage: Store,
    pub(crate) scanner: Arc<dyn Scanner>,
    pub(crate) clock: Clock,
}

impl Rescan {
    /// One round; says how many papers were scanned.
    ///
    /// # Errors
    /// The database or the store is away, or a paper does not open: it is tried again later, the others before it.
    pub(crate) async fn round(&self) -> Result<usize, Error> {
        for scanned in 0..BATCH {
            let now = self.clock.now();
            let mut conn = self.pool.acquire().await?;
            let taken = documents::take_not_scanned(&mut conn, &self.cipher, now, now - TAKEN).await?;
            // The bytes come from elsewhere: no connection is held meanwhile.
            drop(conn);
            let Some((document, sealed)) = taken else {
                return Ok(scanned);
            };
            let content = read_content(&self.storage, &document, &sealed).await?;
            let found = match self.scanner.scan(&content).await {
                Verdict::Clean => ScanState::Clean,
                Verdict::Infected => ScanState::Infected,
                Verdict::Unknown => return Ok(scanned),
            };
            self.note(&document, found, now).await?;
        }
        Ok(BATCH)
    }

    async fn note(&self, document: &Document, found: ScanState, now: DateTime<Utc>) -> Result<(), Error> {
        let mut tx = self.pool.begin().await?;
        // Gone meanwhile, with its draft.
        if !documents::note_scanned(&mut tx, document.id, found.as_str()).await? {
            return Ok(());
        }
        let entry = AuditEntry {
            record_kind: "document",
            record_id: document.id.as_uuid(),
            actor: &Actor::system("documents-rescan"),
            action: "scan",
            fields: &["scan_state"],
            reason: Some(found.as_str()),
            at: now,
        };
        audit::record(&mut tx, entry).await?;
        if found == ScanState::Infected {
            bus::enqueue(&mut tx, published::found_infected(document, now)).await?;
        }
        tx.commit().await?;
        if found == ScanState::Infected {
            tracing::warn!(document.id = %document.id, "a paper that was taken in without a scan is infected; no agent opens it");
        }
        Ok(())
    }
}
