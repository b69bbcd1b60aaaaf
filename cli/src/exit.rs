//! Exit codes of the command line, after `sysexits.h`: 0 all good, 2 done with findings, 64 usage, 65 refused, 69 a service is away,
//! 70 anything else (`doctor` alone: 0, 1 and 2, as it says itself). One line on standard error says what to do.

use std::process::ExitCode;

use platform::status::{fields, reason};
use tonic::{Code, Status};

const FINDINGS: u8 = 2;
const USAGE: u8 = 64;
const REFUSED: u8 = 65;
const UNAVAILABLE: u8 = 69;
const SOFTWARE: u8 = 70;

/// Why a command did not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// The command was called wrongly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: USAGE,
            message: message.into(),
        }
    }

    /// The input or the caller was refused; nothing was applied.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self {
            code: REFUSED,
            message: message.into(),
        }
    }

    /// A service does not answer; trying again may help.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self {
            code: UNAVAILABLE,
            message: message.into(),
        }
    }

    /// What the answer of a service means to whoever typed the command: wrong input names its fields, an absent service may be asked again.
    pub(crate) fn of_call(service: &str, what: &str, status: &Status) -> Self {
        let why = reason(status).unwrap_or_else(|| format!("{:?}", status.code()));
        match status.code() {
            Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::PermissionDenied
            | Code::Unauthenticated => {
                let wrong: Vec<String> = fields(status)
                    .into_iter()
                    .map(|field| format!("{} {}: {}", field.name, field.reason, field.message))
                    .collect();
                let wrong = if wrong.is_empty() { why } else { wrong.join(", ") };
                Self::refused(format!("{service} refused {what} [{wrong}]"))
            }
            _ => Self::unavailable(format!("{service} does not answer [{why}]; try again")),
        }
    }

    /// For a command that goes on with what else it can do.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Says it in one line and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("tadamon: {}", self.message);
        ExitCode::from(self.code)
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> u8 {
        self.code
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self {
            code: SOFTWARE,
            message: format!("{error:#}"),
        }
    }
}

/// Done, but some lines were not good.
pub(crate) fn with_findings() -> ExitCode {
    ExitCode::from(FINDINGS)
}

/// Help and version are no error; everything else that the parser refuses is.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let asked_for_help = !error.use_stderr();
    // A closed pipe cannot be told about itself.
    let _printed = error.print();
    if asked_for_help {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(USAGE)
    }
}

/// One thread is enough for a client; TLS gets its one provider here.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.map_err(|error| Failure::from(anyhow::Error::from(error).context("no runtime")))
}

#[cfg(test)]
mod tests {
    use platform::status::Problem;

    use super::*;

    #[test]
    fn wrong_fields_are_named_and_an_absence_is_another_code() {
        let wrong = Problem::new(Code::InvalidArgument, "FORM_REFUSED")
            .field("roles", "ROLES_EXCLUDE_EACH_OTHER", "exclusive")
            .into_status();
        let failure = |status| Failure::of_call("identity", "the agent", &status);
        let refused = failure(wrong);
        assert_eq!(refused.code(), 65);
        assert!(
            refused
                .message
                .contains("roles ROLES_EXCLUDE_EACH_OTHER: exclusive")
        );
        assert_eq!(failure(Status::not_found("x")).code(), 65);
        assert_eq!(failure(Status::already_exists("x")).code(), 65);
        assert_eq!(failure(Status::failed_precondition("taken")).code(), 65);
        assert_eq!(failure(Status::unavailable("x")).code(), 69);
    }
}
