//! The queue on a real Postgres and a real RabbitMQ: what is done, tried again, dead, lost, doubled, and what happens
//! when the broker goes away and comes back.

mod broker_away;
mod running;
mod support;
