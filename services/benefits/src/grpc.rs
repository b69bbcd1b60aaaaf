//! The RPCs: a few lines each. Wire types end here.

pub(crate) mod application_service;
pub(crate) mod catalogue_service;
mod convert;
mod convert_form;
mod convert_queue;
mod convert_review;
pub(crate) mod demonstration_clock;
pub(crate) mod review_service;
mod review_status;
mod status;
