//! Closes an agent's account for good: no password, no link, no second factor, no session. A token that is out dies within a minute. A repetition
//! finds it closed.

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};

use super::manage_agent::{Manager, lock_agent};
use crate::context::Context;
use crate::domain::agent::parse_closing_reason;
use crate::error::Error;
use crate::store::{agents, devices, links, second_factors, sessions};

pub(crate) async fn disable_agent(
    context: &Context,
    manager: Manager,
    actor: &Actor,
    id: AccountId,
    reason: &str,
) -> Result<(), Error> {
    let reason = parse_closing_reason(reason).map_err(Error::field)?;
    let now = context.now();
    let mut tx = context.begin().await?;
    if lock_agent(&mut tx, manager, id).await?.disabled {
        return Ok(());
    }
    agents::disable(&mut tx, id, now).await?;
    links::void_open(&mut tx, id, now).await?;
    second_factors::forget(&mut tx, id).await?;
    devices::forget_others(&mut tx, id, None).await?;
    sessions::end_others(&mut tx, id, None).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: id.as_uuid(),
        actor,
        action: "agent_disabled",
        fields: &["disabled", "password", "second_factor", "sessions"],
        reason: Some(reason),
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(())
}
