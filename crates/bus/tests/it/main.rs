//! The bus on a real Postgres and a real NATS.

#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod bad_messages;
mod lost_notes;
mod put_back;
mod relay;
mod replay;
mod subscriber;
mod support;
mod tail_loss;
