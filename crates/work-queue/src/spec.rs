//! What a queue is allowed to be: one constant per queue, in one table of the service, each number with its reason.
//!
//! Nothing here is a setting: a limit that an operator could raise until the broker falls over is no limit.

use std::time::Duration;

/// The limits of one queue.
#[derive(Debug, Clone, Copy)]
pub struct QueueSpec {
    /// Short name, such as `email`; RabbitMQ sees `<prefix>.<service>.<name>`.
    pub name: &'static str,
    /// Jobs that one process works on at once, and messages it is handed unacknowledged.
    pub prefetch: u16,
    /// Runs before the job is dead, counted in the table (the broker's own count is only a safety net).
    pub max_attempts: i32,
    /// Waits after the first, second ... failed attempt; the last one repeats. Spread by a fifth either way.
    pub backoff: &'static [Duration],
    /// `x-delivery-limit`: how often the broker hands out one message whose outcome could not be recorded.
    pub delivery_limit: i64,
    /// `x-max-length`: ids the broker holds at most; beyond it a publish is refused and the row waits.
    pub max_length: i64,
}

impl QueueSpec {
    /// Messages on their way at once. More would only wait in the broker until the table takes them for lost.
    pub(crate) fn window(&self) -> i64 {
        const ROUNDS_IN_ADVANCE: i64 = 10;
        (i64::from(self.prefetch) * ROUNDS_IN_ADVANCE).clamp(1, self.max_length.max(1))
    }
}
