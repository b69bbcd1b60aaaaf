//! A member looks at one application of their own.

use kernel::ApplicationId;

use super::view::View;
use super::{Asker, Office};
use crate::error::Error;
use crate::store::applications;

/// # Errors
/// [`Error::NotFound`], also for another member's.
pub(crate) async fn get_application(
    office: &Office,
    asker: &Asker,
    id: ApplicationId,
) -> Result<View, Error> {
    let mut tx = office.pool.begin().await?;
    let key = office.key_of(&mut tx, asker).await?;
    let Some(application) = applications::own(&mut tx, &key, asker.member, id).await? else {
        tx.rollback().await?;
        return Err(office.not_yours(asker, id).await);
    };
    let view = office.view_of(&mut tx, &key, asker, application).await?;
    tx.commit().await?;
    Ok(view)
}
