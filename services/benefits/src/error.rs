//! What can go wrong in benefits. How each is answered to a caller is [`crate::grpc`]'s status file; whether to try again is here.

use platform::crypto::CryptoError;
use platform::idempotency::IdempotencyError;
use platform::status::is_transient_database_error;

use crate::domain::answers::{AnswerRefused, Step};
use crate::domain::application::Impossible;
use crate::domain::assessment;
use crate::domain::review::duties::DutyRefused;
use crate::domain::review::information::{ItemsRefused, Target};
use crate::domain::review::refusal::RefusalRefused;
use crate::domain::review::{CostRefused, NoteRefused};
use crate::store::StoreError;

/// A use case that did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the store")]
    Store(#[from] StoreError),
    #[error("the key of a person")]
    Crypto(#[from] CryptoError),
    #[error("the idempotency key")]
    Idempotency(#[from] IdempotencyError),
    /// Also for an application of another member: who asks learns nothing of it.
    #[error("there is no such application")]
    NotFound,
    #[error("there is no such benefit")]
    BenefitUnknown,
    #[error("the benefit takes no requests")]
    BenefitNotOpen,
    #[error("the answer cannot be taken")]
    Answer(#[from] AnswerRefused),
    #[error("the receipt of the paper is not believed")]
    Receipt(#[source] auth::token::TokenError),
    #[error("the application does not allow it")]
    Impossible(#[from] Impossible),
    #[error("the member's facts have not arrived yet")]
    FactsUnknown,
    #[error("questions are not answered")]
    Incomplete(Vec<Step>),
    #[error("a paper cannot be used")]
    PaperNotUsable,
    /// The codes of the conditions that do not hold.
    #[error("a condition does not hold")]
    NotEligible(Vec<String>),
    #[error("the rules have no answer")]
    Rules(#[from] rules::DecideError),
    /// Somebody took the last of the ceiling at the same moment.
    #[error("the ceiling is reached")]
    CeilingReached,
    #[error("a request for the same person and reason is open")]
    OpenRequestExists,
    #[error("the same was granted before")]
    AlreadyGranted,
    #[error("it is not the agent's to do")]
    Duty(#[from] DutyRefused),
    #[error("the file changed since it was looked at")]
    FileChanged,
    #[error("the agent does not have the file")]
    FileNotYours,
    #[error("the file holds as many acts as it may")]
    FileFull,
    #[error("the queue belongs to another role")]
    NotYourQueue,
    #[error("the paper is not in the file")]
    PaperNotInFile,
    #[error("the health reviewer opened none of the papers on which the opinion rests")]
    PaperNotOpened,
    #[error("the medical opinion does not allow a grant")]
    OpinionUnfavourable,
    #[error("no grant was proposed")]
    GrantNotProposed,
    /// What the file no longer answers: an account that was replaced, a person who is no longer declared.
    #[error("the file is not whole")]
    FileIncomplete(Vec<Step>),
    #[error("the rules no longer give what was proposed")]
    ProposalOutdated,
    #[error("membership cannot be asked for facts of now")]
    FactsNotFresh(#[source] Box<bus::HandlerError>),
    #[error("the retained cost cannot be taken")]
    Cost(#[from] CostRefused),
    #[error("the note cannot be taken")]
    Note(#[from] NoteRefused),
    #[error("this cannot be asked for")]
    Items(#[from] ItemsRefused),
    #[error("the refusal cannot be taken")]
    Refusal(#[from] RefusalRefused),
    #[error("the member has time to answer yet")]
    StillTimeToAnswer,
    #[error("the member died")]
    MemberCannotAnswer,
    #[error("nothing is asked of the member")]
    NothingAsked,
    #[error("the answer was not asked for")]
    NotAskedFor,
    #[error("something that was asked for is not corrected")]
    CorrectionIncomplete(Vec<Target>),
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
            | Self::Crypto(CryptoError::Database(error))
            | Self::Idempotency(IdempotencyError::Database(error)) => is_transient_database_error(error),
            Self::FactsUnknown | Self::FactsNotFresh(_) | Self::Answer(AnswerRefused::FactsUnknown) => true,
            Self::Store(StoreError::Sealed { .. } | StoreError::Text { .. } | StoreError::Corrupt { .. })
            | Self::Crypto(CryptoError::Erased | CryptoError::DoesNotOpen)
            | Self::Idempotency(
                IdempotencyError::KeyMalformed | IdempotencyError::KeyTooOld | IdempotencyError::KeyReused,
            )
            | Self::NotFound
            | Self::BenefitUnknown
            | Self::BenefitNotOpen
            | Self::Answer(_)
            | Self::Receipt(_)
            | Self::Impossible(_)
            | Self::Incomplete(_)
            | Self::PaperNotUsable
            | Self::NotEligible(_)
            | Self::Rules(_)
            | Self::CeilingReached
            | Self::OpenRequestExists
            | Self::AlreadyGranted
            | Self::Duty(_)
            | Self::FileChanged
            | Self::FileNotYours
            | Self::FileFull
            | Self::NotYourQueue
            | Self::PaperNotInFile
            | Self::PaperNotOpened
            | Self::OpinionUnfavourable
            | Self::GrantNotProposed
            | Self::FileIncomplete(_)
            | Self::ProposalOutdated
            | Self::Cost(_)
            | Self::Note(_)
            | Self::Items(_)
            | Self::Refusal(_)
            | Self::StillTimeToAnswer
            | Self::MemberCannotAnswer
            | Self::NothingAsked
            | Self::NotAskedFor
            | Self::CorrectionIncomplete(_)
            | Self::Malformed { .. } => false,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(StoreError::Database(error))
    }
}

impl From<assessment::Refused> for Error {
    fn from(refused: assessment::Refused) -> Self {
        match refused {
            assessment::Refused::Incomplete(steps) => Self::Incomplete(steps),
            assessment::Refused::PaperNotUsable => Self::PaperNotUsable,
            assessment::Refused::NotEligible(decision) => Self::NotEligible(
                decision
                    .refusals()
                    .map(|condition| condition.code.clone())
                    .collect(),
            ),
            assessment::Refused::Rules(error) => Self::Rules(error),
        }
    }
}
