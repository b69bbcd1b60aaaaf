//! `tadamon keys`: signing keys of an installation, how old they are, and their replacement in three steps that break no running token. The files
//! of the key directory and no server; what each key is for stands in `deploy/keys.md`, the order of steps in `docs/operations/rotate.md`.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use platform::keys::rotation::{self, RotationError};
use platform::keys::{KeyDirectory, KeyError, TrustFile};

use crate::exit::Failure;

#[derive(Subcommand, Debug)]
pub(crate) enum KeysCommand {
    /// Every signing key: whose it is, its id, its age, and whether it signs.
    List(DirectoryArgs),
    /// Make a new signing key and have everybody believe it beside the old one.
    Announce(StepArgs),
    /// Let the announced key sign: restart its owner afterwards.
    Switch(UrgentArgs),
    /// No longer believe the replaced key, once nothing that it signed is good any more.
    Retire(UrgentArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct DirectoryArgs {
    /// Directory that `tadamon bootstrap` made.
    #[arg(long, env = "TADAMON_KEYS", default_value = ".local/keys")]
    keys: PathBuf,
}

#[derive(clap::Args, Debug)]
pub(crate) struct StepArgs {
    /// Whose key: identity, membership, benefits ...
    principal: String,
    #[command(flatten)]
    directory: DirectoryArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct UrgentArgs {
    /// The old key is in wrong hands: do not wait. What it signed is refused.
    #[arg(long)]
    stolen: bool,
    #[command(flatten)]
    step: StepArgs,
}

pub(crate) fn run(command: KeysCommand, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    match command {
        KeysCommand::List(args) => list(&args, now)?,
        KeysCommand::Announce(args) => {
            let kid = rotation::announce(&args.directory.keys, &args.principal, now).map_err(refused)?;
            println!(
                "{kid} is in trust.json beside the old key; when every service has read it, `tadamon keys switch {}`",
                args.principal
            );
        }
        KeysCommand::Switch(UrgentArgs { stolen, step }) => {
            let kid =
                rotation::switch(&step.directory.keys, &step.principal, now, stolen).map_err(refused)?;
            println!(
                "{kid} signs from the next start of {0} on: restart it now, and later `tadamon keys retire {0}`",
                step.principal
            );
        }
        KeysCommand::Retire(UrgentArgs { stolen, step }) => {
            let retired =
                rotation::retire(&step.directory.keys, &step.principal, now, stolen).map_err(refused)?;
            for kid in &retired.gone {
                println!("{kid} is no longer believed");
            }
            for (kid, until) in &retired.kept {
                println!(
                    "{kid} stays until {}: what it signed may be shown until then",
                    instant(*until)
                );
            }
            if retired == rotation::Retired::default() {
                println!("{} has no replaced key; nothing was changed", step.principal);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn refused(error: RotationError) -> Failure {
    match error {
        RotationError::UnknownPrincipal(_) => Failure::usage(error.to_string()),
        RotationError::NotAnnounced(_) | RotationError::TooEarly { .. } => {
            Failure::refused(error.to_string())
        }
        RotationError::Keys(error) => unreadable(&error),
        RotationError::Io(error) => Failure::refused(format!("the key directory: {error}")),
    }
}

fn unreadable(error: &KeyError) -> Failure {
    Failure::refused(error.to_string())
}

fn list(args: &DirectoryArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let directory = KeyDirectory::open(&args.keys);
    let trust = TrustFile::read(&directory.trust_path()).map_err(|error| unreadable(&error))?;
    for line in &trust.keys {
        let signs = directory
            .public_half(&line.issuer)
            .is_ok_and(|public| public == line.public);
        let state = match (signs, line.replaced_at) {
            (true, _) => "signs".to_owned(),
            (false, None) => "believed, does not sign".to_owned(),
            (false, Some(at)) => format!("replaced {}", instant(at)),
        };
        let age = line.made_at.map_or_else(
            || "age unknown".to_owned(),
            |made| format!("{} days", (now - made).num_days()),
        );
        println!("{}  {}  {age}  {state}", line.issuer, line.kid);
    }
    Ok(())
}
