//! The RPCs: a few lines each. Wire types end here.

pub(crate) mod application_service;
pub(crate) mod catalogue_service;
mod convert;
mod convert_form;
pub(crate) mod demonstration_clock;
mod status;
