//! Durations and counts of the brokers' messages, by the names of the semantic conventions. One family for both brokers, so that one panel shows
//! both: a mechanism crate says which broker it stands on.

use std::sync::LazyLock;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;

use super::{Buckets, Durations, registered};

/// One broker and one of its destinations: a stream, a queue, a subscriber's durable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Place {
    messaging_system: &'static str,
    messaging_destination_name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Work {
    messaging_system: &'static str,
    messaging_operation_name: &'static str,
    messaging_destination_name: String,
    /// Empty when it went well.
    error_type: &'static str,
}

static OPERATIONS: LazyLock<Durations<Work>> = LazyLock::new(|| {
    registered(
        "messaging_client_operation_duration",
        "How long messages took to the broker, until it said that it has them",
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
});
static PROCESSED: LazyLock<Durations<Work>> = LazyLock::new(|| {
    registered(
        "messaging_process_duration",
        "How long the work of messages took, until it was committed or failed",
        Some(Unit::Seconds),
        Family::new_with_constructor(Buckets),
    )
});
static SENT: LazyLock<Family<Place, Counter>> = LazyLock::new(|| {
    registered(
        "messaging_client_sent_messages",
        "Messages that the broker said it has",
        None,
        Family::default(),
    )
});
static CONSUMED: LazyLock<Family<Place, Counter>> = LazyLock::new(|| {
    registered(
        "messaging_client_consumed_messages",
        "Messages that the broker handed over, those that came again included",
        None,
        Family::default(),
    )
});

/// Where one process sends messages; looked up once, so that a message costs no look-up. What is looked up is owned: a borrowed measure keeps its
/// family locked until the whole expression ends, and the next look-up in it would wait for ever.
#[derive(Clone, Debug)]
pub struct Sending {
    well: Histogram,
    badly: Histogram,
    sent: Counter,
}

impl Sending {
    /// To a stream or a queue of `system` (`nats`, `rabbitmq`).
    #[must_use]
    pub fn to(system: &'static str, destination: &str) -> Self {
        let work = |error_type| Work {
            messaging_system: system,
            messaging_operation_name: "send",
            messaging_destination_name: destination.to_owned(),
            error_type,
        };
        let place = place(system, destination);
        Self {
            well: OPERATIONS.get_or_create_owned(&work("")),
            badly: OPERATIONS.get_or_create_owned(&work("not_taken")),
            sent: SENT.get_or_create_owned(&place),
        }
    }

    /// The broker said yes, or did not, after so long.
    pub fn ended(&self, taken: bool, took: Duration) {
        let durations = if taken { &self.well } else { &self.badly };
        durations.observe(took.as_secs_f64());
        if taken {
            self.sent.inc();
        }
    }
}

/// What one process receives and works on.
#[derive(Clone, Debug)]
pub struct Receiving {
    well: Histogram,
    badly: Histogram,
    consumed: Counter,
}

impl Receiving {
    /// From a queue or a durable of `system`.
    #[must_use]
    pub fn from(system: &'static str, destination: &str) -> Self {
        let work = |error_type| Work {
            messaging_system: system,
            messaging_operation_name: "process",
            messaging_destination_name: destination.to_owned(),
            error_type,
        };
        let place = place(system, destination);
        Self {
            well: PROCESSED.get_or_create_owned(&work("")),
            badly: PROCESSED.get_or_create_owned(&work("not_done")),
            consumed: CONSUMED.get_or_create_owned(&place),
        }
    }

    /// So many messages were handed over.
    pub fn came(&self, messages: usize) {
        self.consumed.inc_by(u64::try_from(messages).unwrap_or_default());
    }

    /// Their work ended after so long.
    pub fn ended(&self, done: bool, took: Duration) {
        let durations = if done { &self.well } else { &self.badly };
        durations.observe(took.as_secs_f64());
    }
}

fn place(system: &'static str, destination: &str) -> Place {
    Place {
        messaging_system: system,
        messaging_destination_name: destination.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_and_worked_on_is_measured_where_it_belongs() {
        let sending = Sending::to("nats", "a-stream");
        sending.ended(true, Duration::from_millis(3));
        sending.ended(false, Duration::from_millis(3));
        assert_eq!(sending.sent.get(), 1);
        let receiving = Receiving::from("rabbitmq", "a-queue");
        receiving.came(2);
        receiving.ended(true, Duration::from_millis(3));
        assert_eq!(receiving.consumed.get(), 2);
        assert_eq!(SENT.get_or_create(&place("nats", "a-stream")).get(), 1);
        assert_eq!(CONSUMED.get_or_create(&place("rabbitmq", "a-queue")).get(), 2);
    }
}
