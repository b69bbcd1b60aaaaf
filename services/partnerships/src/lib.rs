//! Partnerships: the member's card, and the gateway at which partners check it and record sales with a reduction. It answers from its own
//! projection of members' facts, so that a check needs no other service.
//!
//! Reading order: [`domain`] (agreement, coverage, card code, check, sale), [`use_cases`], [`store`], [`gateway`] (the partners' REST), [`grpc`],
//! [`events`], [`jobs`], [`app`]. The signed card for offline checks, monthly statements and webhooks are not here.

mod app;
mod config;
mod domain;
mod error;
mod events;
mod gateway;
mod grpc;
mod jobs;
mod store;
mod together;
mod use_cases;

use std::process::ExitCode;

pub use app::{App, WorkDone};
pub use config::Settings;
pub use gateway::{OPENAPI, ROUTES};

/// The migrations of the service's database, those of the shared mechanisms included.
#[must_use]
pub fn migrations() -> Vec<sqlx::migrate::Migration> {
    platform::db::merge(vec![
        platform::db::migrations(),
        bus::migrations(),
        sqlx::migrate!("./migrations").migrations.to_vec(),
    ])
}

/// Runs the command line: `serve`, `migrate`, `check-config`. `args` without the program's name.
pub fn main(args: impl IntoIterator<Item = String>) -> ExitCode {
    operations::main::<App>(args)
}
