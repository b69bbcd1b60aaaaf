//! Uses a link to set the password. The link is used once, so a repetition is refused.

use zeroize::Zeroizing;

use super::inspect_link::usable_link;
use super::own_matricule::refuse_own_matricule;
use super::store_password::{By, store_password};
use crate::context::Context;
use crate::error::Error;
use crate::store::{accounts, links};

pub(crate) async fn set_password(
    context: &Context,
    token: &str,
    password: Zeroizing<String>,
) -> Result<String, Error> {
    let link = usable_link(context, token).await?.ok_or(Error::LinkNotUsable)?;
    context
        .passwords
        .check(&password, "password")
        .map_err(Error::field)?;
    let mut conn = context.pool.acquire().await?;
    let account = accounts::by_id(&mut conn, link.account_id).await?;
    drop(conn);
    refuse_own_matricule(context, account.login_index.as_deref(), &password, "password")?;
    let hash = context.hasher.hash(password).await?;

    let now = context.now();
    let mut tx = context.begin().await?;
    accounts::lock(&mut tx, link.account_id).await?;
    if !links::use_up(&mut tx, link.id, now).await? {
        return Err(Error::LinkNotUsable);
    }
    let device_token = store_password(context, &mut tx, link.account_id, &hash, By::Link, now).await?;
    tx.commit().await?;
    context.wake.now();
    Ok(device_token)
}
