//! Whether a link may still be used, without using it. Expired, used, voided and never issued look alike.

use crate::context::Context;
use crate::error::Error;
use crate::secrets::hash_of_token;
use crate::store::links::{self, Link};

pub(crate) async fn inspect_link(context: &Context, token: &str) -> Result<bool, Error> {
    Ok(usable_link(context, token).await?.is_some())
}

/// The link of a token while it may be used.
pub(crate) async fn usable_link(context: &Context, token: &str) -> Result<Option<Link>, Error> {
    let found = links::by_token(&mut *context.pool.acquire().await?, &hash_of_token(token)).await?;
    Ok(found.filter(|link| link.life.is_usable(context.now())))
}
