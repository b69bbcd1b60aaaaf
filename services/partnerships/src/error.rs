//! What can go wrong in partnerships. How each is answered is said twice, for the two kinds of caller: in [`crate::grpc`]'s status file and in
//! [`crate::gateway`]'s problem file. Whether to try again is here.

use chrono::TimeDelta;
use platform::idempotency::IdempotencyError;
use platform::status::is_transient_database_error;

use crate::domain::agreement::Fault;
use crate::domain::book::{NoTerms, NotHeard};
use crate::domain::sale::SaleRefused;
use crate::store::StoreError;

/// A use case that did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the store")]
    Store(#[from] StoreError),
    #[error("the idempotency key")]
    Idempotency(#[from] IdempotencyError),
    #[error("the member's facts have not arrived yet")]
    FactsUnknown,
    /// How long to wait.
    #[error("codes were asked for too often")]
    CodesTooOften(TimeDelta),
    #[error("there is no such partner")]
    PartnerNotFound,
    #[error("a partner of this code is there already")]
    PartnerExists,
    #[error("there is no such agreement")]
    AgreementNotFound,
    #[error("the agreement ended or is ending already")]
    AgreementEnded,
    #[error("the day lies in the past")]
    DayInThePast,
    #[error("the fields cannot be taken")]
    Faults(Vec<Fault>),
    #[error("the client speaks for another partner")]
    ClientLinkedElsewhere,
    #[error("the client speaks for no partner")]
    ClientNotLinked,
    #[error("the client may no longer do this")]
    ScopeTaken,
    /// No agreement in force, or an offer or counter that it does not have.
    #[error("the request has no terms to be judged by")]
    NoTerms(NoTerms),
    #[error("there is no such check")]
    VerificationNotFound,
    #[error("there is no such sale")]
    RedemptionNotFound,
    #[error("the sale is refused")]
    Sale(SaleRefused),
    #[error("a sale of this check stands already")]
    AlreadyRedeemed,
    #[error("a sale with this reference stands already")]
    ReferenceUsed,
    #[error("the person's sales of the period have reached the agreement's limit")]
    LimitReached,
    #[error("the key was used for another request")]
    KeyReused,
    #[error("a request with this key is being worked on")]
    KeyBusy,
    /// A field of the request that cannot be read, the reason, and what to send.
    #[error("{field} cannot be read")]
    Malformed {
        field: &'static str,
        reason: &'static str,
        instead: &'static str,
    },
}

impl Error {
    /// Whether the same attempt may succeed later without anybody doing anything.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Store(StoreError::Database(error))
            | Self::Idempotency(IdempotencyError::Database(error)) => is_transient_database_error(error),
            Self::FactsUnknown | Self::CodesTooOften(_) | Self::KeyBusy => true,
            Self::Store(StoreError::Corrupt { .. })
            | Self::Idempotency(
                IdempotencyError::KeyMalformed | IdempotencyError::KeyTooOld | IdempotencyError::KeyReused,
            )
            | Self::PartnerNotFound
            | Self::PartnerExists
            | Self::AgreementNotFound
            | Self::AgreementEnded
            | Self::DayInThePast
            | Self::Faults(_)
            | Self::ClientLinkedElsewhere
            | Self::ClientNotLinked
            | Self::ScopeTaken
            | Self::NoTerms(_)
            | Self::VerificationNotFound
            | Self::RedemptionNotFound
            | Self::Sale(_)
            | Self::AlreadyRedeemed
            | Self::ReferenceUsed
            | Self::LimitReached
            | Self::KeyReused
            | Self::Malformed { .. } => false,
        }
    }
}

impl From<NotHeard> for Error {
    fn from(why: NotHeard) -> Self {
        match why {
            NotHeard::NotLinked => Self::ClientNotLinked,
            NotHeard::ScopeTaken => Self::ScopeTaken,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(StoreError::Database(error))
    }
}
