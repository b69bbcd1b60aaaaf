//! How much a partner may ask over all its clients (a client of nobody: for itself). Counted in Redis for all processes together; while Redis is away each process counts for itself, so that a check goes on
//! and the quota still bounds it. A counter that is lost lets in one window more, and a code has 50 bits and ten minutes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use platform::clock::Clock;

use crate::config::QuotaSettings;
use crate::store::redis::Redis;
use crate::together::Together;

/// How long Redis is left alone after it did not answer.
const REST: TimeDelta = TimeDelta::seconds(2);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Verifications,
    Redemptions,
    /// Checks that ended "not valid".
    Refused,
}

impl What {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Verifications => "verifications",
            Self::Redemptions => "redemptions",
            Self::Refused => "refused",
        }
    }

    const fn window(self) -> Duration {
        match self {
            Self::Verifications | Self::Redemptions => MINUTE,
            Self::Refused => HOUR,
        }
    }
}

/// Whether the client may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Within,
    /// How long until the window ends.
    Beyond(Duration),
}

/// The counters.
pub(crate) struct Quota {
    /// Those who come at the same time are counted together: one question to Redis for each client among them.
    counting: Together<(What, String), Verdict>,
    counters: Arc<Counters>,
}

struct Counters {
    redis: Redis,
    clock: Clock,
    limits: QuotaSettings,
    own: Mutex<Own>,
}

/// Requests that are counted together at most, and how many such questions are under way.
const BATCH: usize = 128;
const BATCHES: usize = 2;

/// What this process knows by itself.
#[derive(Default)]
struct Own {
    /// Redis is not asked before.
    away_until: Option<DateTime<Utc>>,
    counters: HashMap<(What, String), (DateTime<Utc>, u64)>,
    /// Clients that tried too many codes, and until when they wait.
    blocked: HashMap<String, DateTime<Utc>>,
}

impl Own {
    /// Counts one more in a window that begins with the first.
    fn count(&mut self, what: What, client: &str, now: DateTime<Utc>) -> (u64, Duration) {
        let window = TimeDelta::from_std(what.window()).unwrap_or_default();
        let (ends, count) = self
            .counters
            .entry((what, client.to_owned()))
            .or_insert((now + window, 0));
        if *ends <= now {
            (*ends, *count) = (now + window, 0);
        }
        *count += 1;
        (*count, (*ends - now).to_std().unwrap_or_default())
    }

    fn blocked(&mut self, client: &str, now: DateTime<Utc>) -> Option<Duration> {
        let until = *self.blocked.get(client)?;
        if until <= now {
            self.blocked.remove(client);
            return None;
        }
        (until - now).to_std().ok()
    }
}

impl Quota {
    /// Call it inside the runtime: it starts what counts.
    pub(crate) fn new(redis: Redis, clock: Clock, limits: QuotaSettings) -> Self {
        let counters = Arc::new(Counters {
            redis,
            clock,
            limits,
            own: Mutex::default(),
        });
        let own = Arc::clone(&counters);
        let counting = Together::new(BATCH, BATCHES, move |asked| {
            let counters = Arc::clone(&own);
            async move { counters.count(asked).await }
        });
        Self { counting, counters }
    }

    /// Counts one more; a client that tried too many codes is not asked to be counted.
    pub(crate) async fn take(&self, what: What, client: &str) -> Verdict {
        let now = self.counters.clock.now();
        if let Some(wait) = self.counters.own().blocked(client, now) {
            return Verdict::Beyond(wait);
        }
        self.count(what, client).await
    }

    /// As [`Self::take`] for many that came together, each for itself and in their order.
    pub(crate) async fn take_each(&self, what: What, clients: Vec<String>) -> Vec<Verdict> {
        let now = self.counters.clock.now();
        let mut verdicts = vec![Verdict::Within; clients.len()];
        let (mut places, mut counted) = (Vec::new(), Vec::new());
        {
            let mut own = self.counters.own();
            for (place, client) in clients.into_iter().enumerate() {
                match own.blocked(&client, now) {
                    Some(wait) => verdicts[place] = Verdict::Beyond(wait),
                    None => {
                        places.push(place);
                        counted.push((what, client));
                    }
                }
            }
        }
        let count = self.counters.count(counted).await;
        for (place, verdict) in places.into_iter().zip(count) {
            verdicts[place] = verdict;
        }
        verdicts
    }

    /// Counts a check that ended "not valid". Beyond the limit the client waits, in this process, until the window ends.
    pub(crate) async fn note_refused(&self, client: &str) {
        if let Verdict::Beyond(wait) = self.count(What::Refused, client).await {
            let until = self.counters.clock.now() + TimeDelta::from_std(wait).unwrap_or_default();
            self.counters.own().blocked.insert(client.to_owned(), until);
            tracing::warn!(
                counted.name = client,
                "a partner had too many checks refused and waits"
            );
        }
    }

    async fn count(&self, what: What, client: &str) -> Verdict {
        match self.counting.ask((what, client.to_owned())).await {
            Some(verdict) => verdict,
            // Counting broke off: this one is counted by the process.
            None => self.counters.count_alone(what, client),
        }
    }
}

impl Counters {
    fn own(&self) -> std::sync::MutexGuard<'_, Own> {
        // The maps are whole between any two statements.
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts each of them, in their order.
    async fn count(&self, asked: Vec<(What, String)>) -> Vec<Verdict> {
        let mut verdicts = vec![Verdict::Within; asked.len()];
        let mut alike: HashMap<(What, String), Vec<usize>> = HashMap::new();
        for (place, who) in asked.into_iter().enumerate() {
            alike.entry(who).or_default().push(place);
        }
        let counting = alike.into_iter().map(async |((what, client), places)| {
            let counted = self.count_alike(what, &client, places.len()).await;
            places.into_iter().zip(counted)
        });
        for (place, verdict) in join_all(counting).await.into_iter().flatten() {
            verdicts[place] = verdict;
        }
        verdicts
    }

    const fn limit(&self, what: What) -> u32 {
        match what {
            What::Verifications => self.limits.verifications_per_minute,
            What::Redemptions => self.limits.redemptions_per_minute,
            What::Refused => self.limits.refused_per_hour,
        }
    }

    /// Counts one more by this process alone.
    fn count_alone(&self, what: What, client: &str) -> Verdict {
        let (count, left) = self.own().count(what, client, self.clock.now());
        verdict(count, self.limit(what), left)
    }

    /// Counts so many more of one client.
    async fn count_alike(&self, what: What, client: &str, more: usize) -> Vec<Verdict> {
        let now = self.clock.now();
        let resting = self.own().away_until.is_some_and(|until| now < until);
        if !resting {
            let counting = u64::try_from(more).unwrap_or(u64::MAX);
            let counted = self.redis.count(what.as_str(), client, counting, what.window());
            match counted.await {
                Ok((last, left)) => {
                    // The last of them has the count, each other one the count before.
                    return (0..counting)
                        .rev()
                        .map(|after| verdict(last.saturating_sub(after), self.limit(what), left))
                        .collect();
                }
                Err(error) => {
                    tracing::warn!(%error, "Redis is away: quotas are counted by each process");
                    self.own().away_until = Some(now + REST);
                }
            }
        }
        (0..more).map(|_| self.count_alone(what, client)).collect()
    }
}

fn verdict(count: u64, limit: u32, left: Duration) -> Verdict {
    if count > u64::from(limit) {
        Verdict::Beyond(left)
    } else {
        Verdict::Within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_counts_a_window_from_the_first_request_on() {
        let mut own = Own::default();
        let start = DateTime::UNIX_EPOCH;
        let at = |seconds| start + TimeDelta::seconds(seconds);
        assert_eq!(own.count(What::Verifications, "a", at(0)), (1, MINUTE));
        assert_eq!(
            own.count(What::Verifications, "a", at(59)),
            (2, Duration::from_secs(1))
        );
        assert_eq!(
            own.count(What::Verifications, "b", at(59)).0,
            1,
            "each client for itself"
        );
        assert_eq!(own.count(What::Redemptions, "a", at(59)).0, 1);
        assert_eq!(own.count(What::Verifications, "a", at(60)), (1, MINUTE));
    }

    #[test]
    fn who_is_blocked_goes_on_when_the_window_ended() {
        let mut own = Own::default();
        let until = DateTime::UNIX_EPOCH + TimeDelta::minutes(5);
        own.blocked.insert("a".to_owned(), until);
        assert_eq!(
            own.blocked("a", until - TimeDelta::seconds(3)),
            Some(Duration::from_secs(3))
        );
        assert_eq!(own.blocked("b", until - TimeDelta::seconds(3)), None);
        assert_eq!(own.blocked("a", until), None);
        assert!(own.blocked.is_empty());
    }
}
