//! `tadamon demo`: demonstration data. Nobody in it is real: matricules 9xxxxxxx, identity cards ZZ, bank 999, `.example` mail.

mod accounts;
mod agents;
mod card_code;
mod cast;
mod code;
mod load;
mod partner;
mod roster;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use crate::exit::Failure;
#[cfg(test)]
pub(crate) use partner::COACH_AGREEMENT;

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
    /// Make the coach company with its agreement and a sandbox client, whose secret is kept in the demonstration's folder.
    Partner(partner::PartnerArgs),
    /// Print a fresh code of a demonstration member's card.
    CardCode(card_code::CardCodeArgs),
    /// Open the accounts of those who apply, file their applications and examine them, by the calls that the people would cause.
    Load(load::LoadArgs),
}

pub(crate) async fn run(command: DemoCommand, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    match command {
        DemoCommand::Roster(args) => roster::run(&args)?,
        DemoCommand::Accounts(args) => accounts::run(&args),
        DemoCommand::Agents(args) => agents::run(args, now).await?,
        DemoCommand::Code(args) => code::run(args, now).await?,
        DemoCommand::Partner(args) => partner::run(args, now).await?,
        DemoCommand::CardCode(args) => card_code::run(args).await?,
        DemoCommand::Load(args) => load::run(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// On a terminal only: indicatif draws nothing elsewhere.
fn progress_bar(length: u64, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}  {{elapsed}}"));
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
