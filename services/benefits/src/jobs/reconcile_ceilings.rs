//! Every quarter of an hour: compares each ceiling's counter with the lines that it sums. It mends nothing: a difference means that a
//! transaction wrote one without the other, and which of them is right is for a person to find.

use std::sync::LazyLock;
use std::time::Duration;

use platform::metrics::{Alone, registered};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::use_cases::reconcile_ceilings::reconcile_ceilings;

const EVERY: Duration = Duration::from_secs(900);

static DIFFERING: LazyLock<Family<Alone, Gauge>> = LazyLock::new(|| {
    registered(
        "ceilings_differing",
        "Counters of ceilings that were not the sum of their lines at the last comparison",
        None,
        Family::default(),
    )
});

/// Works until `shutdown`. A failed run is told in the log and made up for by the next one.
///
/// # Errors
/// None; the type fits the process's tasks.
pub(crate) async fn run(pool: PgPool, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
        match reconcile_ceilings(&pool).await {
            Ok(differing) => {
                DIFFERING.get_or_create(&Alone {}).set(i64::try_from(differing)?);
            }
            Err(error) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::from(error)),
                "ceilings were not compared"
            ),
        }
    }
    Ok(())
}
