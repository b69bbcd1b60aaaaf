//! Counts the statements of a check, to hold known and unknown codes to the same work. One count per process: the tests run in a process each.

use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// What a check touches; a subscriber or the relay at work in between touches others.
const TABLES: [&str; 3] = ["card_codes", "verifications", "partner_clients"];

struct Counter;

struct Statement(String);

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if matches!(field.name(), "summary" | "db.statement") {
            self.0.push_str(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut statement = Statement(String::new());
        event.record(&mut statement);
        if TABLES.iter().any(|table| statement.0.contains(table)) {
            SEEN.lock().expect("no test panicked here").push(statement.0);
        }
    }
}

/// Starts counting in this process.
pub(crate) fn watch() {
    tracing_subscriber::registry().with(Counter).init();
}

/// The statements since the last call.
pub(crate) fn take() -> Vec<String> {
    std::mem::take(&mut SEEN.lock().expect("no test panicked here"))
}
