//! Asks the scanner every minute about papers that it has not seen. Two replicas at once do no harm: the rows decide who scans what.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::use_cases::rescan::Rescan;

const EVERY: Duration = Duration::from_mins(1);

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
    }
    Ok(())
}
