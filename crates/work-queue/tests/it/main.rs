//! The queue on a real Postgres and a real RabbitMQ: what is done, tried again, dead, lost, doubled, and what happens
//! when the broker goes away and comes back.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing is the failure")]

mod broker_away;
mod running;
mod strangers;
mod support;
