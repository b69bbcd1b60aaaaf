//! The RPCs: a few lines each. Wire types stop here.

pub(crate) mod administration_service;
pub(crate) mod card_service;
mod convert;
mod status;
