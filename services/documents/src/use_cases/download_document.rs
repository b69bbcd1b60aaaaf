//! Opens a paper for its owner: the opening is written down before the first byte leaves, and the content must equal its checksum.

use auth::Caller;
use bytes::Bytes;
use kernel::ids::{DocumentId, MemberId};
use paper_store::Store;
use platform::clock::Clock;
use platform::crypto::FieldCipher;
use ring::digest;
use sqlx::PgPool;

use super::get_document::own_document;
use crate::domain::document::Document;
use crate::error::Error;
use crate::store::access_log::{self, Entry};
use crate::store::documents::{self, Sealed};

/// Longest reason that is kept.
const LONGEST_REASON: usize = 200;

/// The operation.
#[derive(Clone, Debug)]
pub(crate) struct DownloadDocument {
    pub(crate) pool: PgPool,
    pub(crate) cipher: FieldCipher,
    pub(crate) storage: Store,
    pub(crate) clock: Clock,
}

impl DownloadDocument {
    pub(crate) async fn run(
        &self,
        caller: &Caller,
        owner: MemberId,
        id: DocumentId,
        reason: &str,
    ) -> Result<(Document, Bytes), Error> {
        if reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON {
            return Err(Error::Malformed {
                field: "reason",
                reason: "REASON_MISSING",
                instead: "say in a few words why the paper is opened",
            });
        }
        let now = self.clock.now();
        let (document, sealed) = own_document(&self.pool, &self.cipher, caller, owner, id, now).await?;
        let content = read_content(&self.storage, &document, &sealed).await?;
        let mut conn = self.pool.acquire().await?;
        let entry = Entry {
            document: id,
            application: None,
            reason: reason.trim(),
            opened: true,
            at: now,
        };
        access_log::insert(&mut conn, &entry, &caller.actor()).await?;
        Ok((document, content))
    }
}

/// The content of a paper, which must equal its checksum.
pub(crate) async fn read_content(
    storage: &Store,
    document: &Document,
    sealed: &Sealed,
) -> Result<Bytes, Error> {
    let bytes = storage.get(&sealed.object).await?;
    let content = sealed.key.open(documents::content_place(document.id), &bytes)?;
    if digest::digest(&digest::SHA256, &content).as_ref() != document.sha256 {
        return Err(Error::ChecksumMismatch);
    }
    Ok(Bytes::copy_from_slice(&content))
}
