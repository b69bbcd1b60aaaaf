//! A member takes a sent file back before a decision. It stays in the history; what it had reserved of a ceiling is given back.

use kernel::ApplicationId;

use super::view::View;
use super::{Asker, Office, RequestKey, audit_line, ceilings};
use crate::domain::application::Impossible;
use crate::error::Error;
use crate::events::published;
use crate::store::applications;

/// # Errors
/// For a draft, a decided file, and what is not the asker's. A file that was withdrawn before is answered as it is.
pub(crate) async fn withdraw_application(
    office: &Office,
    asker: &Asker,
    request: &RequestKey,
    id: ApplicationId,
) -> Result<View, Error> {
    let mut tx = office.pool.begin().await?;
    if let Some(done) = request.claim(office, &mut tx, asker).await? {
        return office.replay(&mut tx, asker, done).await;
    }

    let key = office.key_of(&mut tx, asker).await?;
    let Some(application) = applications::own_locked(&mut tx, &key, asker.member, id).await? else {
        tx.rollback().await?;
        return Err(office.not_yours(asker, id).await);
    };

    let withdrawn = match application.clone().withdrawn(asker.now) {
        Ok(withdrawn) => withdrawn,
        Err(Impossible::Withdrawn) => {
            request.complete(&mut tx, asker, id).await?;
            let view = office.view_of(&mut tx, &key, asker, application).await?;
            tx.commit().await?;
            return Ok(view);
        }
        Err(impossible) => return Err(impossible.into()),
    };

    applications::save_withdrawn(&mut tx, &withdrawn).await?;
    ceilings::release(&mut tx, id, asker.now).await?;
    audit_line(&mut tx, asker, id, "withdrawn", &["state"]).await?;
    let benefit = office.catalogue.get(&withdrawn.benefit);
    bus::enqueue(&mut tx, published::withdrawn(&withdrawn, benefit, asker)).await?;
    request.complete(&mut tx, asker, id).await?;
    let view = office.view_of(&mut tx, &key, asker, withdrawn).await?;
    tx.commit().await?;
    office.wake.now();
    Ok(view)
}
