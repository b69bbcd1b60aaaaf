//! The service's queues, in one table with the reason of each number, and their handlers.

pub(crate) mod send_email;

use std::time::Duration;

use work_queue::QueueSpec;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

const fn after(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// E-mail.
pub(crate) const EMAIL: QueueSpec = QueueSpec {
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
