//! Sweeps once an hour. Two replicas at once do no harm: what is gone is gone.

use std::time::Duration;

use platform::clock::Clock;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::storage::Storage;
use crate::use_cases::sweep_orphans::sweep_orphans;

const EVERY: Duration = Duration::from_hours(1);

pub(crate) async fn run(
    pool: PgPool,
    storage: Storage,
    clock: Clock,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut timer = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(timer.tick()).await.is_some() {
        match sweep_orphans(&pool, &storage, &clock).await {
            Ok(0) => {}
            Ok(removed) => tracing::warn!(removed, "objects without a row were removed"),
            Err(error) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::new(error)),
                "the sweep is tried again in an hour"
            ),
        }
    }
    Ok(())
}
