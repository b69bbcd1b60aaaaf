//! Why an operator's call was not done.

use platform::status::{Problem, internal, is_transient_database_error, unavailable};
use tonic::{Code, Status};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the id names no parked event and no dead job")]
    Unknown,
    #[error("the event is held behind an earlier one of its record")]
    Held,
    #[error("a page has 1 to {0} rows")]
    PageSize(i64),
    #[error("no root has this number")]
    UnknownRoot,
    #[error("the id is no UUID")]
    RecordId,
    #[error("the database")]
    Database(#[from] sqlx::Error),
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Unknown => Problem::new(Code::NotFound, "DEAD_LETTER_NOT_FOUND").into_status(),
            Error::Held => Problem::new(Code::FailedPrecondition, "DEAD_LETTER_HELD")
                .message("it waits behind an earlier event of its record: replay that one")
                .into_status(),
            Error::PageSize(largest) => {
                let rule = format!("1 to {largest}, or 0 for the usual one");
                Problem::new(Code::InvalidArgument, "PAGE_SIZE_INVALID")
                    .field("page_size", "PAGE_SIZE_INVALID", rule)
                    .into_status()
            }
            Error::UnknownRoot => Problem::new(Code::NotFound, "AUDIT_ROOT_NOT_FOUND").into_status(),
            Error::RecordId => Problem::new(Code::InvalidArgument, "RECORD_ID_INVALID")
                .field("after.record_id", "RECORD_ID_INVALID", "a UUID")
                .into_status(),
            Error::Database(error) if is_transient_database_error(&error) => unavailable(&error),
            Error::Database(error) => internal(&error),
        }
    }
}
