//! Client credentials with a secret (RFC 6749, client_secret_basic): a token of five minutes for a partner, of one for an application. Wrong secrets are
//! counted per client and network address, and per address, and too many are told to wait; a right one never is, since others may stand behind the
//! same address and nobody guesses 256 random bits. Without Redis they are not counted.

use std::time::Duration;

use auth::token::{Claims, sign};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;

use super::count_address::{address_key, is_shared};
use super::issue_client_token::{ClientToken, Refusal, asked_scopes};
use crate::context::Context;
use crate::domain::client::ClientKind;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::clients::{self, Client};

/// One address may get this many times more wrong over all clients than for one of them.
const OVER_ALL_CLIENTS: u32 = 10;
/// Longer than any client id of ours.
const LONGEST_CLIENT_ID: usize = 64;
/// Longer than any secret of ours.
const LONGEST_SECRET: usize = 256;

/// Who asks, from where.
#[derive(Debug)]
pub(crate) struct SecretCredentials<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) client_address: &'a str,
}

/// A token for a client that proves itself. `None` of an audience asks for the client's own.
pub(crate) async fn issue_secret_token(
    context: &Context,
    credentials: &SecretCredentials<'_>,
    scope: &str,
    audience: Option<&str>,
) -> Result<ClientToken, Refusal> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let client = prove(context, &mut tx, credentials).await?;
    let scopes = match granted(&client, scope, audience) {
        Ok(scopes) => scopes,
        Err(refusal) => {
            // The secret was used all the same: a rotation must not count on nobody having it.
            tx.commit().await.map_err(Error::from)?;
            return Err(refusal);
        }
    };
    let line = AuditEntry {
        record_kind: "client_token",
        record_id: uuid_v7(now),
        actor: &Actor {
            kind: client.kind.as_str().to_owned(),
            id: client.client_id.clone(),
        },
        action: "token_issued",
        fields: &["scopes"],
        reason: Some(&client.audience),
        at: now,
    };
    audit::record(&mut tx, line).await.map_err(Error::from)?;
    tx.commit().await.map_err(Error::from)?;

    let claims = match client.kind {
        ClientKind::Partner => Claims::partner(&client.client_id, scopes.clone(), now),
        ClientKind::App => Claims::app(&client.client_id, scopes.clone(), &client.audience, now),
    };
    Ok(ClientToken {
        access_token: sign(&context.signing_key, &claims),
        expires_in: claims.exp - claims.iat,
        scopes,
    })
}

fn granted(client: &Client, scope: &str, audience: Option<&str>) -> Result<Vec<String>, Refusal> {
    if audience.is_some_and(|audience| audience != client.audience) {
        return Err(Refusal::InvalidTarget);
    }
    asked_scopes(scope, &client.scopes).ok_or(Refusal::InvalidScope)
}

/// Whether the credentials are a client's, for a grant that no client has: nothing is made.
pub(crate) async fn is_client(context: &Context, credentials: &SecretCredentials<'_>) -> Result<(), Refusal> {
    let mut tx = context.begin().await?;
    prove(context, &mut tx, credentials).await?;
    // That the secret was used stays.
    tx.commit().await.map_err(Error::from)?;
    Ok(())
}

async fn prove(
    context: &Context,
    conn: &mut sqlx::PgConnection,
    credentials: &SecretCredentials<'_>,
) -> Result<Client, Refusal> {
    let SecretCredentials {
        client_id, secret, ..
    } = *credentials;
    let plausible = client_id.len() <= LONGEST_CLIENT_ID && secret.len() <= LONGEST_SECRET;
    let found = if plausible {
        clients::by_secret(conn, client_id, &hash_of_token(secret), context.now()).await?
    } else {
        None
    };
    match found {
        Some(client) => Ok(client),
        None => {
            refuse_guesser(context, credentials).await?;
            note_wrong_secret(context, credentials).await;
            Err(Refusal::InvalidClient)
        }
    }
}

/// The two counts of a wrong secret: what is counted, for whom, and how many are let through.
fn counts(context: &Context, credentials: &SecretCredentials<'_>) -> Vec<(&'static str, String, u32)> {
    if is_shared(context, credentials.client_address) {
        return Vec::new();
    }
    let limit = context.settings.oauth.wrong_secrets;
    let address = address_key(context, credentials.client_address);
    let pair = format!("{address}:{}", credentials.client_id);
    vec![
        (
            "wrong-secret-client",
            context.secrets.limit_key("identity.client-guess", &pair),
            limit,
        ),
        (
            "wrong-secret-address",
            address,
            limit.saturating_mul(OVER_ALL_CLIENTS),
        ),
    ]
}

async fn refuse_guesser(context: &Context, credentials: &SecretCredentials<'_>) -> Result<(), Refusal> {
    for (what, who, limit) in counts(context, credentials) {
        match context.redis.is_used_up(what, &who, limit).await {
            Ok(Some(wait)) => return Err(Refusal::SlowDown(wait)),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "wrong client secrets are not counted while Redis is away");
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn note_wrong_secret(context: &Context, credentials: &SecretCredentials<'_>) {
    let window = Duration::from_secs(u64::from(context.settings.oauth.wrong_secrets_minutes) * 60);
    for (what, who, limit) in counts(context, credentials) {
        match context
            .redis
            .count(what, &who, limit.saturating_sub(1), window)
            .await
        {
            Ok(Some(_)) => tracing::warn!(what, "somebody guesses client secrets; the address waits"),
            Ok(None) => {}
            // Said already when it was asked.
            Err(_) => return,
        }
    }
}
