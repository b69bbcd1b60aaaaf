//! The contract: a few lines per RPC.

mod convert;
mod document_service;
mod status;

pub(crate) use document_service::{AT_ONCE, DocumentGrpc};
