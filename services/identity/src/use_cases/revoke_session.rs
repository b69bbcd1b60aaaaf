//! Ends one of the caller's own sessions. Somebody else's is not found, like one that never was.

use kernel::{AccountId, SessionId};
use platform::audit::{self, Actor, AuditEntry};

use crate::context::Context;
use crate::error::Error;
use crate::store::sessions;

pub(crate) async fn revoke_session(
    context: &Context,
    caller: AccountId,
    actor: &Actor,
    id: SessionId,
) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    if !sessions::end(&mut tx, caller, id).await? {
        return Err(Error::SessionNotFound);
    }
    let line = AuditEntry {
        record_kind: "account",
        record_id: caller.as_uuid(),
        actor,
        action: "session_revoked",
        fields: &["sessions"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(())
}
