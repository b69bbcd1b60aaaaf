//! Every hour: forgets what nobody needs any more. Runs on every replica that plays the role; deleting twice deletes once.

use std::time::Duration;

use chrono::TimeDelta;
use platform::clock::Clock;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::use_cases::sweep::{Forgotten, sweep};

const EVERY: Duration = Duration::from_secs(3600);

/// Works until `shutdown`. A failed run is told in the log and made up for by the next one.
///
/// # Errors
/// None; the type fits the process's tasks.
pub(crate) async fn run(
    pool: PgPool,
    clock: Clock,
    check_life: TimeDelta,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        match sweep(&pool, clock.now(), check_life).await {
            Ok(forgotten) if forgotten == Forgotten::default() => {}
            Ok(Forgotten {
                codes,
                checks,
                requests,
            }) => tracing::info!(codes, checks, requests, "what nobody needs is forgotten"),
            Err(error) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::from(error)),
                "nothing was forgotten"
            ),
        }
    }
    Ok(())
}
