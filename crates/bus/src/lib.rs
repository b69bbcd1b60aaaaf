//! The event bus: an outbox in the transaction of the change, one relay per service that outlives the broker, and subscribers that survive
//! repetition and disorder. JetStream may lose its tail; no event is lost for that, because the outbox keeps it longer than the stream does.
//! Reading order: `event`, `outbox`, `position` (the pure decisions), `relay`, `subscriber`, `runner`, `inbox`, `dead_letters`, `release`;
//! `restored` (a database put back to an older state), `grants` (who may do what on the broker), `asked` and `inspect` (what streams and durables must be, and are), `operate` (what an operator does there), `probe` (an event that only shows that events go through) and `metrics` (what an operator watches).

mod asked;
mod dead_letters;
pub mod event;
pub mod grants;
mod inbox;
pub mod inspect;
mod metrics;
pub mod operate;
mod outbox;
mod position;
pub mod probe;
mod relay;
mod release;
mod restored;
mod runner;
mod stream;
mod subscriber;

pub use asked::{Difference, OtherSettings};
pub use dead_letters::{
    DeadLetter, ReplayRequest, count_dead_letters, find_dead_letter, list_dead_letters, request_replay,
};
pub use event::{EnvelopeError, IncomingEvent, OutgoingEvent};
pub use metrics::BusObserver;
pub use outbox::{enqueue, enqueue_many, unsent};
pub use relay::{Relay, Wake};
pub use restored::{Restore, is_older_than_restore, write_restore};
pub use stream::Bus;
pub use subscriber::{HandlerError, Subscriber, run_subscriber};

/// The tables of outbox and inbox.
#[must_use]
pub fn migrations() -> Vec<sqlx::migrate::Migration> {
    sqlx::migrate!("./migrations").migrations.to_vec()
}
