//! Sweeps once an hour. Two replicas at once do no harm: what is gone is gone.

use std::time::Duration;

use paper_store::Store;
use platform::clock::Clock;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::use_cases::sweep_orphans::{Swept, sweep_orphans};

const EVERY: Duration = Duration::from_hours(1);

pub(crate) async fn run(
    pool: PgPool,
    storage: Store,
    clock: Clock,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let mut timer = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(timer.tick()).await.is_some() {
        match sweep_orphans(&pool, &storage, &clock).await {
            Ok(Swept::Removed(0)) => {}
            Ok(Swept::Removed(removed)) => tracing::warn!(removed, "objects without a row were removed"),
            Ok(Swept::Refused { orphans, looked_at }) => tracing::error!(
                orphans,
                looked_at,
                "so many objects have no row that the database must be at fault; none was removed"
            ),
            Err(error) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::new(error)),
                "the sweep is tried again in an hour"
            ),
        }
    }
    Ok(())
}
