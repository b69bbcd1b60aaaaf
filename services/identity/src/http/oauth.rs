//! `POST /oauth2/token` (RFC 6749, section 4.4): parameters in, token or error document out. Two ways to prove a client: private_key_jwt (the
//! clients of the settings) and client_secret_basic (those of the table). No other grant; a secret never in the address or the body.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde_json::json;

use super::basic::{self, Basic};
use crate::context::Context;
use crate::use_cases::issue_client_token::{ClientToken, Refusal, TokenRequest, issue_client_token};
use crate::use_cases::issue_secret_token::{SecretCredentials, is_client, issue_secret_token};

const GRANT: &str = "client_credentials";
/// Grants of the standard that no client of ours has: its own client is told so, anybody else that they are not known here.
const OTHER_GRANTS: [&str; 4] = ["authorization_code", "password", "refresh_token", "implicit"];
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
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    if let Some(query) = query {
        // Addresses stand in logs of proxies and histories of browsers: a secret that was there is a secret no more.
        if query.contains("client_secret") || query.contains("client_assertion") {
            tracing::warn!("a client put its secret into the address; it should be rotated");
        }
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let Some(parameters) = form.ok().and_then(|Form(pairs)| once(pairs)) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let basic = match basic::read(&headers) {
        Ok(basic) => basic,
        Err(basic::Malformed) => return refuse(StatusCode::UNAUTHORIZED, "invalid_client"),
    };
    match basic {
        Some(basic) => {
            let proxies = context.settings.oauth.trusted_proxies;
            let ip = platform::http::client_ip(peer.ip(), &headers, proxies);
            by_secret(&context, ip, &basic, &parameters).await
        }
        None => by_assertion(&context, &parameters).await,
    }
}

type Parameters = HashMap<String, String>;

/// client_secret_basic. Naming a second way to prove oneself is against the standard.
async fn by_secret(context: &Context, ip: IpAddr, basic: &Basic, parameters: &Parameters) -> Response {
    let get = |name: &str| parameters.get(name).map(String::as_str);
    let second = get("client_assertion").is_some() || get("client_secret").is_some();
    let Some(grant) = get("grant_type").filter(|_| !second) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if get("client_id").is_some_and(|id| id != basic.client_id) {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let credentials = SecretCredentials {
        client_id: &basic.client_id,
        secret: &basic.secret,
        client_address: &network(ip),
    };
    if grant != GRANT {
        return match is_client(context, &credentials).await {
            Ok(()) if OTHER_GRANTS.contains(&grant) => refuse(StatusCode::BAD_REQUEST, "unauthorized_client"),
            Ok(()) => refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Err(refusal) => refused(refusal),
        };
    }
    let scope = get("scope").unwrap_or_default();
    match issue_secret_token(context, &credentials, scope, get("audience")).await {
        Ok(token) => issued(&token),
        Err(refusal) => refused(refusal),
    }
}

/// private_key_jwt.
async fn by_assertion(context: &Context, parameters: &Parameters) -> Response {
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
    match issue_client_token(context, request).await {
        Ok(token) => issued(&token),
        Err(refusal) => refused(refusal),
    }
}

/// Whose wrong secrets are counted together: an address, or the network of which somebody with IPv6 has all addresses.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The form's parameters; `None` when it names one twice, which RFC 6749 forbids.
fn once(pairs: Vec<(String, String)>) -> Option<Parameters> {
    let count = pairs.len();
    let parameters: Parameters = pairs.into_iter().collect();
    (parameters.len() == count).then_some(parameters)
}

fn issued(token: &ClientToken) -> Response {
    answer(
        StatusCode::OK,
        json!({
            "access_token": token.access_token,
            "token_type": "Bearer",
            "expires_in": token.expires_in,
            "scope": token.scopes.join(" "),
        }),
    )
}

fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::InvalidClient => refuse(StatusCode::UNAUTHORIZED, "invalid_client"),
        Refusal::InvalidScope => refuse(StatusCode::BAD_REQUEST, "invalid_scope"),
        Refusal::InvalidTarget => refuse(StatusCode::BAD_REQUEST, "invalid_target"),
        Refusal::SlowDown(wait) => {
            let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "slow_down");
            let seconds = wait.as_secs().saturating_add(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Refusal::Failed(error) => {
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

fn refuse(status: StatusCode, reason: &'static str) -> Response {
    let mut response = answer(status, json!({ "error": reason }));
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"tadamon\""),
        );
    }
    response
}

fn answer(status: StatusCode, body: serde_json::Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_ipv6_network_are_one_and_an_ipv4_address_is_itself() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
    }
}
