//! What can fail in this service, and whether trying again may help.
//!
//! No variant holds an address, a name or a text of a message.

use thiserror::Error;
use tonic::{Code, Status};

use crate::mail::SmtpFailure;

/// A failure, with its source.
#[derive(Debug, Error)]
pub(crate) enum Error {
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("{service} answered {code:?}")]
    Peer { service: &'static str, code: Code },
    #[error("the mail could not be built: {0}")]
    Mail(&'static str),
    #[error("the mail server")]
    Smtp(#[from] SmtpFailure),
    #[error("the message is not there")]
    NoMessage,
    #[error("a stored word is not known: {0}")]
    Stored(&'static str),
    /// Of a later version: one of its processes wrote the message, and one of its processes sends it.
    #[error("the message is of an unknown kind")]
    UnknownKind,
    #[error("the page token is not one of ours")]
    PageToken,
    #[error("a page has no negative size")]
    PageSize,
    #[error("too many messages are named")]
    TooManyIds,
    #[error("an id is not an id")]
    Id(#[from] kernel::IdError),
}

impl Error {
    /// What a peer answered, without its text.
    pub(crate) fn peer(service: &'static str, status: &Status) -> Self {
        Self::Peer {
            service,
            code: status.code(),
        }
    }

    /// Whether trying again may help.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => platform::status::is_transient_database_error(error),
            Self::Peer { code, .. } => match code {
                Code::Unavailable
                | Code::DeadlineExceeded
                | Code::ResourceExhausted
                | Code::Aborted
                | Code::Cancelled
                | Code::Internal
                | Code::Unknown
                // A key that is being rotated, or a peer that has not read the new one yet.
                | Code::Unauthenticated => true,
                Code::Ok
                | Code::InvalidArgument
                | Code::NotFound
                | Code::AlreadyExists
                | Code::PermissionDenied
                | Code::FailedPrecondition
                | Code::OutOfRange
                | Code::Unimplemented
                | Code::DataLoss => false,
            },
            Self::Smtp(failure) => failure.is_transient(),
            Self::UnknownKind => true,
            Self::Mail(_)
            | Self::NoMessage
            | Self::Stored(_)
            | Self::PageToken
            | Self::PageSize
            | Self::TooManyIds
            | Self::Id(_) => false,
        }
    }

    /// The fixed word that is kept with a failed attempt.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Database(_) => "database",
            Self::Peer { .. } => "peer",
            Self::Mail(_) => "mail_not_built",
            Self::Smtp(failure) => failure.class(),
            Self::NoMessage => "no_message",
            Self::Stored(_) => "stored_word",
            Self::UnknownKind => "unknown_kind",
            Self::PageToken | Self::PageSize | Self::TooManyIds | Self::Id(_) => "request",
        }
    }
}
