//! Lets go of papers that were never sent, once an hour. Two replicas at once do no harm: the rows decide who deletes what.

use std::time::Duration;

use chrono::TimeDelta;
use paper_store::Store;
use platform::clock::Clock;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::use_cases::purge_drafts::purge_drafts;

const EVERY: Duration = Duration::from_hours(1);

pub(crate) async fn run(
    pool: PgPool,
    storage: Store,
    clock: Clock,
    life: TimeDelta,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut timer = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(timer.tick()).await.is_some() {
        match purge_drafts(&pool, &storage, clock.now(), life).await {
            Ok(0) => {}
            Ok(purged) => tracing::info!(purged, "papers that were never sent were deleted"),
            Err(error) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::new(error)),
                "papers that were never sent are deleted in an hour"
            ),
        }
    }
    Ok(())
}
