//! `POST /partner/v1/verifications`: is this card good for this offer, and for how long.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::SecondsFormat;
use kernel::VerificationId;
use serde::{Deserialize, Serialize};

use super::body;
use super::problem::{FieldError, Problem, kind};
use super::{Asked, Gateway, Unanswered};
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

pub(super) async fn verify(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    match answer(&gateway, request).await {
        Ok(answer) => render(&answer),
        Err(problem) => problem.into_response(),
    }
}

async fn answer(gateway: &Gateway, request: Request) -> Result<Answer, Problem> {
    let client = gateway.believe(request.headers(), Scope::Verify)?;
    let counted = gateway.counted_for(&client).await;
    let check = match read(client, request).await {
        Ok(check) => check,
        // What is no check is counted too, by itself.
        Err(problem) => {
            gateway.take(Scope::Verify, &counted).await?;
            return Err(problem);
        }
    };
    let asked = Asked {
        check,
        counted: counted.clone(),
    };
    let told = gateway.checks.ask(asked).await;
    let answer = told
        .unwrap_or(Err(Unanswered::BrokenOff))
        .map_err(|why| match why {
            Unanswered::BeyondQuota(wait) => Problem::new(&kind::QUOTA_EXCEEDED).retry_after(wait),
            Unanswered::Failed(error) => Problem::from(error.as_ref()),
            Unanswered::BrokenOff => Problem::new(&kind::INTERNAL),
        })?;
    if answer.valid.is_none() {
        gateway.quota.note_refused(&counted).await;
    }
    Ok(answer)
}

async fn read(client: String, request: Request) -> Result<Check, Problem> {
    let body: Body = body::read(request).await?;
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
    let mut response = (StatusCode::OK, text).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
