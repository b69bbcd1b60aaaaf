//! The rules of accounts, passwords, sessions and proofs. Pure: the time, the random numbers and the settings are passed in.

pub(crate) mod account_request;
pub(crate) mod agent;
pub(crate) mod client;
pub(crate) mod desk;
pub(crate) mod duties;
pub(crate) mod email;
pub(crate) mod field;
pub(crate) mod first_administrator;
pub(crate) mod link;
pub(crate) mod lockout;
pub(crate) mod number_words;
pub(crate) mod password;
pub(crate) mod printed_code;
pub(crate) mod question;
pub(crate) mod robot_proof;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod terms;
