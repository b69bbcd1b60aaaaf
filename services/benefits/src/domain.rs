//! The rules of benefits: what the catalogue offers, what an application is and may become, what is known of members, what a
//! ceiling lets through. Pure: no I/O, no clock, no randomness, no wire or database type; instants and ids are passed in.

pub(crate) mod answers;
pub(crate) mod application;
pub(crate) mod assessment;
pub(crate) mod catalogue;
pub(crate) mod ceiling;
pub(crate) mod member;
pub(crate) mod review;
pub(crate) mod rule_facts;
