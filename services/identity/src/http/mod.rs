//! What identity serves over plain HTTP: the OAuth token endpoint.

pub(crate) mod oauth;
