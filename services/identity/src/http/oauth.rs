//! `POST /oauth2/token` (RFC 6749, section 4.4, with private_key_jwt): parameters in, token or error document out. No other grant, no secret.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde_json::json;

use crate::context::Context;
use crate::use_cases::issue_client_token::{Refusal, TokenRequest, issue_client_token};

const GRANT: &str = "client_credentials";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An assertion is well under 2 KiB.
const LARGEST_BODY: usize = 16 * 1024;

pub(crate) fn router(context: Arc<Context>) -> Router {
    Router::new()
        .route("/oauth2/token", post(token))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(context)
}

async fn token(
    State(context): State<Arc<Context>>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let Some(parameters) = form.ok().and_then(|Form(pairs)| once(pairs)) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let get = |name: &str| parameters.get(name).map(String::as_str);
    if get("grant_type") != Some(GRANT) {
        let reason = if get("grant_type").is_none() {
            "invalid_request"
        } else {
            "unsupported_grant_type"
        };
        return refuse(StatusCode::BAD_REQUEST, reason);
    }
    let (Some(ASSERTION_TYPE), Some(assertion)) = (get("client_assertion_type"), get("client_assertion"))
    else {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    };
    let Some(audience) = get("audience") else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_target");
    };
    let request = TokenRequest {
        client_id: get("client_id"),
        assertion,
        scope: get("scope").unwrap_or_default(),
        audience,
    };
    match issue_client_token(&context, request).await {
        Ok(token) => answer(
            StatusCode::OK,
            json!({
                "access_token": token.access_token,
                "token_type": "Bearer",
                "expires_in": token.expires_in,
                "scope": token.scopes.join(" "),
            }),
        ),
        Err(Refusal::InvalidClient) => refuse(StatusCode::UNAUTHORIZED, "invalid_client"),
        Err(Refusal::InvalidScope) => refuse(StatusCode::BAD_REQUEST, "invalid_scope"),
        Err(Refusal::InvalidTarget) => refuse(StatusCode::BAD_REQUEST, "invalid_target"),
        Err(Refusal::Failed(error)) => {
            let transient = error.is_transient();
            tracing::error!(error = %error, cause = ?std::error::Error::source(&error).map(ToString::to_string), "no token was issued");
            if transient {
                refuse(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
            } else {
                refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
            }
        }
    }
}

/// The form's parameters; `None` when it names one twice, which RFC 6749 forbids.
fn once(pairs: Vec<(String, String)>) -> Option<HashMap<String, String>> {
    let count = pairs.len();
    let parameters: HashMap<String, String> = pairs.into_iter().collect();
    (parameters.len() == count).then_some(parameters)
}

fn refuse(status: StatusCode, reason: &'static str) -> Response {
    answer(status, json!({ "error": reason }))
}

fn answer(status: StatusCode, body: serde_json::Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
