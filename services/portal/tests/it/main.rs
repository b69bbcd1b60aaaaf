//! The portal as a browser sees it, on stand-ins of its backends. One binary.

#[path = "../doubles/world/mod.rs"]
mod world;

mod support;
