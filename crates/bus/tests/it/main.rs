//! The bus on a real Postgres and a real NATS.

#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod bad_messages;
mod put_back;
mod relay;
mod replay;
mod subscriber;
mod support;
mod tail_loss;
