//! Limits per network address, an hour each. An address that many members share (a ministry's one way out) has none, in every one of them: it
//! would fall on all of them. It is named in the settings; whatever else limits a person or a login goes on there.

use std::time::Duration;

use crate::context::Context;
use crate::error::Error;

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// Counts one more of `what` from this address, unless many share it; refuses what is over the limit.
pub(crate) async fn count_address(
    context: &Context,
    what: &str,
    client_address: &str,
    limit: u32,
) -> Result<(), Error> {
    if is_shared(context, client_address) {
        return Ok(());
    }
    let address = address_key(context, client_address);
    count(context, what, &address, limit).await
}

/// Counts one more of `what` for somebody, who is a keyed hash already.
pub(crate) async fn count(context: &Context, what: &str, who: &str, limit: u32) -> Result<(), Error> {
    match context.redis.count(what, who, limit, HOUR).await? {
        Some(wait) => Err(Error::SlowDown(
            chrono::Duration::from_std(wait).unwrap_or_default(),
        )),
        None => Ok(()),
    }
}

/// An address as Redis knows it.
pub(crate) fn address_key(context: &Context, client_address: &str) -> String {
    context.secrets.limit_key("identity.address", client_address)
}

/// Whether many members may stand behind an address. One that the edge did not see is nobody's and everybody's.
pub(crate) fn is_shared(context: &Context, client_address: &str) -> bool {
    client_address.is_empty()
        || context
            .settings
            .sign_in
            .shared_addresses
            .iter()
            .any(|shared| shared == client_address)
}
