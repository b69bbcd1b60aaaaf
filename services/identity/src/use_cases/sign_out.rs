//! Ends the session of a token, at once. A session that is no longer there is signed out already.

use platform::audit::{self, Actor, AuditEntry};

use crate::context::Context;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::sessions;

pub(crate) async fn sign_out(context: &Context, token: &str) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    if let Some((_, account)) = sessions::end_by_token(&mut tx, &hash_of_token(token)).await? {
        let line = AuditEntry {
            record_kind: "account",
            record_id: account.as_uuid(),
            actor: &Actor {
                kind: "account".to_owned(),
                id: account.to_string(),
            },
            action: "signed_out",
            fields: &["sessions"],
            reason: None,
            at: now,
        };
        audit::record(&mut tx, line).await?;
    }
    tx.commit().await?;
    Ok(())
}
