//! Facts on which money is decided are not old: what was written or asked within the bound is taken as it stands, else membership is asked, and
//! when it does not answer the decision waits. Asked before the transaction begins: no lock is held while another service thinks.

use kernel::ApplicationId;

use crate::error::Error;
use crate::events::on_member_changed::ask;
use crate::store::{member_facts, review_files};
use crate::use_cases::Office;

/// # Errors
/// [`Error::FactsNotFresh`] when membership cannot be asked; [`Error::NotFound`] for what is no file.
pub(super) async fn make_sure(office: &Office, id: ApplicationId) -> Result<(), Error> {
    let mut conn = office.pool.acquire().await?;
    let member = review_files::owner(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let now = office.clock.now();
    let known_at = member_facts::known_at(&mut conn, member).await?;
    if known_at.is_some_and(|at| now - at <= office.review.facts_fresh) {
        return Ok(());
    }
    drop(conn);
    let facts = ask(&office.members, vec![member.to_string()])
        .await
        .map_err(|error| Error::FactsNotFresh(Box::new(error)))?;
    let mut tx = office.pool.begin().await?;
    member_facts::upsert_newer(&mut tx, &facts).await?;
    member_facts::mark_checked(&mut tx, member, now).await?;
    Ok(tx.commit().await?)
}
