//! `tadamon demo`: demonstration data. Nobody in it is real: matricules 9xxxxxxx, identity cards ZZ, bank 999, `.example` mail.

mod accounts;
mod agents;
mod cast;
mod code;
mod load;
mod roster;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use crate::exit::Failure;

#[derive(Subcommand, Debug)]
pub(crate) enum DemoCommand {
    /// Write a synthetic roster; the same seed and date give identical bytes.
    Roster(roster::RosterArgs),
    /// Print the accounts that `demo load` opens, and the details of those left to be opened by hand.
    Accounts(accounts::AccountsArgs),
    /// Make the agents of the back office, one for each role, with their second factors.
    Agents(agents::AgentsArgs),
    /// Print the present one-time code of a demonstration agent.
    Code(code::CodeArgs),
    /// Open the accounts of the cast and file its applications, by the calls that a person would cause.
    Load(load::LoadArgs),
}

pub(crate) async fn run(command: DemoCommand, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    match command {
        DemoCommand::Roster(args) => roster::run(&args)?,
        DemoCommand::Accounts(args) => accounts::run(&args),
        DemoCommand::Agents(args) => agents::run(args, now).await?,
        DemoCommand::Code(args) => code::run(args, now).await?,
        DemoCommand::Load(args) => load::run(args, now).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// On a terminal only: indicatif draws nothing elsewhere.
fn progress_bar(length: u64, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}  {{elapsed}}"));
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
