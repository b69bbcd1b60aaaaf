//! What runs on a timer.

pub(crate) mod expire_drafts;
pub(crate) mod reconcile_ceilings;
