//! Everything that can go wrong in identity, and whether trying again may help. What a caller is told of it is `grpc/status.rs`' choice.

use chrono::Duration;

use platform::idempotency::IdempotencyError;

use crate::domain::field::WrongField;
use crate::domain::terms::TermsError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("fields of the form are wrong")]
    Fields(Vec<WrongField>),
    #[error("the robot proof is refused")]
    RobotProofRefused,
    #[error("the sign-in is refused")]
    SignInRefused,
    #[error("too many attempts")]
    SlowDown(Duration),
    #[error("the link is not usable")]
    LinkNotUsable,
    #[error("there is no such delivery, or no longer")]
    DeliveryNotFound,
    #[error("the session ended")]
    SessionEnded,
    #[error("there is no such session of this account")]
    SessionNotFound,
    #[error("there is no such account")]
    AccountNotFound,
    #[error("there is an administrator already")]
    AdministratorExists,
    #[error("the login is another account's")]
    LoginTaken,
    #[error("nobody changes their own account")]
    OwnAccount,
    #[error("the caller no longer holds the role")]
    RoleEnded,
    #[error("there is no such agent")]
    AgentNotFound,
    #[error("the agent's account is closed")]
    AgentDisabled,
    #[error("nobody alive bears the payroll number")]
    MemberNotFound,
    #[error("another open agent's account carries this membership")]
    MemberIsAnAgent,
    #[error("nobody said yet whether the agent is a member")]
    MembershipFirst,
    #[error("another agent at the desk has to identify the person too")]
    SecondAgentNeeded,
    #[error("only the operator does this")]
    OperatorNeeded,
    #[error("the member has an address on file")]
    MemberHasAddress,
    #[error("no second factor is asked of this session")]
    SecondFactorNotAsked,
    #[error("there is a second factor already")]
    SecondFactorEnrolled,
    #[error("there is no second factor yet")]
    SecondFactorNotEnrolled,
    #[error("the second factor is refused")]
    SecondFactorRefused,
    #[error("the activation code is refused")]
    ActivationRefused,
    #[error("the client's name is another's")]
    ClientNameTaken,
    #[error("there is no such client")]
    ClientNotFound,
    #[error("the client is disabled")]
    ClientDisabled,
    #[error("the page token is not one of ours")]
    BadPageToken,
    #[error("no token is made for this audience")]
    UnknownAudience,
    #[error("the version of the terms is not the current one")]
    TermsVersionChanged,
    #[error("too many passwords wait to be hashed")]
    Busy,
    #[error("the idempotency key")]
    Idempotency(#[source] IdempotencyError),
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("redis")]
    Redis(#[from] redis::RedisError),
    #[error("membership")]
    Membership(#[source] Box<tonic::Status>),
    #[error("sealed data")]
    Crypto(#[from] platform::crypto::CryptoError),
    #[error("the puzzle")]
    Puzzle(#[from] altcha::Error),
    #[error("hashing a password: {0}")]
    Hash(argon2::password_hash::Error),
    #[error("stored data that cannot be read: {0}")]
    Unreadable(&'static str),
    #[error("the terms of use")]
    Terms(#[from] TermsError),
}

impl From<IdempotencyError> for Error {
    fn from(error: IdempotencyError) -> Self {
        match error {
            IdempotencyError::Database(error) => Self::Database(error),
            refused => Self::Idempotency(refused),
        }
    }
}

impl Error {
    pub(crate) fn field(field: WrongField) -> Self {
        Self::Fields(vec![field])
    }

    /// Whether the same attempt may succeed later without anybody changing anything.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Redis(_) | Self::Busy | Self::SlowDown(_) => true,
            Self::Database(error) => platform::status::is_transient_database_error(error),
            Self::Crypto(platform::crypto::CryptoError::Database(error)) => {
                platform::status::is_transient_database_error(error)
            }
            Self::Membership(status) => is_transient_status(status.code()),
            Self::Fields(_)
            | Self::RobotProofRefused
            | Self::SignInRefused
            | Self::LinkNotUsable
            | Self::DeliveryNotFound
            | Self::SessionEnded
            | Self::SessionNotFound
            | Self::AccountNotFound
            | Self::AdministratorExists
            | Self::LoginTaken
            | Self::OwnAccount
            | Self::RoleEnded
            | Self::AgentNotFound
            | Self::AgentDisabled
            | Self::MemberNotFound
            | Self::MemberIsAnAgent
            | Self::MemberHasAddress
            | Self::MembershipFirst
            | Self::SecondAgentNeeded
            | Self::OperatorNeeded
            | Self::SecondFactorNotAsked
            | Self::SecondFactorEnrolled
            | Self::SecondFactorNotEnrolled
            | Self::SecondFactorRefused
            | Self::ActivationRefused
            | Self::ClientNameTaken
            | Self::ClientNotFound
            | Self::ClientDisabled
            | Self::BadPageToken
            | Self::UnknownAudience
            | Self::TermsVersionChanged
            | Self::Idempotency(_)
            | Self::Crypto(
                platform::crypto::CryptoError::Erased | platform::crypto::CryptoError::DoesNotOpen,
            )
            | Self::Puzzle(_)
            | Self::Hash(_)
            | Self::Unreadable(_)
            | Self::Terms(_) => false,
        }
    }
}

fn is_transient_status(code: tonic::Code) -> bool {
    use tonic::Code;
    match code {
        // Unauthenticated and PermissionDenied: a key that is being rotated, a peer that is being set up.
        Code::Unavailable
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::Cancelled
        | Code::ResourceExhausted
        | Code::Unknown
        | Code::Internal
        | Code::Unauthenticated
        | Code::PermissionDenied => true,
        Code::Ok
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::FailedPrecondition
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::DataLoss => false,
    }
}
