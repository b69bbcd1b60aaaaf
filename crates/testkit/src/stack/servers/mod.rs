//! One file per server: how it is laid out on disk and with which settings it starts. No readiness, no signals.

pub(crate) mod mail;
pub(crate) mod nats;
pub(crate) mod objects;
pub(crate) mod postgres;
pub(crate) mod rabbitmq;
pub(crate) mod redis;
