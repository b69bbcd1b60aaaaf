//! `POST /partner/v1/verifications`: is this card good for this offer, and for how long.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::SecondsFormat;
use serde::Deserialize;
use serde_json::json;

use super::Gateway;
use super::body;
use super::problem::{FieldError, Problem, kind};
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
    let client = gateway.admit(request.headers(), Scope::Verify).await?;
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
    let check = Check {
        client: client.clone(),
        code,
        offer_code: body.offer_code,
        counter_code: body.counter_code,
    };
    let answer = gateway
        .checks
        .ask(check)
        .await
        .ok_or_else(|| Problem::new(&kind::INTERNAL))?
        .map_err(|error| Problem::from(error.as_ref()))?;
    if answer.valid.is_none() {
        let counted = gateway.counted_for(&client).await;
        gateway.quota.note_refused(&counted).await;
    }
    Ok(answer)
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

fn render(answer: &Answer) -> Response {
    let document = match &answer.valid {
        Some(valid) => json!({
            "result": "valid",
            "verification_id": answer.verification,
            "category": valid.category.as_str(),
            "percent": valid.percent.to_string().trim_end_matches('%'),
            "valid_until": valid.until.to_rfc3339_opts(SecondsFormat::Secs, true),
        }),
        None => json!({ "result": "not_valid", "verification_id": answer.verification }),
    };
    let mut response = (StatusCode::OK, document.to_string()).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
