//! Membership: members, families, positions, bank accounts, and the roster import that fills them.
//!
//! Reading order: `domain` (the rules), `use_cases`, `store` (SQL), `grpc` (the contract), `app` (what runs). The only
//! public things are the application, its settings and its migrations.

mod app;
mod config;
mod domain;
mod error;
mod events;
mod grpc;
mod sealing;
mod store;
mod use_cases;

pub use app::App;
pub use config::{BanksSettings, Settings};

use std::process::ExitCode;

use sqlx::migrate::Migration;

/// The process: `serve | migrate | check-config [--config FILE]`.
#[must_use]
pub fn main(args: Vec<String>) -> ExitCode {
    operations::main::<App>(args)
}

/// Every migration of the service's database, in order.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    platform::db::merge(vec![
        platform::db::migrations(),
        bus::migrations(),
        sqlx::migrate!("./migrations").migrations.to_vec(),
    ])
}
