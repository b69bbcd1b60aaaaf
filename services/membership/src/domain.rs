//! The rules of membership: what a roster line means, how a family is matched with what is on file, how positions
//! follow each other, when typed details are those of one person.
//!
//! Pure: no I/O, no clock, no randomness, no SQL, no wire type. Instants, ids and keyed digests are passed in.

pub(crate) mod bank_names;
pub(crate) mod family_merge;
pub(crate) mod identity_check;
pub(crate) mod person;
pub(crate) mod position_history;
pub(crate) mod roster;
