//! What can go wrong in membership, and whether trying again can help.

use platform::crypto::CryptoError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("the sealed columns")]
    Crypto(#[from] CryptoError),
    #[error("no such member")]
    MemberNotFound,
    #[error("the member has no address on file")]
    ContactNotFound,
    #[error("a stored value is not one of ours: {0}")]
    Corrupt(&'static str),
    #[error("{field} is not an id")]
    BadId { field: &'static str },
    #[error("more than {limit} ids")]
    TooManyIds { limit: usize },
    #[error("the header is not the contract's")]
    HeaderMismatch,
    #[error("the opening of the import: {0}")]
    BadOpening(&'static str),
    #[error("the stream of the import: {0}")]
    BadStream(&'static str),
    #[error("another import is running")]
    ImportRunning,
    #[error("the other side of the import is silent")]
    ImportSilent,
    #[error("the process ends")]
    Ending,
}

impl Error {
    /// Whether the same call may succeed a moment later.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Error::Database(error) | Error::Crypto(CryptoError::Database(error)) => {
                platform::status::is_transient_database_error(error)
            }
            Error::ImportRunning | Error::ImportSilent | Error::Ending => true,
            Error::Crypto(CryptoError::Erased | CryptoError::DoesNotOpen)
            | Error::MemberNotFound
            | Error::ContactNotFound
            | Error::Corrupt(_)
            | Error::BadId { .. }
            | Error::TooManyIds { .. }
            | Error::HeaderMismatch
            | Error::BadOpening(_)
            | Error::BadStream(_) => false,
        }
    }
}
