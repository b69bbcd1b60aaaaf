//! What an operator sees of work that a service gave up, and how it is put in again: parked events (bus) and dead jobs (work queue); and whether
//! its audit trail is what was written: by one gRPC service that every service with a database mounts beside its own.
//!
//! It shows causes, ids and trace ids, never the data of an event or the payload of a job, and it applies nothing itself: a replayed event is
//! applied by its subscriber, a replayed job by its queue. [`backup`] stands by itself: the operator's program runs it, no service. [`doctor`] looks at what a
//! service stands on, from the operator's program or by the service's own command ([`main`]). Reading order: `letter` (ids and wire), `trail`, `service`, `error`.

mod allocator;
pub mod backup;
mod command;
pub mod doctor;
mod error;
mod letter;
mod service;
mod trail;

pub use command::main;
pub use operations_proto::PERMISSIONS;
use operations_proto::v1::operations_service_server::OperationsServiceServer;
use platform::clock::Clock;
use platform::metrics::{Observers, PoolObserver};
use sqlx::PgPool;

pub use service::Operations;

/// What a service keeps that can be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It has the tables of the bus.
    Events,
    /// It has the tables of the bus and of the work queue.
    EventsAndJobs,
}

/// The gRPC service; the service's guard needs [`PERMISSIONS`] beside its own.
#[must_use]
pub fn server(pool: PgPool, clock: Clock, kept: Kept) -> OperationsServiceServer<Operations> {
    OperationsServiceServer::new(Operations { pool, clock, kept })
}

/// What `/metrics` of a service with a database looks up.
#[must_use]
pub fn observers(pool: &PgPool, kept: Kept) -> Observers {
    let observers = Observers::default()
        .and(PoolObserver(pool.clone()))
        .and(bus::BusObserver(pool.clone()));
    match kept {
        Kept::Events => observers,
        Kept::EventsAndJobs => observers.and(work_queue::JobsObserver(pool.clone())),
    }
}
