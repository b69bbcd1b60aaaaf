//! Takes a paper in: inspects, scans, seals, stores the object, then commits row, event and audit together. An object without a row (a crash in
//! between, an answer of the store that was lost) is swept later; a row without an object cannot come about.

use std::sync::Arc;

use auth::Caller;
use bus::Wake;
use kernel::ids::{DocumentId, MemberId};
use paper_store::Store;
use platform::audit::{self, AuditEntry};
use platform::clock::Clock;
use platform::crypto::FieldCipher;
use platform::idempotency::{self, Claim, IdempotencyKey};
use platform::ids::uuid_v7;
use ring::digest;
use sqlx::PgPool;

use crate::domain::class::DocumentClass;
use crate::domain::document::{Document, ScanState};
use crate::domain::file_name::displayable;
use crate::domain::inspection::inspect;
use crate::domain::refusal::Refusal;
use crate::error::Error;
use crate::events::published;
use crate::scanner::{Scanner, Verdict};
use crate::store::documents;

const METHOD: &str = "UploadDocument";

/// A whole upload.
pub(crate) struct Upload {
    pub(crate) file_name: String,
    pub(crate) document_class: DocumentClass,
    pub(crate) idempotency_key: String,
    pub(crate) content: Vec<u8>,
}

/// The operation.
#[derive(Clone)]
pub(crate) struct UploadDocument {
    pub(crate) pool: PgPool,
    pub(crate) cipher: FieldCipher,
    pub(crate) storage: Store,
    pub(crate) scanner: Arc<dyn Scanner>,
    pub(crate) wake: Wake,
    pub(crate) clock: Clock,
}

impl UploadDocument {
    /// # Errors
    /// [`Error::Refused`] with the reason, or what is away.
    pub(crate) async fn run(
        &self,
        caller: &Caller,
        owner: MemberId,
        upload: Upload,
    ) -> Result<Document, Error> {
        let judged = self.judge(upload.content.into()).await;
        let (accepted, scan_state, content) = match judged {
            Ok(judged) => judged,
            Err(Error::Refused(refusal)) => return Err(self.refuse(caller, refusal).await?),
            Err(error) => return Err(error),
        };
        let now = self.clock.now();
        let sha256 = digest::digest(&digest::SHA256, &content).as_ref().to_vec();
        let key = IdempotencyKey {
            caller: &caller.subject,
            method: METHOD,
            key: &upload.idempotency_key,
        };

        let id = DocumentId::from_uuid(uuid_v7(now));
        let document = Document {
            id,
            owner,
            document_class: upload.document_class.as_str().to_owned(),
            file_name: displayable(&upload.file_name),
            media_type: accepted.media_type.to_owned(),
            size_bytes: i64::try_from(content.len()).unwrap_or(i64::MAX),
            pages: i32::try_from(accepted.pages).unwrap_or(i32::MAX),
            sha256,
            scan_state: scan_state.as_str().to_owned(),
            uploaded_at: now,
        };
        let (data_key, wrapped) = self.cipher.fresh_key(id.as_uuid());
        let object = documents::object_of(id);
        let sealed = data_key.seal(documents::content_place(id), &content);
        // Before the transaction: a store that is slow must not hold a connection that other calls need.
        self.storage.put(&object, sealed).await?;

        let mut tx = self.pool.begin().await?;
        let request = request_hash(upload.document_class, &document.sha256);
        match idempotency::claim(&mut tx, key, &request, now).await {
            Ok(Claim::Replay { result_id }) => {
                let earlier = DocumentId::from_uuid(result_id);
                let found = documents::find(&mut tx, &self.cipher, earlier, owner).await?;
                drop(tx);
                self.take_back(&object).await;
                return found.map(|(document, _)| document).ok_or(Error::DocumentNotFound);
            }
            Ok(_) => {}
            Err(error) => {
                drop(tx);
                self.take_back(&object).await;
                return Err(error.into());
            }
        }
        documents::insert(&mut tx, &document, &object, &data_key, &wrapped).await?;
        bus::enqueue(&mut tx, published::accepted(&document, now)).await?;
        let entry = AuditEntry {
            record_kind: "document",
            record_id: id.as_uuid(),
            actor: &caller.actor(),
            action: "upload",
            fields: &["content"],
            reason: None,
            at: now,
        };
        audit::record(&mut tx, entry).await?;
        idempotency::complete(&mut tx, key, id.as_uuid()).await?;
        tx.commit().await?;
        self.wake.now();
        Ok(document)
    }

    /// Removes an object that got no row. Where that fails the sweep does it.
    async fn take_back(&self, object: &str) {
        if let Err(error) = self.storage.delete(object).await {
            tracing::info!(%error, "an object without a row is left to the sweep");
        }
    }

    /// Inspection on a thread of its own, where a panic of the parser is contained; then the scanner.
    async fn judge(
        &self,
        content: bytes::Bytes,
    ) -> Result<(crate::domain::inspection::Accepted, ScanState, bytes::Bytes), Error> {
        let to_inspect = content.clone();
        let accepted = tokio::task::spawn_blocking(move || inspect(&to_inspect))
            .await
            .map_err(|error| {
                tracing::error!(%error, "a paper broke the inspection");
                Error::Refused(Refusal::Damaged)
            })?
            .map_err(Error::Refused)?;
        let scan_state = match self.scanner.scan(&content).await {
            Verdict::Clean => ScanState::Clean,
            Verdict::Unknown => ScanState::NotScanned,
            Verdict::Infected => return Err(Error::Refused(Refusal::Infected)),
        };
        Ok((accepted, scan_state, content))
    }

    /// A refusal is a fact too: it is audited and published, without anything of the paper.
    pub(crate) async fn refuse(&self, caller: &Caller, refusal: Refusal) -> Result<Error, Error> {
        let now = self.clock.now();
        let id = uuid_v7(now);
        let mut tx = self.pool.begin().await?;
        bus::enqueue(&mut tx, published::refused(id, refusal, now)).await?;
        let entry = AuditEntry {
            record_kind: "document",
            record_id: id,
            actor: &caller.actor(),
            action: "refuse",
            fields: &[],
            reason: Some(refusal.reason()),
            at: now,
        };
        audit::record(&mut tx, entry).await?;
        tx.commit().await?;
        self.wake.now();
        Ok(Error::Refused(refusal))
    }
}

/// The same request: the same class and the same content. The name is for display and may differ.
fn request_hash(class: DocumentClass, sha256: &[u8]) -> Vec<u8> {
    let request = [class.as_str().as_bytes(), b"\0", sha256].concat();
    digest::digest(&digest::SHA256, &request).as_ref().to_vec()
}
