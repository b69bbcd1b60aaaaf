//! The service's tables: SQL on a connection that the caller's transaction owns. No rules here; every query that reads a member's data
//! takes the member.

pub(crate) mod applications;
pub(crate) mod assessments;
pub(crate) mod ceilings;
pub(crate) mod infected_papers;
pub(crate) mod member_facts;
pub(crate) mod request_numbers;
pub(crate) mod review_acts;
pub(crate) mod review_files;

use platform::crypto::CryptoError;

/// Why a row cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("a sealed column of {table}")]
    Sealed {
        table: &'static str,
        source: CryptoError,
    },
    #[error("a sealed text of {table} is not what was written")]
    Text {
        table: &'static str,
        source: serde_json::Error,
    },
    #[error("a row of {table} contradicts itself")]
    Corrupt { table: &'static str },
}

/// Whether the error is the violation of that unique index.
pub(crate) fn violates(error: &StoreError, index: &str) -> bool {
    match error {
        StoreError::Database(sqlx::Error::Database(database)) => database.constraint() == Some(index),
        StoreError::Database(_)
        | StoreError::Sealed { .. }
        | StoreError::Text { .. }
        | StoreError::Corrupt { .. } => false,
    }
}
