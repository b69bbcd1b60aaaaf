//! What is known of one's own paper, without opening it.

use auth::Caller;
use chrono::{DateTime, Utc};
use kernel::ids::{DocumentId, MemberId};
use platform::crypto::FieldCipher;
use sqlx::PgPool;

use crate::domain::document::Document;
use crate::error::Error;
use crate::store::access_log::{self, Entry};
use crate::store::documents::{self, Sealed};

/// Loads a paper for its owner. An attempt at another's is written down and answered as if there were none.
pub(crate) async fn own_document(
    pool: &PgPool,
    cipher: &FieldCipher,
    caller: &Caller,
    owner: MemberId,
    id: DocumentId,
    now: DateTime<Utc>,
) -> Result<(Document, Sealed), Error> {
    let mut conn = pool.acquire().await?;
    if let Some(found) = documents::find(&mut conn, cipher, id, owner).await? {
        return Ok(found);
    }
    if documents::exists(&mut conn, id.as_uuid()).await? {
        tracing::warn!(document.id = %id, "a paper of another person was asked for");
        let entry = Entry {
            document: id,
            application: None,
            reason: "not the owner",
            opened: false,
            at: now,
        };
        access_log::insert(&mut conn, &entry, &caller.actor()).await?;
    }
    Err(Error::DocumentNotFound)
}
