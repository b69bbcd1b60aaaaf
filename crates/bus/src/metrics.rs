//! What an operator watches of the bus: what waits in the outbox, what was parked, how far a subscriber is behind. Labels are names of
//! subscribers, never of records.

use std::sync::LazyLock;

use async_trait::async_trait;
use platform::clock::Clock;
use platform::metrics::{Alone, Observer, counter, registered};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use sqlx::PgPool;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Of {
    pub(crate) subscriber: String,
}

impl Of {
    pub(crate) fn subscriber(name: &str) -> Self {
        Self {
            subscriber: name.to_owned(),
        }
    }
}

pub(crate) static PUBLISHED: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "outbox_published_events",
        "Events that the broker acknowledged to this relay",
    )
});
pub(crate) static MISSING: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "outbox_missing_events",
        "Events that the stream had lost, found by comparison and published again",
    )
});
pub(crate) static EPOCHS: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "outbox_epoch_changes",
        "Comparisons that found the stream to be another than the one noted",
    )
});
pub(crate) static REFUSED: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "broker_refusals",
        "What the broker did not permit this process: its rights are not those of the table",
    )
});
/// Shows what has not happened yet as 0: a count that appears with its first event looks like no rise at all.
pub(crate) fn relay_starts() {
    for count in [&PUBLISHED, &MISSING, &EPOCHS, &REFUSED] {
        LazyLock::force(count);
    }
}

/// The same for one subscriber.
pub(crate) fn subscriber_starts(name: &str) {
    LazyLock::force(&REFUSED);
    for count in [&APPLIED, &REPEATED, &FAILED] {
        drop(count.get_or_create(&Of::subscriber(name)));
    }
}

/// Takes out what was looked up before the subscriber could not listen any more: an old value must not pass for the present one.
pub(crate) fn subscriber_sees_nothing(name: &str) {
    for looked_up in [&LAG, &BEHIND] {
        looked_up.remove(&Of::subscriber(name));
    }
}

pub(crate) static LAG: LazyLock<Family<Of, Gauge>> = LazyLock::new(|| {
    registered(
        "subscriber_lag_events",
        "Events in the stream that the subscriber has not been given, and those that it was given and cannot apply, when it last looked",
        None,
        Family::default(),
    )
});
pub(crate) static BEHIND: LazyLock<Family<Of, Gauge>> = LazyLock::new(|| {
    registered(
        "subscriber_oldest_age_seconds",
        "How long the stream has had the first event that the subscriber was given last, while that one is not applied or others wait behind it; else 0",
        None,
        Family::default(),
    )
});
pub(crate) static APPLIED: LazyLock<Family<Of, Counter>> = LazyLock::new(|| {
    registered(
        "subscriber_applied_events",
        "Events applied by the subscriber",
        None,
        Family::default(),
    )
});
pub(crate) static REPEATED: LazyLock<Family<Of, Counter>> = LazyLock::new(|| {
    registered(
        "subscriber_repeated_events",
        "Events that came again and were dropped",
        None,
        Family::default(),
    )
});
pub(crate) static FAILED: LazyLock<Family<Of, Counter>> = LazyLock::new(|| {
    registered(
        "subscriber_failures",
        "Attempts to listen or to apply events that failed for the moment",
        None,
        Family::default(),
    )
});

static PENDING: LazyLock<Family<Alone, Gauge>> = LazyLock::new(|| {
    registered(
        "outbox_pending_events",
        "Events that were committed and not published yet",
        None,
        Family::default(),
    )
});
static OLDEST: LazyLock<Family<Alone, Gauge>> = LazyLock::new(|| {
    registered(
        "outbox_oldest_age_seconds",
        "Age of the oldest event that was committed and not published yet; 0 when none waits",
        None,
        Family::default(),
    )
});

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Parked {
    subscriber: String,
    held: &'static str,
}

static PARKED: LazyLock<Family<Parked, Gauge>> = LazyLock::new(|| {
    registered(
        "dead_letters",
        "Events that are parked: those that failed, and those held behind one",
        None,
        Family::default(),
    )
});

/// What waits in a service's database.
#[derive(Clone, Debug)]
pub struct BusObserver(pub PgPool);

#[async_trait]
impl Observer for BusObserver {
    async fn observe(&self) -> anyhow::Result<()> {
        let waiting = sqlx::query!(
            r#"SELECT count(*) AS "count!", min(created_at) AS oldest FROM outbox WHERE stream_sequence IS NULL"#
        )
        .fetch_one(&self.0)
        .await?;
        let age = waiting
            .oldest
            .map_or(0, |oldest| (Clock::system().now() - oldest).num_seconds().max(0));
        let parked = sqlx::query!(
            r#"SELECT subscriber, held, count(*) AS "count!" FROM dead_letters GROUP BY subscriber, held"#
        )
        .fetch_all(&self.0)
        .await?;
        PENDING.get_or_create(&Alone {}).set(waiting.count);
        OLDEST.get_or_create(&Alone {}).set(age);
        // A subscriber whose last letter was replayed has no row any more.
        PARKED.clear();
        for row in parked {
            let held = if row.held { "true" } else { "false" };
            let subscriber = row.subscriber;
            PARKED.get_or_create(&Parked { subscriber, held }).set(row.count);
        }
        Ok(())
    }

    fn forget(&self) {
        PARKED.clear();
        OLDEST.clear();
        PENDING.clear();
    }
}
