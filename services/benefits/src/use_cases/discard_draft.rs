//! A member throws a draft away: the answers are destroyed, the trail keeps that it existed.

use kernel::ApplicationId;

use super::{Asker, Office, RequestKey, audit_line};
use crate::error::Error;
use crate::store::applications;

/// # Errors
/// For a sent file, which is withdrawn instead, and for what is not the asker's.
pub(crate) async fn discard_draft(
    office: &Office,
    asker: &Asker,
    request: &RequestKey,
    id: ApplicationId,
) -> Result<(), Error> {
    let mut tx = office.pool.begin().await?;
    if request.claim(office, &mut tx, asker).await?.is_some() {
        return Ok(());
    }

    let key = office.key_of(&mut tx, asker).await?;
    let Some(draft) = applications::own_locked(&mut tx, &key, asker.member, id).await? else {
        tx.rollback().await?;
        return Err(office.not_yours(asker, id).await);
    };

    draft.stage().must_be_draft()?;

    applications::delete_draft(&mut tx, &draft).await?;
    audit_line(&mut tx, asker, id, "discarded", &[]).await?;
    request.complete(&mut tx, asker, id).await?;
    tx.commit().await?;
    Ok(())
}
