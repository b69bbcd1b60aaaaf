//! The portal as a browser sees it, on stand-ins of its backends. One binary.

#[path = "../doubles/world/mod.rs"]
mod world;

mod account;
mod attacks;
mod away;
mod cards;
mod decisions;
mod headers;
mod languages;
mod not_for_you;
mod office;
mod outages;
mod pages;
mod routes;
mod sign_in;
mod stale_forms;
mod support;
mod terms_gate;
mod typed_questions;
mod upload;
mod wizard;
