//! The portal: the web edge of Tadamon, the members' space in Arabic and French. HTML out, gRPC in; it keeps nothing itself.
//!
//! In reading order: `config` and `app` (how the process is made), `routes` (every address, once), `edge` (what happens around each page:
//! language, session, terms, form token, errors, headers), `visit` (what a page knows about its reader), `pages` (one file a page), `views` and
//! `templates/` (how it looks), `text` and `locales/` (what it says), `backend` (whom it asks), `security` (what keeps it safe).

pub mod app;
mod assets;
mod backend;
pub mod config;
mod edge;
mod error;
mod fields;
mod pages;
mod routes;
mod security;
mod text;
mod views;
mod visit;

use std::process::ExitCode;

pub use app::App;
pub use config::Settings;
pub use routes::listing as route_listing;

/// What `main.rs` and the development binary call.
#[must_use]
pub fn main(args: Vec<String>) -> ExitCode {
    platform::process::main::<App>(args)
}
