//! Documents: papers taken in as a stream, checked by content, sealed with a key each, opened only with a trace.
//!
//! Reading order: `domain` (what is accepted and why not), `use_cases`, `scanner` (with the crate `paper-store` the two seams), `store` (SQL), `grpc`, `app`.

mod app;
mod config;
mod domain;
mod error;
mod events;
mod grpc;
mod jobs;
mod metrics;
mod scanner;
mod store;
mod use_cases;

pub use app::App;
pub use config::{LimitSettings, RetentionSettings, ReviewSettings, ScannerSettings, Settings};
pub use paper_store::{S3Settings, StorageSettings};

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
