//! Refusals that a caller can act upon: a gRPC status with a stable reason, the fields that were wrong and whether to try again, as `google.rpc`
//! details. The edge turns a reason into a sentence; the text here is safe to show and holds no personal value.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::db;

/// Namespace of our reasons in `google.rpc.ErrorInfo`.
const DOMAIN: &str = "tadamon";

/// Builds a refusal.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    reason: &'static str,
    message: String,
    fields: Vec<FieldViolation>,
    retry_after: Option<Duration>,
}

impl Problem {
    /// `reason` is `UPPER_SNAKE_CASE` and never changes its meaning.
    #[must_use]
    pub fn new(code: Code, reason: &'static str) -> Self {
        Self {
            code,
            reason,
            message: reason.to_lowercase().replace('_', " "),
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// A sentence for developers and logs; no personal value.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Names a wrong field, the stable reason and what to type instead.
    #[must_use]
    pub fn field(
        mut self,
        field: impl Into<String>,
        reason: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        let mut violation = FieldViolation::new(field, description);
        violation.reason = reason.into();
        self.fields.push(violation);
        self
    }

    /// Trying again after this long may help.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// The status to answer.
    #[must_use]
    pub fn into_status(self) -> Status {
        let mut details = ErrorDetails::with_error_info(self.reason, DOMAIN, HashMap::new());
        if !self.fields.is_empty() {
            details.set_bad_request(self.fields);
        }
        if self.retry_after.is_some() {
            details.set_retry_info(self.retry_after);
        }
        Status::with_error_details(self.code, self.message, details)
    }
}

impl From<Problem> for Status {
    fn from(problem: Problem) -> Self {
        problem.into_status()
    }
}

/// The answer for what nobody foresaw: the log has the chain, the caller a generic text.
#[must_use]
pub fn internal(error: &(dyn std::error::Error + 'static)) -> Status {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(error = chain, "request failed");
    Problem::new(Code::Internal, "INTERNAL")
        .message("something went wrong on our side")
        .into_status()
}

/// A dependency that is away: trying again may help.
#[must_use]
pub fn unavailable(error: &(dyn std::error::Error + 'static)) -> Status {
    tracing::warn!(error = %error, "a dependency is away");
    db::count_timeout(error);
    Problem::new(Code::Unavailable, "TRY_AGAIN")
        .message("try again in a moment")
        .retry_after(Duration::from_secs(5))
        .into_status()
}

/// Whether a database error may pass by itself: connection, pool, lock, serialisation, shutdown, a driver's own trouble. What speaks of our
/// statement or of a value in a row does not pass.
#[must_use]
pub fn is_transient_database_error(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => database.code().is_some_and(|code| {
            // 08 connection, 40 rollback (deadlock, serialisation), 53 resources, 55 lock, 57 intervention.
            ["08", "40", "53", "55", "57"]
                .iter()
                .any(|class| code.starts_with(class))
        }),
        sqlx::Error::Configuration(_)
        | sqlx::Error::InvalidArgument(_)
        | sqlx::Error::RowNotFound
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::Migrate(_) => false,
        // The driver may add kinds: what we do not know is tried again rather than given up.
        _ => true,
    }
}

/// The stable reason of a refusal.
#[must_use]
pub fn reason(status: &Status) -> Option<String> {
    status
        .get_details_error_info()
        .filter(|info| info.domain == DOMAIN)
        .map(|info| info.reason)
}

/// A field that a callee refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub reason: String,
    pub message: String,
}

/// The fields that were wrong.
#[must_use]
pub fn fields(status: &Status) -> Vec<Field> {
    status.get_details_bad_request().map_or_else(Vec::new, |bad| {
        bad.field_violations
            .into_iter()
            .map(|violation| Field {
                name: violation.field,
                reason: violation.reason,
                message: violation.description,
            })
            .collect()
    })
}

/// How long to wait before trying again.
#[must_use]
pub fn retry_after(status: &Status) -> Option<Duration> {
    status.get_details_retry_info().and_then(|info| info.retry_delay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_carries_reason_fields_and_delay_over_the_wire() {
        let status = Problem::new(Code::InvalidArgument, "FORM_REFUSED")
            .field("cin", "CIN_FORMAT", "one or two letters, then digits")
            .retry_after(Duration::from_secs(3))
            .into_status();
        assert_eq!(reason(&status).as_deref(), Some("FORM_REFUSED"));
        assert_eq!(fields(&status)[0].reason, "CIN_FORMAT");
        assert_eq!(retry_after(&status), Some(Duration::from_secs(3)));
    }
}
