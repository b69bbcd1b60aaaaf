//! Makes an OAuth client and its secret, which is shown once. A repetition finds the name taken; a lost secret is replaced by rotating.

use platform::audit::{self, Actor, AuditEntry};
use platform::ids::{random, uuid_v7};

use crate::context::Context;
use crate::domain::client::NewClient;
use crate::error::Error;
use crate::events::published;
use crate::secrets::{hash_of_token, new_token};
use crate::store::clients;

/// Shows whoever finds it in a file or a log what it is, and scanners too.
const SECRET_PREFIX: &str = "tadamon_";

/// What the client's owner gets.
pub(crate) struct MadeClient {
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

pub(crate) async fn create_client(
    context: &Context,
    actor: &Actor,
    new: NewClient,
) -> Result<MadeClient, Error> {
    let now = context.now();
    let id = uuid_v7(now);
    let client_id = format!("{}-{}", new.kind.as_str(), hex::encode(random::<8>()));
    let secret = new_secret();
    let mut tx = context.begin().await?;
    if !clients::insert(&mut tx, id, &client_id, &new, now).await? {
        return Err(Error::ClientNameTaken);
    }
    clients::insert_secret(&mut tx, uuid_v7(now), id, &hash_of_token(&secret), now).await?;
    let event = published::client_changed(now, id, 1, &client_id, new.kind, &new.scopes, false);
    bus::enqueue(&mut tx, event).await?;
    let line = AuditEntry {
        record_kind: "client",
        record_id: id,
        actor,
        action: "client_created",
        fields: &["kind", "name", "scopes", "audience", "secret"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(MadeClient { client_id, secret })
}

/// 256 random bits.
pub(crate) fn new_secret() -> String {
    format!("{SECRET_PREFIX}{}", new_token())
}
