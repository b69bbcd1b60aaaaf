//! The one conversion from [`Error`] to a gRPC status: a stable reason, the fields that were wrong, whether to try again. What a partner is answered
//! stands in the gateway's problem file.

use std::time::Duration;

use platform::status::{Problem, internal, unavailable};
use tonic::{Code, Status};

use crate::error::Error;

/// When to ask again for facts that are on their way.
const FACTS_DELAY: Duration = Duration::from_secs(5);

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        problem(&error).map_or_else(
            || {
                if error.is_transient() {
                    unavailable(&error)
                } else {
                    internal(&error)
                }
            },
            Problem::into_status,
        )
    }
}

/// The refusal that the caller can act upon; `None` for what is ours to mend, and for what only partners are answered.
fn problem(error: &Error) -> Option<Problem> {
    let problem = match error {
        Error::Idempotency(error) => return error.to_problem(),
        Error::FactsUnknown => {
            Problem::new(Code::FailedPrecondition, "FACTS_UNKNOWN").retry_after(FACTS_DELAY)
        }
        Error::CodesTooOften(wait) => Problem::new(Code::ResourceExhausted, "CODES_TOO_OFTEN")
            .retry_after(wait.to_std().unwrap_or_default()),
        Error::PartnerNotFound => Problem::new(Code::NotFound, "PARTNER_NOT_FOUND"),
        Error::PartnerExists => Problem::new(Code::AlreadyExists, "PARTNER_EXISTS"),
        Error::AgreementNotFound => Problem::new(Code::NotFound, "AGREEMENT_NOT_FOUND"),
        Error::AgreementEnded => Problem::new(Code::FailedPrecondition, "AGREEMENT_ENDED"),
        Error::DayInThePast => Problem::new(Code::InvalidArgument, "DAY_IN_THE_PAST").field(
            "ended_on",
            "DAY_IN_THE_PAST",
            "today or later",
        ),
        Error::Faults(faults) => faults.iter().fold(
            Problem::new(Code::InvalidArgument, "AGREEMENT_INVALID"),
            |problem, fault| problem.field(fault.field, fault.reason, fault.instead),
        ),
        Error::ClientLinkedElsewhere => Problem::new(Code::FailedPrecondition, "CLIENT_LINKED_ELSEWHERE"),
        Error::Malformed {
            field,
            reason,
            instead,
        } => Problem::new(Code::InvalidArgument, "REQUEST_MALFORMED").field(*field, *reason, *instead),
        Error::Store(_)
        | Error::ClientNotLinked
        | Error::ScopeTaken
        | Error::NoTerms(_)
        | Error::VerificationNotFound
        | Error::RedemptionNotFound
        | Error::Sale(_)
        | Error::AlreadyRedeemed
        | Error::ReferenceUsed
        | Error::LimitReached
        | Error::KeyReused
        | Error::KeyBusy => return None,
    };
    Some(problem.message(error.to_string()))
}
