//! The language in which the person wants messages. Setting it twice changes nothing.

use kernel::{AccountId, Locale};
use platform::audit::{self, Actor, AuditEntry};

use crate::context::Context;
use crate::error::Error;
use crate::store::accounts;

pub(crate) async fn set_locale(
    context: &Context,
    caller: AccountId,
    actor: &Actor,
    locale: Locale,
) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    accounts::set_locale(&mut tx, caller, locale).await?;
    let line = AuditEntry {
        record_kind: "account",
        record_id: caller.as_uuid(),
        actor,
        action: "locale_set",
        fields: &["locale"],
        reason: None,
        at: now,
    };
    audit::record(&mut tx, line).await?;
    tx.commit().await?;
    Ok(())
}
