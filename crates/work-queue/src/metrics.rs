//! What an operator watches of the queues: how many jobs are open or dead, since when the oldest due one waits, how runs end.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use platform::clock::Clock;
use platform::metrics::{Buckets, Durations, Observer, registered};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Unit;
use sqlx::PgPool;

use crate::operate;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Run {
    queue: &'static str,
    outcome: &'static str,
}

static RUNS: LazyLock<Durations<Run>> = LazyLock::new(|| {
    registered(
        "job_run_duration",
        "How long runs of jobs took, by how they ended: done, again, dead, late",
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
});

/// A run ended.
pub(crate) fn ran(queue: &'static str, outcome: &'static str, took: Duration) {
    RUNS.get_or_create(&Run { queue, outcome })
        .observe(took.as_secs_f64());
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Standing {
    queue: String,
    state: &'static str,
}

static JOBS: LazyLock<Family<Standing, Gauge>> = LazyLock::new(|| {
    registered(
        "jobs",
        "Jobs that are not done, by state: queued, running, dead",
        None,
        Family::default(),
    )
});

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Queue {
    queue: String,
}

static OLDEST: LazyLock<Family<Queue, Gauge>> = LazyLock::new(|| {
    registered(
        "jobs_oldest_due_age_seconds",
        "Since when the oldest job that is due waits or runs; 0 when none is due",
        None,
        Family::default(),
    )
});

/// Queues that this process runs: shown with zeros when they have no row, for what scales by their age.
static RUN_HERE: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

pub(crate) fn runs(queue: &'static str) {
    RUN_HERE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(queue);
}

/// The jobs in a service's database.
#[derive(Clone, Debug)]
pub struct JobsObserver(pub PgPool);

#[async_trait]
impl Observer for JobsObserver {
    async fn observe(&self) -> anyhow::Result<()> {
        let mut conn = self.0.acquire().await?;
        let counts = operate::counts(&mut conn).await?;
        let now = Clock::system().now();
        JOBS.clear();
        OLDEST.clear();
        let run_here = RUN_HERE.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let none = run_here.into_iter().map(|queue| (queue.to_owned(), [0; 3], None));
        let found = counts
            .into_iter()
            .map(|row| (row.queue, [row.queued, row.running, row.dead], row.oldest_due));
        for (queue, counts, oldest_due) in none.chain(found) {
            for (state, count) in ["queued", "running", "dead"].into_iter().zip(counts) {
                let queue = queue.clone();
                JOBS.get_or_create(&Standing { queue, state }).set(count);
            }
            let age = oldest_due.map_or(0, |due| (now - due).num_seconds().max(0));
            OLDEST.get_or_create(&Queue { queue }).set(age);
        }
        Ok(())
    }

    fn forget(&self) {
        JOBS.clear();
        OLDEST.clear();
    }
}
