//! The bus: what documents tells, and what it listens to.

pub(crate) mod on_application_resent;
pub(crate) mod on_application_submitted;
pub(crate) mod published;
