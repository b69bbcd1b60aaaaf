//! The brakes on guessing, shared by whatever checks a password: the growing wait per login and device (Postgres), and the block of a network
//! address that gets many accounts wrong (Redis). Unknown logins are braked like known ones.

use std::time::Duration;

use sqlx::PgConnection;
use uuid::Uuid;

use super::count_address::{address_key, is_shared};
use crate::context::Context;
use crate::domain::lockout::{self, Attempt};
use crate::error::Error;
use crate::store::sign_in_failures::{self, STRANGERS};

/// Counts an attempt before the password is looked at, so that parallel guesses gain nothing; refuses one that comes too early.
pub(crate) async fn claim_attempt(context: &Context, login: &[u8], device: Uuid) -> Result<(), Error> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let stored = sign_in_failures::locked(&mut tx, login, device, now).await?;
    match lockout::attempt(stored, now) {
        Attempt::Wait { until } => {
            tx.rollback().await?;
            Err(Error::SlowDown(until - now))
        }
        Attempt::Allowed(failures) => {
            sign_in_failures::save(&mut tx, login, device, failures).await?;
            tx.commit().await?;
            if lockout::is_worth_a_warning(failures.count) {
                tracing::warn!(
                    attempt = failures.count,
                    stranger = device == STRANGERS,
                    "wrong passwords for one login today"
                );
            }
            Ok(())
        }
    }
}

/// The password was right: the count of this device begins anew.
pub(crate) async fn forgive(conn: &mut PgConnection, login: &[u8], device: Uuid) -> Result<(), Error> {
    sign_in_failures::forget(conn, login, device).await
}

/// Refuses an address that got too many accounts wrong. A known browser behind it is not asked.
pub(crate) async fn refuse_blocked(context: &Context, client_address: &str) -> Result<(), Error> {
    if is_shared(context, client_address) {
        return Ok(());
    }
    let key = address_key(context, client_address);
    match context.redis.blocked_for(&key).await? {
        Some(wait) => Err(Error::SlowDown(
            chrono::Duration::from_std(wait).unwrap_or_default(),
        )),
        None => Ok(()),
    }
}

/// Notes that an address got this login wrong.
pub(crate) async fn note_failure(context: &Context, client_address: &str, login: &[u8]) -> Result<(), Error> {
    if is_shared(context, client_address) {
        return Ok(());
    }
    let settings = &context.settings.sign_in;
    let key = address_key(context, client_address);
    let hours = |count: u32| Duration::from_secs(u64::from(count) * 3600);
    let window = hours(settings.spray_window_hours);
    let login = hex::encode(login);
    let logins = context
        .redis
        .note_failure(
            &key,
            &login,
            settings.spray_accounts,
            window,
            hours(settings.spray_block_hours),
        )
        .await?;
    if logins >= u64::from(settings.spray_accounts) {
        tracing::warn!(
            attempt = logins,
            "one address got many logins wrong; it is blocked for a while"
        );
    }
    Ok(())
}
