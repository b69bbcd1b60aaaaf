//! What the pool and its statements cost, out of what the driver already tells: it speaks of each acquired connection and each statement in an
//! event of its own. No line of the log is made of them, and no text of a statement leaves this file: only its first word, if it is one of ours.

use std::error::Error;
use std::sync::LazyLock;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::metrics::{DatabaseDurations, counter, database_seconds, registered};

const ACQUIRED: &str = "sqlx::pool::acquire";
const STATEMENT: &str = "sqlx::query";

static WAITED: LazyLock<Histogram> = LazyLock::new(|| {
    registered(
        "db_client_connection_wait_time",
        "How long work waited for a connection of the pool, new ones included",
        Some(Unit::Seconds),
        database_seconds(),
    )
});
static TIMED_OUT: LazyLock<Counter> = LazyLock::new(|| {
    counter(
        "db_client_connection_timeouts",
        "Times that no connection of the pool came free in time",
    )
});
static STATEMENTS: LazyLock<DatabaseDurations<Operation>> = LazyLock::new(|| {
    registered(
        "db_client_operation_duration",
        "How long statements took, until their last row was read",
        Some(Unit::Seconds),
        DatabaseDurations::new_with_constructor(crate::metrics::DatabaseBuckets),
    )
});

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    db_operation_name: &'static str,
}

/// Shows what has not happened yet as 0.
pub(crate) fn starts() {
    LazyLock::force(&WAITED);
    LazyLock::force(&TIMED_OUT);
}

/// Counts an error that says, itself or by its cause, that no connection came free in time: the pool is too small for the work, or something
/// keeps what it took. The driver tells nobody else of it.
pub fn count_timeout(error: &(dyn Error + 'static)) {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if matches!(error.downcast_ref(), Some(sqlx::Error::PoolTimedOut)) {
            TIMED_OUT.inc();
            return;
        }
        cause = error.source();
    }
}

/// Listens to the driver.
pub(crate) fn layer<S>() -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let of_the_driver = Targets::new()
        .with_target(ACQUIRED, LevelFilter::DEBUG)
        .with_target(STATEMENT, LevelFilter::DEBUG);
    Measures.with_filter(of_the_driver)
}

struct Measures;

impl<S: Subscriber> Layer<S> for Measures {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        if let Some(waited) = said.waited {
            WAITED.observe(waited);
        }
        if let Some(took) = said.took {
            let db_operation_name = said.operation;
            STATEMENTS
                .get_or_create(&Operation { db_operation_name })
                .observe(took);
        }
    }
}

/// What one event of the driver says.
#[derive(Default)]
struct Said {
    waited: Option<f64>,
    took: Option<f64>,
    operation: &'static str,
}

impl Visit for Said {
    fn record_f64(&mut self, field: &Field, value: f64) {
        match field.name() {
            "acquired_after_secs" => self.waited = Some(value),
            "elapsed_secs" => self.took = Some(value),
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.operation = operation(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// The first word of a statement, when it is a word of SQL.
fn operation(statement: &str) -> &'static str {
    let word = statement.split_whitespace().next().unwrap_or_default();
    [
        "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "BEGIN", "COMMIT", "ROLLBACK", "SET", "LOCK",
    ]
    .into_iter()
    .find(|known| word.eq_ignore_ascii_case(known))
    .unwrap_or("_OTHER")
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_statement_is_measured_by_its_first_word_and_nothing_else_of_it_is_kept() {
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer()), || {
            for summary in ["select login from accounts", "DROP TABLE ZZ900001", "commit"] {
                tracing::debug!(target: STATEMENT, summary, db.statement = "ZZ900001", elapsed_secs = 0.004);
            }
            tracing::debug!(target: ACQUIRED, acquired_after_secs = 0.2, "acquired connection");
        });
        let mut registry = Registry::default();
        registry.register("statements", "x", STATEMENTS.clone());
        registry.register("waited", "x", WAITED.clone());
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for expected in [
            "statements_count{db_operation_name=\"SELECT\"} 1",
            "statements_count{db_operation_name=\"COMMIT\"} 1",
            "statements_count{db_operation_name=\"_OTHER\"} 1",
            "statements_bucket{le=\"0.005\",db_operation_name=\"SELECT\"} 1",
            "waited_count 1",
            "waited_bucket{le=\"0.1\"} 0",
        ] {
            assert!(text.contains(expected), "{expected} is missing: {text}");
        }
        assert!(!text.contains("ZZ900001") && !text.contains("accounts"), "{text}");
    }
}
