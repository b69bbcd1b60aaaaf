//! `tadamon demo load`: opens the accounts of the cast, but for the newcomers', and files about thirty applications over the past year, through the same calls, mails and
//! papers as a person would cause. It inserts no row: what a person cannot do, it cannot do either. Refused by services outside a demonstration.

mod account;
mod backends;
mod mailbox;
mod paper;
mod plan;
mod proof;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDate, Utc};
use indicatif::ProgressBar;

pub(crate) use account::{Applicant, PASSWORD};
use backends::Backends;
pub(super) use proof::robot_proof;

/// Where the installation is.
#[derive(clap::Args, Debug)]
pub(crate) struct LoadArgs {
    /// Directory that `tadamon bootstrap` made; the loader speaks as the portal.
    #[arg(long)]
    keys: PathBuf,
    #[arg(long)]
    identity: String,
    #[arg(long)]
    benefits: String,
    #[arg(long)]
    documents: String,
    #[arg(long)]
    membership: String,
    /// Page of the mail catcher, from which the account links are read.
    #[arg(long)]
    mail: String,
    /// The day on which the demonstration is looked at; the newest file is of the day before.
    #[arg(long)]
    date: NaiveDate,
}

/// Loads what is not there yet and says how much that was.
///
/// # Errors
/// A service that is away or refuses; what was loaded before stays, and a second run goes on from there.
pub(crate) async fn run(args: LoadArgs, now: DateTime<Utc>) -> Result<()> {
    let backends = Backends::connect(&args)?;
    let applicants: Vec<Applicant> = super::cast::applicants();
    let progress = super::progress_bar(applicants.len() as u64, "accounts");
    let (mut accounts, mut files) = (0, 0);
    for (number, applicant) in applicants.iter().enumerate() {
        let session = match account::sign_in(&backends, applicant, number).await? {
            Some(session) => session,
            None => {
                account::open(&backends, applicant, number)
                    .await
                    .with_context(|| format!("the account of {}", applicant.key))?;
                accounts += 1;
                account::sign_in(&backends, applicant, number)
                    .await?
                    .context("a fresh account signs in")?
            }
        };
        files += plan::load(&backends, applicant, &session, args.date, now)
            .await
            .with_context(|| format!("the files of {}", applicant.key))?;
        step(&progress);
    }
    println!("demonstration: {accounts} accounts opened, {files} applications made");
    Ok(())
}

fn step(progress: &ProgressBar) {
    progress.inc(1);
}
