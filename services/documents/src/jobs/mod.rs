//! What runs by the clock.

pub(crate) mod purge_drafts;
pub(crate) mod rescan;
pub(crate) mod sweep_orphans;
