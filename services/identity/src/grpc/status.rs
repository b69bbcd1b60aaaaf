//! From our errors to what a caller is told: a stable reason and a safe text. The chain goes to the log.

use platform::status::{Problem, internal, unavailable};
use tonic::{Code, Status};

use crate::error::Error;

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        let refuse = |code, reason| Problem::new(code, reason).into_status();
        match error {
            Error::Fields(fields) => {
                let problem = Problem::new(Code::InvalidArgument, "FORM_REFUSED");
                fields
                    .into_iter()
                    .fold(problem, |problem, wrong| {
                        problem.field(wrong.field, wrong.reason, wrong.message)
                    })
                    .into_status()
            }
            Error::RobotProofRefused => refuse(Code::InvalidArgument, "ROBOT_PROOF_REFUSED"),
            Error::SignInRefused => refuse(Code::Unauthenticated, "SIGN_IN_REFUSED"),
            Error::SlowDown(wait) => {
                let problem = Problem::new(Code::ResourceExhausted, "SLOW_DOWN");
                // Rounded up to the second, so that coming back after it is never too early.
                let seconds = u64::try_from((wait.num_milliseconds() + 999) / 1000).unwrap_or(1);
                problem
                    .retry_after(std::time::Duration::from_secs(seconds.max(1)))
                    .into_status()
            }
            Error::LinkNotUsable => refuse(Code::NotFound, "LINK_NOT_USABLE"),
            Error::DeliveryNotFound => refuse(Code::NotFound, "DELIVERY_NOT_FOUND"),
            Error::SessionEnded => refuse(Code::NotFound, "SESSION_ENDED"),
            Error::SessionNotFound => refuse(Code::NotFound, "SESSION_NOT_FOUND"),
            Error::AccountNotFound => refuse(Code::NotFound, "ACCOUNT_NOT_FOUND"),
            Error::AdministratorExists => refuse(Code::FailedPrecondition, "ADMINISTRATOR_EXISTS"),
            Error::LoginTaken => refuse(Code::FailedPrecondition, "LOGIN_TAKEN"),
            Error::OwnAccount => refuse(Code::FailedPrecondition, "OWN_ACCOUNT"),
            Error::RoleEnded => refuse(Code::PermissionDenied, "NOT_PERMITTED"),
            Error::AgentNotFound => refuse(Code::NotFound, "AGENT_NOT_FOUND"),
            Error::AgentDisabled => refuse(Code::FailedPrecondition, "AGENT_DISABLED"),
            Error::MemberNotFound => refuse(Code::NotFound, "MEMBER_NOT_FOUND"),
            Error::MemberIsAnAgent => refuse(Code::FailedPrecondition, "MEMBER_IS_AN_AGENT"),
            Error::MembershipFirst => refuse(Code::FailedPrecondition, "MEMBERSHIP_FIRST"),
            Error::SecondAgentNeeded => refuse(Code::FailedPrecondition, "SECOND_AGENT_NEEDED"),
            Error::OperatorNeeded => refuse(Code::FailedPrecondition, "OPERATOR_NEEDED"),
            Error::MemberHasAddress => refuse(Code::FailedPrecondition, "MEMBER_HAS_ADDRESS"),
            Error::SecondFactorNotAsked => refuse(Code::FailedPrecondition, "SECOND_FACTOR_NOT_ASKED"),
            Error::SecondFactorEnrolled => refuse(Code::FailedPrecondition, "SECOND_FACTOR_ENROLLED"),
            Error::SecondFactorNotEnrolled => refuse(Code::FailedPrecondition, "SECOND_FACTOR_NOT_ENROLLED"),
            Error::SecondFactorRefused => refuse(Code::Unauthenticated, "SECOND_FACTOR_REFUSED"),
            Error::ActivationRefused => refuse(Code::Unauthenticated, "ACTIVATION_REFUSED"),
            Error::ClientNameTaken => refuse(Code::AlreadyExists, "CLIENT_NAME_TAKEN"),
            Error::ClientNotFound => refuse(Code::NotFound, "CLIENT_NOT_FOUND"),
            Error::ClientDisabled => refuse(Code::FailedPrecondition, "CLIENT_DISABLED"),
            Error::BadPageToken => refuse(Code::InvalidArgument, "PAGE_TOKEN_INVALID"),
            Error::UnknownAudience => refuse(Code::InvalidArgument, "AUDIENCE_UNKNOWN"),
            Error::TermsVersionChanged => refuse(Code::FailedPrecondition, "TERMS_VERSION_CHANGED"),
            Error::Idempotency(refused) => refused
                .to_problem()
                .map_or_else(|| internal(&refused), Problem::into_status),
            transient if transient.is_transient() => unavailable(&transient),
            other @ (Error::Busy
            | Error::Database(_)
            | Error::Redis(_)
            | Error::Membership(_)
            | Error::Crypto(_)
            | Error::Puzzle(_)
            | Error::Hash(_)
            | Error::Unreadable(_)
            | Error::Terms(_)) => internal(&other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::status::{fields, reason, retry_after};

    #[test]
    fn each_refusal_has_its_reason() {
        for (error, code, expected) in [
            (
                Error::RobotProofRefused,
                Code::InvalidArgument,
                "ROBOT_PROOF_REFUSED",
            ),
            (Error::SignInRefused, Code::Unauthenticated, "SIGN_IN_REFUSED"),
            (Error::LinkNotUsable, Code::NotFound, "LINK_NOT_USABLE"),
            (Error::SessionEnded, Code::NotFound, "SESSION_ENDED"),
            (
                Error::TermsVersionChanged,
                Code::FailedPrecondition,
                "TERMS_VERSION_CHANGED",
            ),
            (Error::Busy, Code::Unavailable, "TRY_AGAIN"),
            (Error::Unreadable("x"), Code::Internal, "INTERNAL"),
        ] {
            let status = Status::from(error);
            assert_eq!(
                (status.code(), reason(&status).as_deref()),
                (code, Some(expected))
            );
        }
    }

    #[test]
    fn a_wait_is_rounded_up_to_the_second() {
        let status = Status::from(Error::SlowDown(chrono::Duration::milliseconds(1200)));
        assert_eq!(retry_after(&status), Some(std::time::Duration::from_secs(2)));
    }

    #[test]
    fn what_nobody_foresaw_says_nothing_of_its_cause() {
        let status = Status::from(Error::Unreadable("accounts.locale"));
        assert!(!status.message().contains("locale") && fields(&status).is_empty());
    }
}
