//! Asks the scanner every minute about papers that it has not seen. Two replicas at once do no harm: the rows decide who scans what.

use std::sync::LazyLock;
use std::time::Duration;

use platform::metrics::{Alone, registered};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use tokio_util::sync::CancellationToken;

use crate::use_cases::rescan::Rescan;

const EVERY: Duration = Duration::from_mins(1);

static OLDEST: LazyLock<Family<Alone, Gauge>> = LazyLock::new(|| {
    registered(
        "papers_not_scanned_oldest_age_seconds",
        "Since when the oldest paper waits for the malware scanner, at the last round; 0 when none does, and where no scanner is set",
        None,
        Family::default(),
    )
});

/// Where no scanner is set nothing waits for one.
pub(crate) fn without() {
    OLDEST.get_or_create(&Alone {}).set(0);
}

pub(crate) async fn run(rescan: Rescan, shutdown: CancellationToken) -> anyhow::Result<()> {
    let mut timer = tokio::time::interval(EVERY);
    while shutdown.run_until_cancelled(timer.tick()).await.is_some() {
        // A round may take long; what was taken when the process ends is free again in some minutes.
        match shutdown.run_until_cancelled(rescan.round()).await {
            None | Some(Ok(0)) => {}
            Some(Ok(scanned)) => {
                tracing::info!(scanned, "papers were scanned that had not been when they came")
            }
            Some(Err(error)) => tracing::warn!(
                error = format!("{:#}", anyhow::Error::new(error)),
                "papers that were not scanned are tried again in a minute"
            ),
        }
        match rescan.oldest_age().await {
            Ok(age) => {
                OLDEST.get_or_create(&Alone {}).set(age.num_seconds());
            }
            // An age that was not looked up is shown by nobody.
            Err(error) => {
                OLDEST.clear();
                tracing::warn!(
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "how long papers wait for the scanner was not looked up"
                );
            }
        }
    }
    Ok(())
}
