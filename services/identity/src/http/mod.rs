//! What identity serves over plain HTTP: the OAuth token endpoint.

mod basic;
pub(crate) mod oauth;
