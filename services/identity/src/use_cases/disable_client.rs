//! No token for this client any more. Those that are out end by themselves, or earlier where the service that believes them hears of it. A repetition
//! finds it disabled.

use platform::audit::{self, Actor, AuditEntry};

use crate::context::Context;
use crate::error::Error;
use crate::events::published;
use crate::store::clients;

pub(crate) async fn disable_client(context: &Context, actor: &Actor, client_id: &str) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let client = clients::locked(&mut tx, client_id)
        .await?
        .ok_or(Error::ClientNotFound)?;
    if client.disabled_at.is_some() {
        return Ok(());
    }
    let version = clients::disable(&mut tx, client.id, now).await?;
    let event = published::client_changed(
        now,
        client.id,
        version,
        &client.client_id,
        client.kind,
        &client.scopes,
        true,
    );
    bus::enqueue(&mut tx, event).await?;
    let line = AuditEntry {
        record_kind: "client",
        record_id: client.id,
        actor,
        action: "client_disabled",
        fields: &["disabled", "secret"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(())
}
