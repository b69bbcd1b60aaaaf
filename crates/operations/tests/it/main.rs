//! The operator's calls on a real Postgres, NATS and RabbitMQ, through the guard, with a subscriber and a queue that fail until they are mended.

#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod doctor;
mod events;
mod jobs;
mod schema;
mod support;
mod trail;
