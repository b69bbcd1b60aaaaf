//! `tadamon restore`: puts a backup back into empty databases; `operations::backup` does it. Services must be stopped.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::SecondsFormat;
use operations::backup::{self, Restoration};
use platform::clock::Clock;

use crate::backup::{ProgramArgs, SourceArgs, failure};
use crate::exit::Failure;

/// More than a ministry's members send in a week, and few enough for a number that people read out: gaps are allowed, a number given twice is not.
const NUMBERS_AHEAD: i64 = 10_000;

#[derive(clap::Args, Debug)]
pub(crate) struct RestoreArgs {
    /// A backup's folder.
    folder: PathBuf,
    /// Throw away what the databases hold. Without it only empty ones are written to.
    #[arg(long)]
    replace: bool,
    /// How far request numbers are moved on: more than were given of any one kind since the backup.
    #[arg(long, value_name = "N", default_value_t = NUMBERS_AHEAD)]
    numbers_ahead: i64,
    #[command(flatten)]
    target: SourceArgs,
    #[command(flatten)]
    programs: ProgramArgs,
}

pub(crate) async fn run(args: RestoreArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let programs = args.programs.find().await?;
    let plan = Restoration {
        folder: args.folder,
        databases: args.target.databases()?,
        papers: args.target.papers()?,
        replace: args.replace,
        numbers_ahead: args.numbers_ahead,
    };
    let restored = backup::put_back(&plan, &programs, clock, |line| println!("{line}")).await;
    let (manifest, _) = restored.map_err(failure)?;
    let lost = clock.now() - manifest.taken_at;
    println!(
        "restored to {}: what happened in the {} minutes since is lost. Start the services, then run `tadamon audit verify`",
        manifest.taken_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        lost.num_minutes()
    );
    Ok(ExitCode::SUCCESS)
}
