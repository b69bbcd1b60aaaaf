//! What benefits tells and what it listens to.

pub(crate) mod on_document_found_infected;
pub(crate) mod on_member_changed;
pub(crate) mod published;
