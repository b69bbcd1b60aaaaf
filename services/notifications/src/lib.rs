//! Messages to people: the inbox in the portal and e-mail, in the reader's language, each with a trace of what became
//! of it.
//!
//! Reading order: `domain` (what kinds of message there are), `texts` (their words), `events` (what makes one),
//! `use_cases`, `jobs` and `mail` (how it is sent), `grpc` (the inbox). It decides nothing about accounts or
//! applications, keeps no address, and no message of its names an illness, a benefit or a request number.

mod app;
mod config;
mod context;
mod domain;
mod error;
mod events;
mod grpc;
mod jobs;
mod mail;
mod metrics;
mod store;
mod texts;
mod use_cases;

use std::process::ExitCode;

use sqlx::migrate::Migration;

pub use app::App;
pub use config::{Encryption, MailSettings, PeersSettings, Settings, SmtpSettings};

/// The service's command line: `serve`, `migrate`, `check-config` or `doctor`.
#[must_use]
pub fn main(args: Vec<String>) -> ExitCode {
    operations::main::<App>(args)
}

/// The tables of the service and of the crates it stands on.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    platform::db::merge(vec![
        platform::db::migrations(),
        bus::migrations(),
        work_queue::migrations(),
        sqlx::migrate!("./migrations").migrations.to_vec(),
    ])
}
