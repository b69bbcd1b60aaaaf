//! What an operator watches of notifications beyond calls and queues.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use platform::metrics::{Alone, Durations, durations};

static HANDED_OVER: LazyLock<Durations<Alone>> = LazyLock::new(|| {
    durations(
        "mail_handed_over_delay",
        "From what a mail tells of to the mail server's yes",
    )
});

/// The mail server took a mail about something that happened then.
pub(crate) fn handed_over(happened_at: DateTime<Utc>, now: DateTime<Utc>) {
    let waited = (now - happened_at).to_std().unwrap_or_default();
    HANDED_OVER.get_or_create(&Alone {}).observe(waited.as_secs_f64());
}
