//! The bus on a real Postgres and a real NATS.

mod relay;
mod subscriber;
mod support;
