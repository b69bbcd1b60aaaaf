//! Why an operator's call was not done.

use platform::status::{Problem, internal, is_transient_database_error, unavailable};
use tonic::{Code, Status};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the id names no parked event and no dead job")]
    Unknown,
    #[error("the event is held behind an earlier one of its record")]
    Held,
    #[error("a page has 1 to 200 rows")]
    PageSize,
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
            Error::PageSize => Problem::new(Code::InvalidArgument, "PAGE_SIZE_INVALID")
                .field("page_size", "PAGE_SIZE_INVALID", "1 to 200, or 0 for 50")
                .into_status(),
            Error::Database(error) if is_transient_database_error(&error) => unavailable(&error),
            Error::Database(error) => internal(&error),
        }
    }
}
