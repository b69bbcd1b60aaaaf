//! The bus on a real Postgres and a real NATS.

#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod relay;
mod subscriber;
mod support;
