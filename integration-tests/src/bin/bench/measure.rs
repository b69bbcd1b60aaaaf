//! Generators of load and what is kept of it: every sample, so that any quantile can be taken later.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// Times of one round.
#[derive(Debug, Default, Clone)]
pub(crate) struct Latencies(Vec<Duration>);

impl From<Vec<Duration>> for Latencies {
    fn from(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }
}

impl Latencies {
    /// Milliseconds below which this part of the samples lies; 0 without samples.
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a position among samples"
        )]
        let at = (part * last as f64).round() as usize;
        self.0.get(at).map_or(0.0, |sample| sample.as_secs_f64() * 1e3)
    }

    pub(crate) fn p50(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Quantiles, and the histogram: from each upper bound in microseconds, growing by a tenth, to how many samples lie under it and above the former.
    pub(crate) fn to_json(&self) -> Value {
        let mut buckets = Vec::new();
        let (mut bound, mut at) = (1.0_f64, 0);
        while at < self.0.len() {
            let until = self
                .0
                .partition_point(|sample| sample.as_secs_f64() * 1e6 <= bound);
            if until > at {
                buckets.push(json!([bound.round(), until - at]));
            }
            at = until;
            bound *= 1.1;
        }
        json!({
            "count": self.0.len(),
            "p50_ms": self.p50(),
            "p90_ms": self.quantile(0.9),
            "p99_ms": self.quantile(0.99),
            "p999_ms": self.quantile(0.999),
            "max_ms": self.quantile(1.0),
            "histogram_us": buckets,
        })
    }
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        even if even % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

/// So many in so long, a second.
#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
pub(crate) fn per_second(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64()
}

/// Each caller makes its calls one after the other; what is given is calls a second of all together, and their times. Calls are numbered from 0.
pub(crate) async fn closed_loop<F, R>(callers: usize, each: usize, call: F) -> Result<(f64, Latencies)>
where
    F: Fn(usize, usize) -> R + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send,
{
    let (call, barrier) = (Arc::new(call), Arc::new(Barrier::new(callers + 1)));
    let mut running = JoinSet::new();
    for caller in 0..callers {
        let (call, barrier) = (Arc::clone(&call), Arc::clone(&barrier));
        running.spawn(async move {
            barrier.wait().await;
            let mut times = Vec::with_capacity(each);
            for number in caller * each..(caller + 1) * each {
                let start = Instant::now();
                call(caller, number).await?;
                times.push(start.elapsed());
            }
            anyhow::Ok(times)
        });
    }
    barrier.wait().await;
    let start = Instant::now();
    let mut times = Vec::with_capacity(callers * each);
    while let Some(ended) = running.join_next().await {
        times.extend(ended.context("a caller")??);
    }
    let rate = per_second(times.len(), start.elapsed());
    Ok((rate, times.into()))
}

/// Calls that come by chance, so many a second on average, whether or not earlier ones were answered. A call gives its own time.
pub(crate) async fn open_loop<F, R>(rate: f64, count: usize, call: F) -> Result<Latencies>
where
    F: Fn(usize) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Duration>> + Send + 'static,
{
    // The same arrivals in every run.
    let mut chance = StdRng::seed_from_u64(7);
    let mut running = JoinSet::new();
    let mut next = tokio::time::Instant::now();
    for number in 0..count {
        let part: f64 = chance.random();
        next += Duration::from_secs_f64(-(1.0 - part).ln() / rate);
        tokio::time::sleep_until(next).await;
        running.spawn(call(number));
    }
    let mut times = Vec::with_capacity(count);
    while let Some(ended) = running.join_next().await {
        times.push(ended.context("a call")??);
    }
    Ok(times.into())
}
