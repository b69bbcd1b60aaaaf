//! Accounts of members and agents, the single-use link, the desk's printed code, passwords, second factors, sessions, terms of use, OAuth clients and
//! the token endpoint.
//!
//! It keeps no identity card number and no name: whether a person is on the staff file is membership's answer. Reading order: `domain` (the
//! rules), `use_cases` (one operation each), `store`, then the doors: `grpc`, `http`, `jobs`, `events`.

mod app;
mod config;
mod context;
mod domain;
mod error;
mod events;
mod grpc;
mod hasher;
mod http;
mod jobs;
mod metrics;
mod paging;
mod secrets;
mod store;
mod totp;
mod use_cases;

use std::process::ExitCode;

pub use app::{App, WorkDone, migrations};
pub use config::Settings;

/// Passwords that are tried first; one a line.
pub(crate) const COMMON_PASSWORDS: &str = include_str!("../passwords/common.txt");
/// Every published version of the terms: Arabic, French.
pub(crate) const TERMS_FILES: &[(&str, &str)] = &[(
    include_str!("../terms/2025-01.ar.toml"),
    include_str!("../terms/2025-01.fr.toml"),
)];

/// The service's command line, without the program's name.
pub fn main(args: Vec<String>) -> ExitCode {
    operations::main::<App>(args)
}
