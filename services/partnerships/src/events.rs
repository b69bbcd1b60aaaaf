//! What partnerships tells and what it listens to.

pub(crate) mod on_client_changed;
pub(crate) mod on_member_changed;
pub(crate) mod published;
