//! What identity says on the bus.

pub(crate) mod published;
