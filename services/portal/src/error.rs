//! Why a page cannot be shown or a form was not taken. One place turns a gRPC status into it; the edge turns it into a designed page or, for a
//! refusal that the person can mend, the page shows its sentence.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use platform::status::{self, Field};
use tonic::{Code, Status};

/// What went wrong, as far as the reader is concerned.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The session is over or was never there.
    #[error("the session ended")]
    SessionEnded,
    /// A service is away; trying again later may help.
    #[error("a service is away")]
    Away { retry_after: Option<Duration> },
    /// No such page, file or service, or not this member's.
    #[error("not found")]
    NotFound,
    /// The form came from elsewhere, or the person may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The address expects another method or another kind of body.
    #[error("the request cannot be read")]
    Unreadable(StatusCode),
    /// A backend refused for a reason that the reader can act upon.
    #[error("refused: {reason}")]
    Refused {
        reason: String,
        fields: Vec<Field>,
        retry_after: Option<Duration>,
    },
    /// Nobody foresaw it; the log has the cause.
    #[error("something went wrong on our side")]
    Unforeseen,
}

/// Refusals of what a person may not do with this very file, however well the form is filled in.
const DUTIES: &[&str] = &[
    "OWN_FILE",
    "RELATIVES_FILE",
    "ROLE_MISSING",
    "ASSESSED_BEFORE",
    "PROPOSED_BEFORE",
    "GAVE_OPINION_BEFORE",
    "PAPER_NOT_YOURS_TO_READ",
    "FILE_CLOSED",
    "NOT_YOUR_QUEUE",
    "GRANT_REFUSED",
    "OWN_ACCOUNT",
];

impl Error {
    /// The status of the designed page.
    pub(crate) fn http_status(&self) -> StatusCode {
        match self {
            Error::SessionEnded => StatusCode::UNAUTHORIZED,
            Error::Away { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::Unreadable(status) => *status,
            Error::Refused { reason, .. } if DUTIES.contains(&reason.as_str()) => StatusCode::FORBIDDEN,
            Error::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Unforeseen => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether waiting may help.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Error::Away { .. } | Error::Unforeseen => true,
            Error::SessionEnded
            | Error::NotFound
            | Error::Forbidden
            | Error::Unreadable(_)
            | Error::Refused { .. } => false,
        }
    }
}

/// A member's call: what its status means to the reader.
impl From<Status> for Error {
    fn from(status: Status) -> Self {
        let reason = status::reason(&status);
        let retry_after = status::retry_after(&status);
        match status.code() {
            Code::Unauthenticated => Error::SessionEnded,
            Code::NotFound => Error::NotFound,
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => {
                tracing::warn!(code = ?status.code(), "a service is away");
                Error::Away { retry_after }
            }
            Code::InvalidArgument
            | Code::FailedPrecondition
            | Code::AlreadyExists
            | Code::Aborted
            | Code::ResourceExhausted
            | Code::OutOfRange => match reason {
                Some(reason) => Error::Refused {
                    reason,
                    fields: status::fields(&status),
                    retry_after,
                },
                None => {
                    tracing::error!(code = ?status.code(), "a refusal came without a reason");
                    Error::Unforeseen
                }
            },
            Code::PermissionDenied => match reason {
                // Refused for a reason that has a sentence (wrong current password, terms changed) is not the 403 page.
                // Nor is a duty (own file, proposed it oneself); the permission table's own refusal is.
                Some(reason) if reason != "PERMISSION_DENIED" && reason != "NOT_PERMITTED" => {
                    Error::Refused {
                        reason,
                        fields: status::fields(&status),
                        retry_after,
                    }
                }
                _ => Error::Forbidden,
            },
            Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
                tracing::error!(code = ?status.code(), "a call failed");
                Error::Unforeseen
            }
        }
    }
}

/// The edge replaces this empty answer by the designed page; it has the language, the reader and the typed fields.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.http_status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
