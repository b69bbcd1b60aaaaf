//! What can go wrong in documents, and whether trying again can help.

use paper_store::StoreError;
use platform::crypto::CryptoError;
use platform::idempotency::IdempotencyError;

use crate::domain::refusal::Refusal;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("the idempotency key")]
    Idempotency(#[from] IdempotencyError),
    #[error("the sealed content")]
    Crypto(#[from] CryptoError),
    #[error("the place of the papers")]
    Storage(#[from] StoreError),
    #[error("the content differs from its checksum")]
    ChecksumMismatch,
    #[error("the paper is refused: {0}")]
    Refused(Refusal),
    #[error("no such paper")]
    DocumentNotFound,
    #[error("the grant does not open this paper for this agent")]
    GrantRefused,
    #[error("the paper was not scanned")]
    NotScanned,
    #[error("the paper is infected")]
    Infected,
    #[error("{field}: {instead}")]
    Malformed {
        field: &'static str,
        reason: &'static str,
        instead: &'static str,
    },
    #[error("the upload was cut off")]
    Interrupted,
    #[error("as many papers as fit are being taken in")]
    Busy,
}

impl Error {
    /// Whether the same call may succeed a moment later.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Error::Database(error)
            | Error::Crypto(CryptoError::Database(error))
            | Error::Idempotency(IdempotencyError::Database(error)) => {
                platform::status::is_transient_database_error(error)
            }
            Error::Storage(_) | Error::Interrupted | Error::Busy => true,
            Error::Crypto(CryptoError::Erased | CryptoError::DoesNotOpen)
            | Error::Idempotency(
                IdempotencyError::KeyMalformed | IdempotencyError::KeyTooOld | IdempotencyError::KeyReused,
            )
            | Error::ChecksumMismatch
            | Error::Refused(_)
            | Error::DocumentNotFound
            | Error::GrantRefused
            | Error::NotScanned
            | Error::Infected
            | Error::Malformed { .. } => false,
        }
    }
}
