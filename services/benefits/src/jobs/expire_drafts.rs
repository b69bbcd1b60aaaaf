//! Every hour: takes idle drafts away. Runs on every replica that plays the role; the rows decide who does what.

use std::time::Duration;

use chrono::TimeDelta;
use platform::clock::Clock;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::use_cases::expire_drafts::expire_drafts;

const EVERY: Duration = Duration::from_secs(3600);

/// Works until `shutdown`. A failed run is told in the log and made up for by the next one.
///
/// # Errors
/// None; the type fits the process's tasks.
pub(crate) async fn run(
    pool: PgPool,
    clock: Clock,
    life: TimeDelta,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        match expire_drafts(&pool, clock.now(), life).await {
            Ok(0) => {}
            Ok(expired) => tracing::info!(expired, "idle drafts taken away"),
            Err(error) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::from(error)),
                "idle drafts were not taken away"
            ),
        }
    }
    Ok(())
}
