//! The rules of partnerships: who is covered by which agreement on which day, what a check answers, what a sale must satisfy. Time and ids are
//! passed in.

pub(crate) mod agreement;
pub(crate) mod amount;
pub(crate) mod book;
pub(crate) mod card_code;
pub(crate) mod category;
pub(crate) mod check;
pub(crate) mod coverage;
pub(crate) mod household;
pub(crate) mod sale;
