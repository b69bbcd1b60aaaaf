//! What notifications knows: kinds of message, and what may become of one. Pure.

pub(crate) mod message;
pub(crate) mod trace;
