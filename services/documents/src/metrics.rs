//! What an operator watches of the papers: how long the oldest one has waited for the malware scanner. No agent opens it until then.

use std::sync::LazyLock;

use async_trait::async_trait;
use chrono::TimeDelta;
use platform::clock::Clock;
use platform::metrics::{Alone, Observer, registered};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use sqlx::PgPool;

use crate::store::documents;

static OLDEST: LazyLock<Family<Alone, Gauge>> = LazyLock::new(|| {
    registered(
        "papers_not_scanned_oldest_age_seconds",
        "How long the oldest paper has waited for the malware scanner; 0 when none does, and where no scanner is set",
        None,
        Family::default(),
    )
});

/// The papers in the service's database that wait for the scanner.
#[derive(Clone, Debug)]
pub(crate) struct NotScannedObserver {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    /// Whether a scanner is set: where none is, nothing waits for one.
    pub(crate) scans: bool,
}

#[async_trait]
impl Observer for NotScannedObserver {
    async fn observe(&self) -> anyhow::Result<()> {
        let mut conn = self.pool.acquire().await?;
        let oldest = documents::oldest_not_scanned(&mut conn).await?;
        let age = oldest
            .filter(|_| self.scans)
            .map_or(TimeDelta::zero(), |came| self.clock.now() - came);
        OLDEST.get_or_create(&Alone {}).set(age.num_seconds().max(0));
        Ok(())
    }

    fn forget(&self) {
        OLDEST.clear();
    }
}
