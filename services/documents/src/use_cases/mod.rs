//! What the service does, one file an operation.

pub(crate) mod download_document;
pub(crate) mod get_document;
pub(crate) mod list_openings;
pub(crate) mod open_for_review;
pub(crate) mod purge_drafts;
pub(crate) mod rescan;
pub(crate) mod sweep_orphans;
pub(crate) mod upload_document;
