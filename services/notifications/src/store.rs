//! The service's rows: SQL on a connection, no rules.

pub(crate) mod messages;
