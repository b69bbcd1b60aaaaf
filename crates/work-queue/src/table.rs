//! Every work queue of the platform in one table, each number with its reason: services declare by it, and `tadamon doctor` compares what stands on
//! the broker with it. What a job does is its service's affair.

use std::time::Duration;

use crate::spec::QueueSpec;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

const fn after(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Identity: the job behind the account form. Somebody waits for a mail: quick at first, and given up within the ten minutes after which the page
/// sends people to the desk.
pub const MATCH_ACCOUNT_REQUEST: QueueSpec = QueueSpec {
    name: "match_account_request",
    // One call to membership each; more at once would only queue there.
    prefetch: 8,
    // Together with the waits below: about nine minutes.
    max_attempts: 9,
    backoff: &[
        after(2 * SECOND),
        after(5 * SECOND),
        after(15 * SECOND),
        after(30 * SECOND),
        after(MINUTE),
        after(2 * MINUTE),
    ],
    // Only for outcomes that could not be written; the table counts attempts.
    delivery_limit: 20,
    // The rows wait in the table beyond it.
    max_length: 10_000,
};

/// Notifications: e-mail.
pub const EMAIL: QueueSpec = QueueSpec {
    name: "email",
    // Mails at once from one process: as many connections as a small mail server gives one client without complaint.
    prefetch: 8,
    // A day of a mail server that is away, by the waits below; a link expires long before and is then dropped.
    max_attempts: 14,
    // Quick at first, because a person waits for the link; then slow, because a server that is away for an hour is
    // often away for a night.
    backoff: &[
        after(10 * SECOND),
        after(30 * SECOND),
        after(MINUTE),
        after(2 * MINUTE),
        after(5 * MINUTE),
        after(10 * MINUTE),
        after(30 * MINUTE),
        after(HOUR),
        after(2 * HOUR),
        after(4 * HOUR),
    ],
    // The broker's own count matters only while our table cannot be reached: a few rounds of two seconds each.
    delivery_limit: 10,
    // Ids of 36 bytes: far more than one minute's mails of a ministry, far less than what hurts the broker.
    max_length: 50_000,
};

/// Each queue with the service that makes it and works on it.
pub const QUEUES: &[(&str, &QueueSpec)] = &[("identity", &MATCH_ACCOUNT_REQUEST), ("notifications", &EMAIL)];
