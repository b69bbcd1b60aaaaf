//! What a service asks of the broker for its stream and its durables, and how what stands there differs. Pure: who makes them is `stream` and
//! `runner`, who shows differences to an operator is `inspect`.

use std::collections::BTreeSet;
use std::time::Duration;

use async_nats::jetstream::consumer::{self, AckPolicy, DeliverPolicy, IntoConsumerConfig as _, pull};
use async_nats::jetstream::stream::{Config, RetentionPolicy, StorageType};

use crate::grants;
use crate::stream::{DUPLICATE_WINDOW, MAX_MESSAGE, RETENTION};

/// How long the broker waits for an acknowledgement before it delivers again.
const ACK_WAIT: Duration = Duration::from_secs(30);
/// Events that a subscriber may hold unacknowledged.
const MAX_UNACKNOWLEDGED: i64 = 2_000;

/// One setting that is not as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As the broker calls it.
    pub setting: &'static str,
    pub found: String,
    pub asked: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is {} instead of {}", self.setting, self.found, self.asked)
    }
}

/// A stream that stands there with other settings. It is neither used nor changed: which of the two is right is the operator's decision.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "the stream {stream} has other settings than asked: {}; mend it as the broker's administrator (`nats stream edit {stream}`), or remove it: \
     it is made anew and gets again what the outbox keeps (docs/operations/doctor.md#stream_settings)",
    list(.differences)
)]
pub struct OtherSettings {
    pub stream: String,
    pub differences: Vec<Difference>,
}

/// Differences as one text.
#[must_use]
pub(crate) fn list(differences: &[Difference]) -> String {
    let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

/// The stream of a publishing service.
pub(crate) fn stream(prefix: &str, service: &str, replicas: usize) -> Config {
    Config {
        name: grants::stream_name(prefix, service),
        subjects: vec![
            format!("{prefix}.events.{service}.>"),
            format!("{prefix}.restricted.{service}.>"),
        ],
        retention: RetentionPolicy::Limits,
        storage: StorageType::File,
        num_replicas: replicas,
        max_age: RETENTION,
        duplicate_window: DUPLICATE_WINDOW,
        max_message_size: i32::try_from(MAX_MESSAGE).expect("64 KiB fit"),
        deny_delete: true,
        deny_purge: true,
        ..Config::default()
    }
}

/// The durable of a subscriber of ours; `filter` without the prefix.
pub(crate) fn durable(prefix: &str, name: &str, filter: &str) -> pull::Config {
    pull::Config {
        durable_name: Some(grants::durable_name(prefix, name)),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        // The broker delivers without limit; we decide what is parked.
        max_deliver: -1,
        filter_subject: format!("{prefix}.{filter}"),
        max_ack_pending: MAX_UNACKNOWLEDGED,
        ..pull::Config::default()
    }
}

struct Comparison(Vec<Difference>);

impl Comparison {
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, setting: &'static str, found: T, asked: T) {
        if found != asked {
            self.0.push(Difference {
                setting,
                found: format!("{found:?}"),
                asked: format!("{asked:?}"),
            });
        }
    }
}

/// The broker writes "no limit" as -1 where we leave a limit out.
fn limit(value: i64) -> i64 {
    if value == 0 { -1 } else { value }
}

/// How a stream differs from what is asked. More servers that keep it than asked are no difference, and placement and compression are the
/// operator's own.
pub(crate) fn stream_differences(found: &Config, asked: &Config) -> Vec<Difference> {
    let subjects = |config: &Config| config.subjects.iter().cloned().collect::<BTreeSet<_>>();
    let mut all = Comparison(Vec::new());
    all.same("subjects", subjects(found), subjects(asked));
    all.same("retention", found.retention, asked.retention);
    all.same("storage", found.storage, asked.storage);
    all.same("max_age", found.max_age, asked.max_age);
    all.same("duplicate_window", found.duplicate_window, asked.duplicate_window);
    all.same("max_msg_size", found.max_message_size, asked.max_message_size);
    all.same("max_msgs", limit(found.max_messages), limit(asked.max_messages));
    all.same("max_bytes", limit(found.max_bytes), limit(asked.max_bytes));
    all.same(
        "max_msgs_per_subject",
        limit(found.max_messages_per_subject),
        limit(asked.max_messages_per_subject),
    );
    all.same(
        "max_consumers",
        limit(found.max_consumers.into()),
        limit(asked.max_consumers.into()),
    );
    all.same("deny_delete", found.deny_delete, asked.deny_delete);
    all.same("deny_purge", found.deny_purge, asked.deny_purge);
    all.same("allow_rollup_hdrs", found.allow_rollup, asked.allow_rollup);
    all.same("no_ack", found.no_ack, asked.no_ack);
    all.same("sealed", found.sealed, asked.sealed);
    all.same("mirror", found.mirror.is_some(), asked.mirror.is_some());
    all.same("sources", found.sources.is_some(), asked.sources.is_some());
    all.same("republish", found.republish.is_some(), asked.republish.is_some());
    all.same(
        "subject_transform",
        found.subject_transform.is_some(),
        asked.subject_transform.is_some(),
    );
    let fewer = found.num_replicas < asked.num_replicas;
    all.same(
        "num_replicas",
        if fewer {
            found.num_replicas
        } else {
            asked.num_replicas
        },
        asked.num_replicas,
    );
    all.0
}

/// How a durable differs from what is asked.
pub(crate) fn durable_differences(found: &consumer::Config, asked: &pull::Config) -> Vec<Difference> {
    let asked = asked.clone().into_consumer_config();
    let filters = |config: &consumer::Config| {
        let single = Some(config.filter_subject.clone()).filter(|filter| !filter.is_empty());
        config
            .filter_subjects
            .iter()
            .cloned()
            .chain(single)
            .collect::<BTreeSet<_>>()
    };
    let mut all = Comparison(Vec::new());
    all.same("filter", filters(found), filters(&asked));
    all.same("ack_policy", found.ack_policy, asked.ack_policy);
    all.same("ack_wait", found.ack_wait, asked.ack_wait);
    all.same("max_deliver", limit(found.max_deliver), limit(asked.max_deliver));
    all.same("max_ack_pending", found.max_ack_pending, asked.max_ack_pending);
    all.same("deliver_policy", found.deliver_policy, asked.deliver_policy);
    all.same("headers_only", found.headers_only, asked.headers_only);
    all.same(
        "deliver_subject",
        found.deliver_subject.is_some(),
        asked.deliver_subject.is_some(),
    );
    all.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_as_the_broker_gives_it_back_is_as_asked_and_more_servers_are_no_difference() {
        let asked = stream("tadamon", "benefits", 3);
        let mut found = asked.clone();
        found.max_messages = -1;
        found.max_bytes = -1;
        found.max_consumers = -1;
        found.max_messages_per_subject = -1;
        found.num_replicas = 5;
        found.subjects.reverse();
        assert_eq!(stream_differences(&found, &asked), []);
        found.num_replicas = 1;
        found.max_age = Duration::from_hours(24);
        let text = list(&stream_differences(&found, &asked));
        assert_eq!(
            text,
            "max_age is 86400s instead of 1209600s, num_replicas is 1 instead of 3"
        );
    }
}
