//! A partner's request with an Idempotency-Key: done once, answered the same again for 72 hours. Only what was done is kept; a refusal is not, so that
//! the same key may be sent again once the cause is mended.

use chrono::{DateTime, TimeDelta, Utc};
use ring::digest;
use sqlx::PgConnection;
use subtle::ConstantTimeEq as _;

use crate::error::Error;
use crate::store::partner_requests::{self, Claim, RequestName};
use crate::store::waited_too_long;

/// How long an answer is kept.
pub(crate) const LIFE: TimeDelta = TimeDelta::hours(72);

/// Who asks, on which route, with which key, and what.
#[derive(Debug, Clone)]
pub(crate) struct PartnerRequest {
    pub(crate) client: String,
    /// Method and path.
    pub(crate) route: String,
    pub(crate) key: String,
    pub(crate) request_hash: Vec<u8>,
}

/// An answer, and whether it was given before.
#[derive(Debug)]
pub(crate) struct Answered {
    /// JSON.
    pub(crate) body: String,
    pub(crate) replayed: bool,
}

/// SHA-256 of what was asked, in one spelling: spaces and the order of fields do not make another request.
pub(crate) fn hash_of(request: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, request).as_ref().to_vec()
}

impl PartnerRequest {
    fn name(&self) -> RequestName<'_> {
        RequestName {
            client: &self.client,
            route: &self.route,
            key: &self.key,
        }
    }

    /// The answer that was given before; `None` when the work is to be done. A second request with the key waits here for the first to end.
    ///
    /// # Errors
    /// A key of another request, or one whose request takes too long.
    pub(super) async fn claim(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<Option<Answered>, Error> {
        match partner_requests::claim(conn, self.name(), &self.request_hash, now, now - LIFE).await {
            Ok(Claim::Fresh) => Ok(None),
            Ok(Claim::Gone) => Err(Error::KeyBusy),
            Ok(Claim::Answered { request_hash, answer }) => {
                if !bool::from(request_hash.as_slice().ct_eq(&self.request_hash)) {
                    return Err(Error::KeyReused);
                }
                Ok(Some(Answered {
                    body: answer,
                    replayed: true,
                }))
            }
            Err(error) if waited_too_long(&error) => Err(Error::KeyBusy),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps the answer in the transaction of the work.
    pub(super) async fn complete(&self, conn: &mut PgConnection, body: String) -> Result<Answered, Error> {
        partner_requests::complete(conn, self.name(), &body).await?;
        Ok(Answered {
            body,
            replayed: false,
        })
    }
}
