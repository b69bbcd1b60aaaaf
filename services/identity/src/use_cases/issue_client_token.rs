//! Client credentials with private_key_jwt (RFC 7523): a client proves itself with an assertion signed by its own key and gets a token of at
//! most a minute for one service. Each assertion gives one token.

use auth::token::{Claims, sign, verify_json};
use chrono::{DateTime, Utc};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;
use serde::Deserialize;

use crate::config::ClientSettings;
use crate::context::Context;
use crate::domain::session;
use crate::error::Error;
use crate::store::client_assertions;

/// The `typ` of an assertion, so that no other signed token passes for one.
pub(crate) const ASSERTION_TYPE: &str = "client-authentication+jwt";
/// What the trust file must allow the client's key.
const ASSERTION_KIND: &str = "client_assertion";
/// Longest life of an assertion, in seconds.
const LONGEST_ASSERTION: i64 = 300;
/// How far two machines' clocks may differ, in seconds.
const LEEWAY: i64 = 5;
const LONGEST_JTI: usize = 128;

#[derive(Debug, Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    jti: String,
}

/// The request's parameters.
#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    pub(crate) client_id: Option<&'a str>,
    pub(crate) assertion: &'a str,
    /// Space-separated; empty asks for all that the client may have.
    pub(crate) scope: &'a str,
    pub(crate) audience: &'a str,
}

/// The token and what it may do.
#[derive(Debug)]
pub(crate) struct ClientToken {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
    pub(crate) scopes: Vec<String>,
}

/// A refusal in the words of RFC 6749 and 8707, or a failure of ours.
#[derive(Debug)]
pub(crate) enum Refusal {
    InvalidClient,
    InvalidScope,
    InvalidTarget,
    /// Too many wrong secrets.
    SlowDown(std::time::Duration),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(crate) async fn issue_client_token(
    context: &Context,
    request: TokenRequest<'_>,
) -> Result<ClientToken, Refusal> {
    let now = context.now();
    let assertion = believe(context, &request, now).ok_or(Refusal::InvalidClient)?;
    let client = context
        .settings
        .oauth
        .clients
        .get(&assertion.iss)
        .ok_or(Refusal::InvalidClient)?;
    let audience = session::audience(request.audience).ok_or(Refusal::InvalidTarget)?;
    let scopes = asked_scopes(request.scope, &allowed(context, client)).ok_or(Refusal::InvalidScope)?;

    let mut tx = context.begin().await?;
    let expires_at = DateTime::from_timestamp(assertion.exp + LEEWAY, 0).ok_or(Refusal::InvalidClient)?;
    if !client_assertions::take(&mut tx, &assertion.iss, &assertion.jti, expires_at).await? {
        return Err(Refusal::InvalidClient);
    }
    let line = AuditEntry {
        record_kind: "client_token",
        record_id: uuid_v7(now),
        actor: &Actor {
            kind: "app".to_owned(),
            id: assertion.iss.clone(),
        },
        action: "token_issued",
        fields: &["scopes"],
        reason: Some(audience),
        at: now,
    };
    audit::record(&mut tx, line).await.map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;

    let claims = Claims::app(&assertion.iss, scopes.clone(), audience, now);
    Ok(ClientToken {
        access_token: sign(&context.signing_key, &claims),
        expires_in: claims.exp - claims.iat,
        scopes,
    })
}

/// What the client may have here: the loader of demonstration data has its scope in a demonstration only.
fn allowed(context: &Context, client: &ClientSettings) -> Vec<String> {
    let demonstration = context.settings.common.demonstration.enabled;
    client
        .scopes
        .iter()
        .filter(|scope| demonstration || !scope.starts_with("demo."))
        .cloned()
        .collect()
}

/// The scopes of a request, each among those that the client has; all of them when it names none. `None`: one is foreign.
pub(crate) fn asked_scopes(asked: &str, has: &[String]) -> Option<Vec<String>> {
    let scopes: Vec<String> = asked.split_ascii_whitespace().map(str::to_owned).collect();
    if scopes.is_empty() {
        return Some(has.to_vec());
    }
    scopes.iter().all(|scope| has.contains(scope)).then_some(scopes)
}

/// Signature, type, owner, audience and dates; which of them failed is for the log only.
fn believe(context: &Context, request: &TokenRequest<'_>, now: DateTime<Utc>) -> Option<Assertion> {
    let verified =
        verify_json::<Assertion>(&context.trust, request.assertion, ASSERTION_TYPE, ASSERTION_KIND);
    let (owner, assertion) = verified
        .map_err(|error| tracing::info!(%error, "client assertion refused"))
        .ok()?;
    let now = now.timestamp();
    let named =
        assertion.iss == owner && assertion.sub == owner && request.client_id.is_none_or(|id| id == owner);
    let meant = assertion.aud == context.settings.oauth.token_url;
    let timely = assertion.iat - LEEWAY <= now
        && now < assertion.exp + LEEWAY
        && assertion.exp - assertion.iat <= LONGEST_ASSERTION;
    let numbered = (1..=LONGEST_JTI).contains(&assertion.jti.len());
    if !(named && meant && timely && numbered) {
        tracing::info!(named, meant, timely, numbered, "client assertion refused");
        return None;
    }
    Some(assertion)
}
