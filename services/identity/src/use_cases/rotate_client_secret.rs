//! Another secret for a client; the present one goes on for the overlap, those before it end now. A repetition makes one more in the place of the one
//! that nobody used: who lost the answer does not cut off the client.

use chrono::{DateTime, Duration, Utc};
use platform::audit::{self, Actor, AuditEntry};
use platform::ids::uuid_v7;

use super::create_client::new_secret;
use crate::context::Context;
use crate::domain::client::goes_on;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::clients;

/// The new secret, and until when the one before goes on.
pub(crate) struct RotatedSecret {
    pub(crate) secret: String,
    pub(crate) previous_until: DateTime<Utc>,
}

pub(crate) async fn rotate_client_secret(
    context: &Context,
    actor: &Actor,
    client_id: &str,
    overlap: Duration,
) -> Result<RotatedSecret, Error> {
    let now = context.now();
    let secret = new_secret();
    let mut tx = context.begin().await?;
    let client = clients::locked(&mut tx, client_id)
        .await?
        .ok_or(Error::ClientNotFound)?;
    if client.disabled_at.is_some() {
        return Err(Error::ClientDisabled);
    }
    let asked = now + overlap;
    let standing = clients::secrets(&mut tx, client.id).await?;
    let previous_until = match goes_on(&standing, asked, now) {
        Some((secret, until)) => {
            clients::keep_one_secret(&mut tx, client.id, secret, until).await?;
            until
        }
        None => asked,
    };
    clients::insert_secret(&mut tx, uuid_v7(now), client.id, &hash_of_token(&secret), now).await?;
    let line = AuditEntry {
        record_kind: "client",
        record_id: client.id,
        actor,
        action: "client_secret_rotated",
        fields: &["secret"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(RotatedSecret {
        secret,
        previous_until,
    })
}
