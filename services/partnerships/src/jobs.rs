//! Timers. No work queue: nothing here is due to anybody.

pub(crate) mod sweep;
