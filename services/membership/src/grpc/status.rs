//! The one conversion from our errors to a gRPC status: a stable reason and a safe text for the caller, the chain for the log.

use platform::crypto::CryptoError;
use platform::status::{Problem, internal, unavailable};
use tonic::{Code, Status};

use crate::error::Error;

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let transient = error.is_transient();
        match &error {
            Error::Database(_) | Error::Crypto(CryptoError::Database(_)) if transient => unavailable(&error),
            Error::Crypto(CryptoError::Erased) => {
                Problem::new(Code::NotFound, "MEMBER_NOT_FOUND").into_status()
            }
            Error::Database(_) | Error::Crypto(_) | Error::Corrupt(_) => internal(&error),
            Error::MemberNotFound => Problem::new(Code::NotFound, "MEMBER_NOT_FOUND").into_status(),
            Error::ContactNotFound => Problem::new(Code::NotFound, "CONTACT_NOT_FOUND").into_status(),
            Error::BadId { field } => Problem::new(Code::InvalidArgument, "BAD_ID")
                .field(*field, "BAD_ID", "an id of 36 characters")
                .into_status(),
            Error::TooManyIds { limit } => Problem::new(Code::InvalidArgument, "TOO_MANY_IDS")
                .message(format!("at most {limit} ids in one call"))
                .into_status(),
            Error::HeaderMismatch => Problem::new(Code::InvalidArgument, "HEADER_MISMATCH")
                .message("the first line is not the header of the roster contract; nothing was applied")
                .into_status(),
            Error::BadOpening(problem) => Problem::new(Code::InvalidArgument, "BAD_OPENING")
                .message(*problem)
                .into_status(),
            Error::BadStream(problem) => Problem::new(Code::InvalidArgument, "BAD_STREAM")
                .message(*problem)
                .into_status(),
            Error::ImportSilent => Problem::new(Code::DeadlineExceeded, "IMPORT_SILENT")
                .message("nothing came for too long; what was applied stays, send the file again")
                .into_status(),
            Error::Ending => unavailable(&error),
            Error::ImportRunning => Problem::new(Code::FailedPrecondition, "IMPORT_RUNNING")
                .message("another import is running; try again when it has ended")
                .into_status(),
        }
    }
}
