//! Forgets an agent's second factor and recovery codes, and ends their sessions: they enrol anew at the next sign-in. The same call again leaves what was
//! enrolled since, and where nothing is enrolled nothing changes.

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};
use platform::idempotency::{self, Claim, IdempotencyKey};

use super::manage_agent::{Manager, lock_open_agent};
use super::tell_agent::tell_agent;
use crate::context::Context;
use crate::error::Error;
use crate::store::{agents, second_factors, sessions};

/// The key that the caller drew, and the hash of what it was drawn for.
#[derive(Debug)]
pub(crate) struct ResetRequest {
    pub(crate) key: String,
    pub(crate) hash: [u8; 32],
}

pub(crate) async fn reset_second_factor(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    id: AccountId,
    request: &ResetRequest,
) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let key = IdempotencyKey {
        caller: &actor.id,
        method: "ResetSecondFactor",
        key: &request.key,
    };
    let claim = idempotency::claim(&mut tx, key, &request.hash, now).await?;
    if matches!(claim, Claim::Replay { .. }) {
        return Ok(());
    }
    let agent = lock_open_agent(&mut tx, manager, id).await?;
    idempotency::complete(&mut tx, key, id.as_uuid()).await?;
    if !second_factors::forget(&mut tx, id).await? {
        tx.commit().await?;
        return Ok(());
    }
    sessions::end_others(&mut tx, id, None).await?;
    let version = agents::next_version(&mut tx, id).await?;
    tell_agent(&mut tx, id, version, agent.email.is_some(), now).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "second_factor_reset",
        fields: &["second_factor", "sessions"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(())
}
