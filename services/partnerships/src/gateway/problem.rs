//! Refusals as RFC 9457 problem documents, and the one conversion from [`Error`] to them. A stable reason and a fixed sentence; no cause, no host, no
//! statement, no value of the request. The log has the chain.

use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{self, HeaderName, HeaderValue};
use serde::Serialize;

use super::{Response, response};
use crate::domain::book::NoTerms;
use crate::domain::sale::SaleRefused;
use crate::error::Error;

/// One kind of refusal: its status, its reason and what it is called.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) status: StatusCode,
    pub(super) reason: &'static str,
    pub(super) title: &'static str,
}

/// Every kind. The description lists the same.
pub(super) mod kind {
    use hyper::StatusCode;

    use super::Kind;

    macro_rules! kinds {
        ($($name:ident = $status:ident, $title:literal;)+) => {
            $(pub(crate) const $name: Kind = Kind {
                status: StatusCode::$status,
                reason: stringify!($name),
                title: $title,
            };)+
            #[cfg(test)]
            pub(crate) const ALL: &[&Kind] = &[$(&$name,)+];
        };
    }

    kinds! {
        BODY_MALFORMED = BAD_REQUEST, "The body is not the JSON object of the description.";
        BODY_NOT_EXPECTED = BAD_REQUEST, "This request has no body.";
        IDEMPOTENCY_KEY_INVALID = BAD_REQUEST, "One Idempotency-Key of 1 to 255 visible characters is needed.";
        QUERY_NOT_ACCEPTED = BAD_REQUEST, "The address takes no query.";
        TOKEN_REFUSED = UNAUTHORIZED, "The access token is missing or not believed.";
        NOT_PERMITTED = FORBIDDEN, "The access token does not permit this.";
        CLIENT_NOT_LINKED = FORBIDDEN, "The client speaks for no partner.";
        AGREEMENT_NOT_IN_FORCE = FORBIDDEN, "No agreement was in force on that day.";
        ROUTE_UNKNOWN = NOT_FOUND, "There is nothing at this address.";
        VERIFICATION_NOT_FOUND = NOT_FOUND, "There is no such verification.";
        REDEMPTION_NOT_FOUND = NOT_FOUND, "There is no such redemption.";
        METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED, "This address takes another method.";
        BODY_TOO_SLOW = REQUEST_TIMEOUT, "The body did not arrive in time.";
        VERIFICATION_NOT_VALID = CONFLICT, "The verification did not find the card valid.";
        ALREADY_REDEEMED = CONFLICT, "A redemption of this verification stands already.";
        PARTNER_REFERENCE_USED = CONFLICT, "A redemption with this partner_reference stands already.";
        LIMIT_REACHED = CONFLICT, "The agreement's limit of sales is reached.";
        TOLD_TOO_LATE = CONFLICT, "The sale is older than 24 hours.";
        ALREADY_CANCELLED = CONFLICT, "The redemption was cancelled before.";
        CANCELLED_TOO_LATE = CONFLICT, "The redemption is older than 24 hours.";
        IDEMPOTENCY_KEY_BUSY = CONFLICT, "A request with this Idempotency-Key is being worked on.";
        LENGTH_REQUIRED = LENGTH_REQUIRED, "Send Content-Length and no Transfer-Encoding.";
        BODY_TOO_LARGE = PAYLOAD_TOO_LARGE, "The body is larger than 16 KiB.";
        CONTENT_TYPE = UNSUPPORTED_MEDIA_TYPE, "The body must be application/json in UTF-8.";
        FIELDS_REFUSED = UNPROCESSABLE_ENTITY, "A field cannot be taken.";
        REDUCTION_DIFFERS = UNPROCESSABLE_ENTITY, "The reduction is not the one that the agreement gives.";
        IDEMPOTENCY_KEY_REUSED = UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request.";
        QUOTA_EXCEEDED = TOO_MANY_REQUESTS, "The partner's quota is used up for now.";
        INTERNAL = INTERNAL_SERVER_ERROR, "Something went wrong on our side.";
        TRY_AGAIN = SERVICE_UNAVAILABLE, "Try again in a moment.";
    }
}

/// A field that cannot be taken: where, why, what to send.
#[derive(Debug, Serialize)]
pub(super) struct FieldError {
    /// JSON Pointer into the body.
    pub(super) pointer: &'static str,
    pub(super) reason: &'static str,
    pub(super) detail: &'static str,
}

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Problem {
    kind: &'static Kind,
    errors: Vec<FieldError>,
    /// The platform's reduction, when the partner's differs.
    expected_reduction: Option<String>,
    retry_after: Option<Duration>,
    /// What the address takes, when it was another method.
    allow: Option<&'static str>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    reason: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reduction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
}

/// How long to wait when a dependency is away.
const PAUSE: Duration = Duration::from_secs(5);

impl Problem {
    pub(super) fn new(kind: &'static Kind) -> Self {
        let pauses = *kind == kind::TRY_AGAIN || *kind == kind::IDEMPOTENCY_KEY_BUSY;
        Self {
            kind,
            errors: Vec::new(),
            expected_reduction: None,
            retry_after: pauses.then_some(PAUSE),
            allow: None,
        }
    }

    pub(super) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(super) fn other_method(allow: &'static str) -> Self {
        Self {
            allow: Some(allow),
            ..Self::new(&kind::METHOD_NOT_ALLOWED)
        }
    }

    pub(super) fn field(pointer: &'static str, reason: &'static str, detail: &'static str) -> Self {
        Self::fields(vec![FieldError {
            pointer,
            reason,
            detail,
        }])
    }

    pub(super) fn fields(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(&kind::FIELDS_REFUSED)
        }
    }

    pub(super) fn into_response(self) -> Response {
        let document = Document {
            r#type: format!(
                "urn:tadamon:problem:{}",
                self.kind.reason.to_ascii_lowercase().replace('_', "-")
            ),
            title: self.kind.title,
            status: self.kind.status.as_u16(),
            reason: self.kind.reason,
            errors: self.errors,
            expected_reduction: self.expected_reduction,
            trace_id: trace_id(),
        };
        let body = serde_json::to_vec(&document).expect("a document of texts is JSON");
        let mut response = response(self.kind.status, "application/problem+json", body);
        let headers = response.headers_mut();
        if let Some(methods) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(methods));
        }
        if let Some(wait) = self.retry_after {
            // Whole seconds, and never 0: that would invite at once.
            let seconds = wait.as_secs().max(1);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer error=\"invalid_token\""),
            );
        }
        if matches!(
            self.kind.status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::LENGTH_REQUIRED | StatusCode::PAYLOAD_TOO_LARGE
        ) {
            // The rest of the body is not read: the connection cannot be used again.
            headers.insert(
                HeaderName::from_static("connection"),
                HeaderValue::from_static("close"),
            );
        }
        response
    }
}

fn trace_id() -> Option<String> {
    let traceparent = platform::telemetry::traceparent()?;
    traceparent.split('-').nth(1).map(str::to_owned)
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        match error {
            Error::ScopeTaken => Self::new(&kind::NOT_PERMITTED),
            Error::ClientNotLinked => Self::new(&kind::CLIENT_NOT_LINKED),
            Error::NoTerms(NoTerms::NoAgreement) => Self::new(&kind::AGREEMENT_NOT_IN_FORCE),
            Error::NoTerms(NoTerms::OfferUnknown) => {
                Self::field("/offer_code", "OFFER_UNKNOWN", "an offer of the agreement")
            }
            Error::NoTerms(NoTerms::CounterUnknown) => {
                Self::field("/counter_code", "COUNTER_UNKNOWN", "a counter of the agreement")
            }
            Error::VerificationNotFound => Self::new(&kind::VERIFICATION_NOT_FOUND),
            Error::RedemptionNotFound => Self::new(&kind::REDEMPTION_NOT_FOUND),
            Error::AlreadyRedeemed => Self::new(&kind::ALREADY_REDEEMED),
            Error::ReferenceUsed => Self::new(&kind::PARTNER_REFERENCE_USED),
            Error::LimitReached => Self::new(&kind::LIMIT_REACHED),
            Error::KeyReused => Self::new(&kind::IDEMPOTENCY_KEY_REUSED),
            Error::KeyBusy => Self::new(&kind::IDEMPOTENCY_KEY_BUSY),
            Error::Sale(refused) => sale(*refused),
            Error::Store(_)
            | Error::Idempotency(_)
            | Error::FactsUnknown
            | Error::CodesTooOften(_)
            | Error::PartnerNotFound
            | Error::PartnerExists
            | Error::AgreementNotFound
            | Error::AgreementEnded
            | Error::DayInThePast
            | Error::Faults(_)
            | Error::ClientLinkedElsewhere
            | Error::Malformed { .. } => ours(error),
        }
    }
}

fn sale(refused: SaleRefused) -> Problem {
    match refused {
        SaleRefused::NotVerified => Problem::new(&kind::VERIFICATION_NOT_VALID),
        SaleRefused::OutsideAnswer => Problem::field(
            "/occurred_at",
            "OUTSIDE_ANSWER",
            "between the verification and its valid_until",
        ),
        SaleRefused::InFuture => Problem::field("/occurred_at", "IN_FUTURE", "not after the present"),
        SaleRefused::ToldTooLate => Problem::new(&kind::TOLD_TOO_LATE),
        SaleRefused::GrossIsNothing => Problem::field("/gross_amount", "AMOUNT_INVALID", "more than 0.00"),
        SaleRefused::ReductionDiffers(expected) => Problem {
            expected_reduction: Some(expected.to_string()),
            ..Problem::new(&kind::REDUCTION_DIFFERS)
        },
        SaleRefused::AlreadyCancelled => Problem::new(&kind::ALREADY_CANCELLED),
        SaleRefused::CancelledTooLate => Problem::new(&kind::CANCELLED_TOO_LATE),
    }
}

/// What is ours to mend: the log has the chain, the partner learns whether to try again.
fn ours(error: &Error) -> Problem {
    let transient = error.is_transient();
    let mut chain = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    if transient {
        tracing::warn!(error = chain, "a dependency is away");
        Problem::new(&kind::TRY_AGAIN)
    } else {
        tracing::error!(error = chain, "request failed");
        Problem::new(&kind::INTERNAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_reason_with_its_status_and_no_other() {
        let description: serde_json::Value = serde_json::from_str(crate::OPENAPI).unwrap();
        let listed = &description["components"]["schemas"]["Problem"]["properties"]["reason"]["enum"];
        let mut listed: Vec<&str> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r.as_str().unwrap())
            .collect();
        let mut ours: Vec<&str> = kind::ALL.iter().map(|kind| kind.reason).collect();
        listed.sort_unstable();
        ours.sort_unstable();
        assert_eq!(listed, ours);
    }
}
