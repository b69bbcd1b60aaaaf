//! Removes what is of no more use: ended sessions, addresses of expired links, old links, requests and printed codes, forgotten browsers, yesterday's
//! failures, used assertions, secrets whose overlap ended.
//! Takes no input and may run at any time, on any replica.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::error::Error;
use crate::store::{
    account_requests, activation_codes, client_assertions, clients, desk_identifications, devices, links,
    notices, sessions, sign_in_failures,
};

/// Closed requests and links are kept this many days, for questions of the people who asked for them.
const KEPT_DAYS: i64 = 7;
/// The longest life of a printed code, and the week of questions after it.
const CODES_DAYS: i64 = 37;
/// The longest wait of the lock-out ends with its day.
const FAILURES_DAYS: i64 = 2;

/// How many rows went, for the log.
pub(crate) async fn sweep(context: &Context) -> Result<u64, Error> {
    let now = context.now();
    let old = now - chrono::Duration::days(KEPT_DAYS);
    let mut conn = context.pool.acquire().await?;
    let mut gone =
        sessions::delete_ended(&mut conn, now, now - context.settings.session.times().idle).await?;
    links::forget_addresses(&mut conn, now).await?;
    gone += links::delete_before(&mut conn, old).await?;
    gone += notices::delete_before(&mut conn, old).await?;
    gone += desk_identifications::delete_before(&mut conn, old).await?;
    gone += account_requests::delete_before(&mut conn, old).await?;
    gone += devices::delete_expired(&mut conn, now).await?;
    gone += sign_in_failures::delete_before(&mut conn, now - chrono::Duration::days(FAILURES_DAYS)).await?;
    gone += client_assertions::delete_expired(&mut conn, now).await?;
    gone += clients::delete_expired_secrets(&mut conn, now).await?;
    // Printed codes live for days themselves: an old one is of no use whatever its setting.
    gone += activation_codes::delete_before(&mut conn, now - chrono::Duration::days(CODES_DAYS)).await?;
    Ok(gone)
}

/// Sweeps on a timer until shutdown. A failure waits for the next turn.
pub(crate) async fn run(context: &Context, shutdown: &CancellationToken) {
    let every = Duration::from_secs(u64::from(context.settings.sweep.every_seconds));
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        match sweep(context).await {
            Ok(rows) => tracing::debug!(rows, "swept"),
            Err(error) => tracing::warn!(error = %error, "sweeping failed; again later"),
        }
    }
}
