//! What is known of one's own paper, without opening it.

use auth::Caller;
use chrono::{DateTime, Utc};
use kernel::ids::{DocumentId, MemberId};
use platform::crypto::FieldCipher;
use sqlx::PgPool;

use crate::domain::document::Document;
use crate::error::Error;
use crate::store::documents::Sealed;
use crate::store::{access_log, documents};

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
        access_log::insert(&mut conn, id, &caller.actor(), "not the owner", false, now).await?;
    }
    Err(Error::DocumentNotFound)
}
