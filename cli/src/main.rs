//! `tadamon`: what operators type. Arguments, one command, an exit code of `sysexits.h`.

mod agents;
mod apps;
mod audit;
mod backup;
mod bootstrap;
mod broker;
mod client;
mod clients;
mod dead_letters;
mod demo;
mod doctor;
mod events;
mod exit;
mod identity;
mod keys;
mod line;
mod members;
mod partners;
mod restore;
mod services;
mod wait;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use exit::Failure;
use platform::clock::Clock;

/// The operator's command line of Tadamon.
#[derive(Parser, Debug)]
#[command(name = "tadamon", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make the keys of an installation, once, and the first administrator.
    Bootstrap(bootstrap::BootstrapArgs),
    /// Whether servers, schemas, permissions, keys and clocks are as the services need them. Exit 0 when all is well, 1 when something is to be
    /// mended, 2 when something could not be looked at.
    Doctor(doctor::DoctorArgs),
    /// Signing keys: their age, and new ones in three steps.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Accounts of the back office.
    #[command(subcommand)]
    Agents(agents::AgentsCommand),
    /// OAuth clients of partners and internal applications.
    #[command(subcommand)]
    Clients(clients::ClientsCommand),
    /// Members and their families.
    #[command(subcommand)]
    Members(members::MembersCommand),
    /// Partners that honour the card, their agreements and clients.
    #[command(subcommand)]
    Partners(partners::PartnersCommand),
    /// Applications outside that listen to events.
    #[command(subcommand)]
    Apps(apps::AppsCommand),
    /// What services tell each other.
    #[command(subcommand)]
    Events(events::EventsCommand),
    /// Parked events and dead jobs of every service.
    #[command(subcommand)]
    DeadLetters(dead_letters::DeadLettersCommand),
    /// Whether the audit trail of every service is what was written.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Take a backup of every database and of the papers, or read one again.
    Backup(backup::BackupArgs),
    /// Put a backup back into empty databases, while no service runs.
    Restore(restore::RestoreArgs),
    /// Do nothing until told to end: for a pod in which commands are run (docs/operations/from-a-cluster.md).
    Wait,
    /// Demonstration data: nobody in it is real.
    #[command(subcommand)]
    Demo(demo::DemoCommand),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::usage(&error),
    };
    let clock = Clock::system();
    let outcome = exit::runtime().and_then(|runtime| runtime.block_on(run(arguments.command, &clock)));
    outcome.unwrap_or_else(|failure| failure.report())
}

async fn run(command: Command, clock: &Clock) -> Result<ExitCode, Failure> {
    match command {
        Command::Bootstrap(args) => bootstrap::run(args, clock.now()).await,
        Command::Doctor(args) => doctor::run(args, clock).await,
        Command::Keys(command) => keys::run(command, clock.now()),
        Command::Agents(command) => agents::run(command, clock.now()).await,
        Command::Clients(command) => clients::run(command, clock.now()).await,
        Command::Members(command) => members::run(command, clock).await,
        Command::Partners(command) => partners::run(command, clock.now()).await,
        Command::Apps(command) => apps::run(command).await,
        Command::Events(command) => events::run(command).await,
        Command::DeadLetters(command) => dead_letters::run(command, clock).await,
        Command::Audit(command) => audit::run(command, clock).await,
        Command::Backup(args) => backup::run(args, clock).await,
        Command::Restore(args) => restore::run(args, clock).await,
        Command::Wait => wait::run().await,
        Command::Demo(command) => demo::run(command, clock.now()).await,
    }
}
