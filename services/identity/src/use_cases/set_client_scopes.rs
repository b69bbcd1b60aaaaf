//! Other scopes for a client. Tokens that are out keep theirs until they end, or until the service that believes them hears of it. A repetition finds
//! them so.

use platform::audit::{self, Actor, AuditEntry};

use crate::context::Context;
use crate::error::Error;
use crate::events::published;
use crate::store::clients;

/// `scopes` were checked, sorted, each once.
pub(crate) async fn set_client_scopes(
    context: &Context,
    actor: &Actor,
    client_id: &str,
    scopes: Vec<String>,
) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let client = clients::locked(&mut tx, client_id)
        .await?
        .ok_or(Error::ClientNotFound)?;
    if client.disabled_at.is_some() {
        return Err(Error::ClientDisabled);
    }
    if client.scopes == scopes {
        return Ok(());
    }
    let version = clients::set_scopes(&mut tx, client.id, &scopes).await?;
    let event = published::client_changed(
        now,
        client.id,
        version,
        &client.client_id,
        client.kind,
        &scopes,
        false,
    );
    bus::enqueue(&mut tx, event).await?;
    let line = AuditEntry {
        record_kind: "client",
        record_id: client.id,
        actor,
        action: "client_scopes_set",
        fields: &["scopes"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(())
}
