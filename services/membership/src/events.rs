//! What membership publishes. It listens to nobody yet.

pub(crate) mod published;
