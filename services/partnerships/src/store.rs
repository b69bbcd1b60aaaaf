//! The service's tables: SQL on a connection that the caller's transaction owns, and the counters in Redis. No rules here; every query that reads a
//! member's data takes the member.

pub(crate) mod book;
pub(crate) mod card_codes;
pub(crate) mod member_facts;
pub(crate) mod partner_requests;
pub(crate) mod redemptions;
pub(crate) mod redis;
pub(crate) mod verifications;

/// Why a row cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("a row of {table} contradicts itself")]
    Corrupt { table: &'static str },
}

/// Whether the error is the violation of that unique index or constraint.
pub(crate) fn violates(error: &StoreError, index: &str) -> bool {
    match error {
        StoreError::Database(sqlx::Error::Database(database)) => database.constraint() == Some(index),
        StoreError::Database(_) | StoreError::Corrupt { .. } => false,
    }
}

/// Whether a statement waited for a lock longer than a connection may (55P03).
pub(crate) fn waited_too_long(error: &StoreError) -> bool {
    match error {
        StoreError::Database(sqlx::Error::Database(database)) => database.code().as_deref() == Some("55P03"),
        StoreError::Database(_) | StoreError::Corrupt { .. } => false,
    }
}
