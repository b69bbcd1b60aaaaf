//! Rows and keys: SQL on a connection that the use case gives, and Redis. No rules; time and ids are passed in.

pub(crate) mod account_requests;
pub(crate) mod accounts;
pub(crate) mod activation_codes;
pub(crate) mod agents;
pub(crate) mod client_assertions;
pub(crate) mod clients;
pub(crate) mod desk_identifications;
pub(crate) mod devices;
pub(crate) mod links;
pub(crate) mod notices;
pub(crate) mod redis;
pub(crate) mod second_factors;
pub(crate) mod sessions;
pub(crate) mod sign_in_failures;
pub(crate) mod terms_acceptances;
