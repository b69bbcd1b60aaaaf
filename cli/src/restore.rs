//! `tadamon restore`: puts a backup back into empty databases, or tells databases that somebody else put back; `operations::backup` does it. Services
//! must be stopped.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use operations::backup::{self, Restoration};
use platform::clock::Clock;

use crate::backup::{ProgramArgs, SourceArgs, failure};
use crate::exit::Failure;

/// More than a ministry's members send in a week, and few enough for a number that people read out: gaps are allowed, a number given twice is not.
const NUMBERS_AHEAD: i64 = 10_000;

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct RestoreArgs {
    #[command(subcommand)]
    command: Option<RestoreCommand>,
    #[command(flatten)]
    put_back: PutBackArgs,
}

#[derive(Subcommand, Debug)]
enum RestoreCommand {
    /// Tell databases that were put back by other means, such as a Cluster's own backup: everything that a restore does beside the rows.
    Mark(MarkArgs),
}

#[derive(clap::Args, Debug)]
struct PutBackArgs {
    /// A backup's folder.
    #[arg(required = true)]
    folder: Option<PathBuf>,
    /// Throw away what the databases hold. Without it only empty ones are written to.
    #[arg(long)]
    replace: bool,
    /// The papers and no database, for databases that were put back by other means.
    #[arg(long, conflicts_with = "services")]
    papers_only: bool,
    #[command(flatten)]
    numbers: NumberArgs,
    #[command(flatten)]
    target: SourceArgs,
    #[command(flatten)]
    programs: ProgramArgs,
}

#[derive(clap::Args, Debug)]
struct MarkArgs {
    /// The moment to which the databases went back, as in 2026-11-23T01:30:00Z.
    #[arg(long, value_name = "INSTANT")]
    taken_at: DateTime<Utc>,
    #[command(flatten)]
    numbers: NumberArgs,
    #[command(flatten)]
    target: SourceArgs,
}

#[derive(clap::Args, Debug)]
struct NumberArgs {
    /// How far request numbers are moved on: more than were given of any one kind since the backup.
    #[arg(long, value_name = "N", default_value_t = NUMBERS_AHEAD)]
    numbers_ahead: i64,
}

pub(crate) async fn run(args: RestoreArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let taken_at = match args.command {
        Some(RestoreCommand::Mark(args)) => {
            let databases = args.target.databases()?;
            let ahead = args.numbers.numbers_ahead;
            backup::mark(
                &databases,
                "put back by other means",
                args.taken_at,
                ahead,
                clock,
                say,
            )
            .await
            .map_err(failure)?;
            args.taken_at
        }
        None if args.put_back.papers_only => {
            let taken_at = put_back(args.put_back, clock).await?;
            println!(
                "the papers of {} are there; those taken in since are not. The databases are to go back to that moment, or a little before",
                taken_at.to_rfc3339_opts(SecondsFormat::Secs, true)
            );
            return Ok(ExitCode::SUCCESS);
        }
        None => put_back(args.put_back, clock).await?,
    };
    println!(
        "restored to {}: what happened in the {} minutes since is lost. Start the services, then run `tadamon audit verify`",
        taken_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        (clock.now() - taken_at).num_minutes()
    );
    Ok(ExitCode::SUCCESS)
}

fn say(line: String) {
    println!("{line}");
}

async fn put_back(args: PutBackArgs, clock: &Clock) -> Result<DateTime<Utc>, Failure> {
    let folder = args
        .folder
        .ok_or_else(|| Failure::usage("name a backup's folder"))?;
    let programs = args.programs.unless(args.papers_only).await?;
    let plan = Restoration {
        folder,
        databases: args.target.unless(args.papers_only)?,
        papers: args.target.papers()?,
        replace: args.replace,
        numbers_ahead: args.numbers.numbers_ahead,
    };
    let restored = backup::put_back(&plan, &programs, clock, say).await;
    let (manifest, _) = restored.map_err(failure)?;
    Ok(manifest.taken_at)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser, Debug)]
    struct Line {
        #[command(flatten)]
        args: RestoreArgs,
    }

    #[test]
    fn a_restore_needs_a_folder_and_a_mark_the_moment() {
        let read = |words: &[&str]| Line::try_parse_from([&["restore"], words].concat());
        assert!(read(&[]).is_err());
        assert_eq!(
            read(&["x"]).unwrap().args.put_back.numbers.numbers_ahead,
            NUMBERS_AHEAD
        );
        assert!(read(&["mark"]).is_err());
        assert!(read(&["mark", "--taken-at", "yesterday"]).is_err());
        assert!(read(&["mark", "--taken-at", "2026-11-23T01:30:00Z"]).is_ok());
    }
}
