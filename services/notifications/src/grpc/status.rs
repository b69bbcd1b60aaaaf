//! From our errors to what a caller is told: a stable reason and a safe text. The chain goes to the log.

use platform::status::{Problem, internal, unavailable};
use tonic::{Code, Status};

use crate::error::Error;

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let refuse = |field: &str, reason: &'static str, what: &str| {
            Problem::new(Code::InvalidArgument, reason)
                .field(field, reason, what)
                .into_status()
        };
        match error {
            Error::PageToken => refuse(
                "page_token",
                "PAGE_TOKEN_UNKNOWN",
                "take the token of the page before",
            ),
            Error::PageSize => refuse("page_size", "PAGE_SIZE_INVALID", "ask for 1 to 200, or 0 for 50"),
            Error::TooManyIds => refuse("message_ids", "TOO_MANY_IDS", "name at most 200, or none for all"),
            Error::Id(_) => refuse("message_ids", "ID_MALFORMED", "take the ids of ListMessages"),
            transient if transient.is_transient() => unavailable(&transient),
            other @ (Error::Database(_)
            | Error::Peer { .. }
            | Error::Mail(_)
            | Error::Smtp(_)
            | Error::NoMessage
            | Error::UnknownKind
            | Error::Stored(_)) => internal(&other),
        }
    }
}
