//! `tadamon-dev`: the local stack, the local installation, and every service in one binary (one link instead of eight). Development and
//! tests only: images hold each service's own binary. What an operator types is `tadamon`, not this.

mod arguments;
mod databases;
mod installation;
mod logs;
mod operator;
mod readiness;
mod services;
mod settings;
mod stack;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use installation::Installation;
use testkit::stack::BadBasePort;

/// A wrong setting, after `sysexits.h`.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Stack(command) => stack::run(command),
        Command::Serve { service, args } => return services::run(&service, "serve", args),
        Command::Migrate { service, args } => return services::run(&service, "migrate", args),
        Command::Up => Installation::here().and_then(|installation| installation.up()),
        Command::Down => Installation::here().and_then(|installation| installation.down()),
        Command::Status => Installation::here().and_then(|installation| installation.status()),
        Command::Restore { args } => {
            Installation::here().and_then(|installation| installation.restore(&args))
        }
        Command::Reset => Installation::here().and_then(|installation| installation.reset()),
        Command::Logs { names, follow, lines } => {
            Installation::here().and_then(|installation| logs::print(&installation, &names, follow, lines))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tadamon-dev: {error:#}");
            if error.is::<BadBasePort>() {
                return ExitCode::from(USAGE);
            }
            ExitCode::FAILURE
        }
    }
}
