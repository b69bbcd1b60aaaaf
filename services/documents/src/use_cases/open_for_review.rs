//! Opens a paper for the agent who examines its file: benefits' grant says that the agent may, the opening is written down with its reason
//! before the first byte leaves.

use auth::Caller;
use auth::grant::{Grant, Verifier};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use paper_store::Store;
use platform::clock::Clock;
use platform::crypto::FieldCipher;
use sqlx::PgPool;

use super::download_document::read_content;
use crate::domain::document::Document;
use crate::domain::review::{Denial, may_open};
use crate::error::Error;
use crate::store::access_log::{self, Entry};
use crate::store::documents;

/// The operation.
#[derive(Clone, Debug)]
pub(crate) struct OpenForReview {
    pub(crate) pool: PgPool,
    pub(crate) cipher: FieldCipher,
    pub(crate) storage: Store,
    pub(crate) grants: Verifier,
    pub(crate) require_scan: bool,
    pub(crate) clock: Clock,
}

impl OpenForReview {
    pub(crate) async fn run(&self, caller: &Caller, grant: &str) -> Result<(Document, Bytes), Error> {
        let now = self.clock.now();
        let grant = self.grants.verify(grant, now).map_err(|cause| {
            tracing::warn!(cause = %cause, "a grant is not believed");
            Error::GrantRefused
        })?;
        let mut conn = self.pool.acquire().await?;
        let (document, sealed) = documents::find_for_review(&mut conn, &self.cipher, &grant)
            .await?
            .ok_or(Error::DocumentNotFound)?;
        let allowed = may_open(
            caller.account_id,
            grant.agent,
            &document.scan_state,
            self.require_scan,
        );
        if let Err(denial) = allowed {
            tracing::warn!(document.id = %grant.document_id, cause = denial.code(), "an opening is refused");
            access_log::insert(
                &mut conn,
                &entry(&grant, denial.code(), false, now),
                &caller.actor(),
            )
            .await?;
            return Err(match denial {
                Denial::NotTheirs => Error::GrantRefused,
                Denial::NotScanned => Error::NotScanned,
                Denial::Infected => Error::Infected,
            });
        }
        // The bytes come from elsewhere: no connection is held meanwhile.
        drop(conn);
        let content = read_content(&self.storage, &document, &sealed).await?;
        let mut conn = self.pool.acquire().await?;
        access_log::insert(
            &mut conn,
            &entry(&grant, &grant.reason, true, now),
            &caller.actor(),
        )
        .await?;
        Ok((document, content))
    }
}

fn entry<'a>(grant: &Grant, reason: &'a str, opened: bool, at: DateTime<Utc>) -> Entry<'a> {
    Entry {
        document: grant.document_id,
        application: Some(grant.application_id),
        reason,
        opened,
        at,
    }
}
