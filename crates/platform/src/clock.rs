//! The only place where the wall clock is read. Everything else is handed an instant, so that rules and statements can be tested at any date.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Gives the present instant: the system's, or one that a test sets.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    /// Microseconds since 1970, shared by all clones.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is moved.
    #[must_use]
    pub fn manual(at: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(at.timestamp_micros()))))
    }

    /// The present instant, to the microsecond, as Postgres keeps it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one reader of the wall clock"
            )]
            Source::System => Utc::now().timestamp_micros(),
            Source::Manual(at) => at.load(Ordering::SeqCst),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a manual clock; a system clock stays as it is.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Source::Manual(now) = &self.0 {
            now.store(at.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// Moves a manual clock forward; a system clock stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(now) = &self.0 {
            now.fetch_add(
                i64::try_from(by.as_micros()).unwrap_or(i64::MAX),
                Ordering::SeqCst,
            );
        }
    }
}
