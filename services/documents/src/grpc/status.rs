//! The one conversion from our errors to a gRPC status: a stable reason and a safe text for the caller, the chain for the log.

use std::time::Duration;

use platform::crypto::CryptoError;
use platform::idempotency::IdempotencyError;
use platform::status::{Problem, internal, unavailable};
use tonic::{Code, Status};

use crate::error::Error;

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let transient = error.is_transient();
        match &error {
            Error::Database(_) | Error::Storage(_) | Error::Crypto(CryptoError::Database(_)) if transient => {
                unavailable(&error)
            }
            Error::Idempotency(IdempotencyError::Database(_)) if transient => unavailable(&error),
            Error::Idempotency(problem) => problem
                .to_problem()
                .map_or_else(|| internal(&error), Problem::into_status),
            Error::Refused(refusal) => Problem::new(Code::InvalidArgument, refusal.reason())
                .message(refusal.instead())
                .field("file", refusal.reason(), refusal.instead())
                .into_status(),
            Error::DocumentNotFound => Problem::new(Code::NotFound, "DOCUMENT_NOT_FOUND").into_status(),
            Error::GrantRefused => Problem::new(Code::PermissionDenied, "GRANT_REFUSED").into_status(),
            Error::NotScanned => Problem::new(Code::FailedPrecondition, "PAPER_NOT_SCANNED")
                .message("papers are opened here once the malware scan found them clean")
                .into_status(),
            Error::Infected => Problem::new(Code::FailedPrecondition, "PAPER_INFECTED")
                .message("the malware scan found something; ask the member for the paper anew")
                .into_status(),
            Error::Malformed {
                field,
                reason,
                instead,
            } => Problem::new(Code::InvalidArgument, reason)
                .field(*field, *reason, *instead)
                .into_status(),
            Error::Interrupted => Problem::new(Code::Aborted, "UPLOAD_INTERRUPTED")
                .message("send the file again")
                .into_status(),
            Error::Busy => Problem::new(Code::ResourceExhausted, "TRY_AGAIN")
                .message("try again in a moment")
                .retry_after(Duration::from_secs(2))
                .into_status(),
            Error::Database(_) | Error::Storage(_) | Error::Crypto(_) | Error::ChecksumMismatch => {
                internal(&error)
            }
        }
    }
}
