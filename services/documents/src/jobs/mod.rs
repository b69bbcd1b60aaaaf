//! What runs by the clock.

pub(crate) mod sweep_orphans;
