//! `tadamon members`: commands about members, one file each.

mod import;
mod report;
pub(crate) mod roster_file;

use std::process::ExitCode;

use clap::Subcommand;
use platform::clock::Clock;

use crate::exit::Failure;

#[derive(Subcommand, Debug)]
pub(crate) enum MembersCommand {
    /// Import a roster: good lines go in, bad ones are reported. Exit 0 all good, 2 some bad, 65 refused, 69 a service is away.
    Import(import::ImportArgs),
}

pub(crate) async fn run(command: MembersCommand, clock: &Clock) -> Result<ExitCode, Failure> {
    match command {
        MembersCommand::Import(args) => import::run(args, clock).await,
    }
}
