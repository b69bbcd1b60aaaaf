//! Benefits: the catalogue of services as data, and members' applications from draft to file. It decides on its own projection of members'
//! facts and on signed receipts of papers, so that sending a request needs no other service.
//!
//! Reading order: [`domain`] (catalogue, answers, application, assessment), [`use_cases`], [`store`], [`grpc`], [`events`], [`jobs`],
//! [`app`]. Examination, decisions and payments are not here yet.

mod app;
mod config;
mod domain;
mod error;
mod events;
mod grpc;
mod jobs;
mod store;
mod use_cases;

use std::process::ExitCode;

pub use app::App;
pub use config::Settings;

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
