//! Papers that no file ever named go, as the consent notice promises: row and trace first, then the object. An object that a crash leaves
//! behind has no row and is the sweep's. While the store is away nothing goes: rows without objects would only be more work for the sweep.

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
        storage.probe().await?;
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

#[cfg(test)]
mod tests {
    use kernel::ids::{DocumentId, MemberId};
    use paper_store::StorageSettings;
    use platform::clock::Clock;
    use platform::crypto::FieldCipher;
    use platform::ids::uuid_v7;
    use testkit::TestDb;

    use super::*;
    use crate::domain::document::{Document, ScanState};

    #[tokio::test]
    async fn while_the_store_is_away_no_row_goes_and_afterwards_paper_and_row_go() {
        let db = TestDb::create("documents", crate::migrations()).await;
        let keys = testkit::keys();
        let directory = keys.path().join("store");
        std::fs::create_dir(&directory).expect("a folder");
        let storage = Store::open(&StorageSettings::disk(&directory)).expect("a store");
        let now = Clock::system().now();
        let id = DocumentId::from_uuid(uuid_v7(now));
        let object = documents::object_of(id);
        storage.put(&object, &b"sealed"[..]).await.expect("it is written");
        let document = Document {
            id,
            owner: MemberId::from_uuid(uuid_v7(now)),
            document_class: "invoice".to_owned(),
            file_name: "a.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size_bytes: 6,
            pages: 1,
            sha256: vec![0; 32],
            scan_state: ScanState::Clean.as_str().to_owned(),
            uploaded_at: now - TimeDelta::days(2),
        };
        let mut conn = db.pool.acquire().await.expect("a connection");
        let cipher = FieldCipher::new(keys.directory().ring("documents.data").expect("a ring"));
        let (key, wrapped) = cipher.fresh_key(document.owner.as_uuid());
        documents::insert(&mut conn, &document, &object, &key, &wrapped)
            .await
            .expect("a row");
        drop(conn);
        let rows = async || -> i64 {
            let counted = sqlx::query_scalar("SELECT count(*) FROM documents");
            counted.fetch_one(&db.pool).await.expect("a number")
        };
        let purge = async || purge_drafts(&db.pool, &storage, now, TimeDelta::days(1)).await;

        let aside = keys.path().join("aside");
        std::fs::rename(&directory, &aside).expect("it is taken away");
        assert!(purge().await.is_err());
        assert_eq!(rows().await, 1);
        std::fs::rename(&aside, &directory).expect("it is back");
        assert_eq!(purge().await.expect("it runs"), 1);
        assert_eq!(rows().await, 0);
        assert!(!storage.has(&object).await.expect("it answers"));
    }
}
