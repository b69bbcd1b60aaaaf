//! `POST /partner/v1/verifications`: is this card good for this offer, and for how long.

use chrono::SecondsFormat;
use hyper::body::Incoming;
use hyper::{HeaderMap, StatusCode};
use kernel::VerificationId;
use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, Span};

use super::body;
use super::problem::{FieldError, Problem, kind};
use super::{Asked, Gateway, Response, Unanswered, response};
use crate::domain::agreement::is_code;
use crate::domain::book::Scope;
use crate::domain::card_code::CardCode;
use crate::use_cases::verify_card::{Answer, Check};

/// The body. Never printed: it holds a code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    code: String,
    offer_code: String,
    counter_code: String,
}

/// It is in its span while it works, and not while it waits: a connection turns several times until a check is answered, and entering the span each
/// time was a twelfth of what the service does for it.
pub(super) async fn verify(
    gateway: &Gateway,
    span: &Span,
    headers: &HeaderMap,
    body: Incoming,
) -> Result<Response, Problem> {
    let client = span.in_scope(|| gateway.believe(headers, Scope::Verify))?;
    let counted = match gateway.counted_now(&client) {
        Some(counted) => counted,
        None => gateway.counted_for(&client).instrument(span.clone()).await,
    };
    let check = match read(client, headers, body).await {
        Ok(check) => check,
        // What is no check is counted too, by itself.
        Err(problem) => {
            gateway
                .take(Scope::Verify, &counted)
                .instrument(span.clone())
                .await?;
            return Err(problem);
        }
    };
    let asked = Asked {
        check,
        counted: counted.clone(),
    };
    let answer = match gateway.checks.ask(asked).await {
        Some(Ok(answer)) => answer,
        Some(Err(why)) => return Err(span.in_scope(|| why.problem())),
        None => return Err(Unanswered::BrokenOff.problem()),
    };
    if answer.valid.is_none() {
        gateway
            .quota
            .note_refused(&counted)
            .instrument(span.clone())
            .await;
    }
    Ok(render(&answer))
}

impl Unanswered {
    fn problem(self) -> Problem {
        match self {
            Self::BeyondQuota(wait) => Problem::new(&kind::QUOTA_EXCEEDED).retry_after(wait),
            Self::Failed(error) => Problem::from(error.as_ref()),
            Self::BrokenOff => Problem::new(&kind::INTERNAL),
        }
    }
}

async fn read(client: String, headers: &HeaderMap, body: Incoming) -> Result<Check, Problem> {
    let body: Body = body::read(headers, body).await?;
    let mut errors = codes(&body.offer_code, &body.counter_code);
    let code = CardCode::parse(&body.code);
    if code.is_none() {
        errors.insert(
            0,
            FieldError {
                pointer: "/code",
                reason: "CODE_MALFORMED",
                detail: "ten characters of 0-9 and A-Z",
            },
        );
    }
    let code = code
        .filter(|_| errors.is_empty())
        .ok_or_else(|| Problem::fields(errors))?;
    Ok(Check {
        client,
        code,
        offer_code: body.offer_code,
        counter_code: body.counter_code,
    })
}

/// Codes that cannot be those of an agreement.
fn codes(offer: &str, counter: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !is_code(offer) {
        errors.push(FieldError {
            pointer: "/offer_code",
            reason: "OFFER_UNKNOWN",
            detail: "an offer of the agreement",
        });
    }
    if !is_code(counter) {
        errors.push(FieldError {
            pointer: "/counter_code",
            reason: "COUNTER_UNKNOWN",
            detail: "a counter of the agreement",
        });
    }
    errors
}

/// As the description has it: what follows the id is told of a valid card only.
#[derive(Serialize)]
struct Document<'a> {
    result: &'static str,
    verification_id: VerificationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
}

fn render(answer: &Answer) -> Response {
    let valid = answer.valid.as_ref();
    let percent = valid.map(|valid| valid.percent.to_string());
    let document = Document {
        result: if valid.is_some() { "valid" } else { "not_valid" },
        verification_id: answer.verification,
        category: valid.map(|valid| valid.category.as_str()),
        percent: percent.as_deref().map(|percent| percent.trim_end_matches('%')),
        valid_until: valid.map(|valid| valid.until.to_rfc3339_opts(SecondsFormat::Secs, true)),
    };
    let text = serde_json::to_vec(&document).expect("texts are JSON");
    response(StatusCode::OK, "application/json", text)
}
