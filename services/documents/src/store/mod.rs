//! SQL of the service; no rules.

pub(crate) mod access_log;
pub(crate) mod documents;
