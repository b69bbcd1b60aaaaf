//! Due jobs: work that must happen later or may fail for a while (a mail, a message to a partner).
//!
//! A row in the service's own Postgres owns payload, attempts and next time; it is written in the same
//! transaction as its cause ([`enqueue`]). RabbitMQ carries only the id of a job that is due and spreads the ids
//! over workers ([`run_queue`]); what it loses is put in again from the table. A job is done at least once: a
//! handler makes its effect idempotent by the job's id. Dead jobs stay as rows ([`operate`]).
//!
//! It deliberately carries no events (that is the bus), knows no mail and no rule about members, and keeps no
//! personal data: payloads hold ids, `last_error` the class of a failure.
//!
//! Reading order: `schedule` (the pure state machine), `store` (its rows), `broker`, `dispatcher`, `worker`.

mod broker;
mod dispatcher;
mod handler;
pub mod inspect;
mod metrics;
pub mod operate;
mod run;
mod schedule;
#[cfg(test)]
mod schedule_model;
mod spec;
mod store;
pub mod table;
mod worker;

pub use handler::{Job, JobError, JobHandler};
pub use metrics::JobsObserver;
pub use run::run_queue;
pub use schedule::{DISPATCH_TIMEOUT, LEASE, RUN_LIMIT};
pub use spec::QueueSpec;
pub use store::{NewJob, enqueue};

/// The tables of this crate, to be merged with the service's own.
#[must_use]
pub fn migrations() -> Vec<sqlx::migrate::Migration> {
    sqlx::migrate!("./migrations").migrations.to_vec()
}
