//! Records that the caller accepts the current version of the terms. Accepting twice keeps the first date.

use kernel::AccountId;
use platform::audit::{self, Actor, AuditEntry};

use crate::context::Context;
use crate::error::Error;
use crate::store::terms_acceptances;

pub(crate) async fn accept_terms(
    context: &Context,
    caller: AccountId,
    actor: &Actor,
    version: &str,
) -> Result<(), Error> {
    let now = context.now();
    if context.terms.current(now).version() != version {
        return Err(Error::TermsVersionChanged);
    }
    let mut tx = context.begin().await?;
    if terms_acceptances::insert(&mut tx, caller, version, now).await? {
        let line = AuditEntry {
            record_kind: "account",
            record_id: caller.as_uuid(),
            actor,
            action: "terms_accepted",
            fields: &["terms"],
            reason: Some(version),
            at: now,
        };
        audit::record(&mut tx, line).await?;
    }
    tx.commit().await?;
    Ok(())
}
