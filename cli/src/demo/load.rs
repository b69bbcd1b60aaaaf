//! `tadamon demo load`: opens the accounts of the cast, but for the newcomers', and of the members who apply, and makes about 400 applications over
//! fourteen months with everything that agents did with them, through the same calls, mails and papers as the people would cause. It inserts
//! no row: what a person cannot do, it cannot do either. Refused by services outside a demonstration.

mod account;
mod agent;
mod answer;
mod backends;
mod file;
mod keys;
mod mailbox;
mod member;
mod office;
mod paper;
pub(crate) mod plan;
mod proof;
mod session;
mod turns;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use benefits_proto::v1::GetBenefitRequest;
use chrono::NaiveDate;
use futures::StreamExt as _;
use futures::stream::{self, FuturesUnordered, TryStreamExt as _};
use indicatif::ProgressBar;
use membership_proto::v1::GetOwnRecordRequest;
use tokio::sync::Semaphore;

pub(crate) use account::{Applicant, PASSWORD};
use backends::Backends;
use file::{Applying, Loader, Progress};
use keys::Keys;
use office::Office;
use plan::{Benefit, Household, PlannedFile};
pub(super) use proof::robot_proof;
use turns::Turns;

/// Accounts that are opened at once: half of the work is a puzzle on this machine.
const ACCOUNTS_AT_ONCE: usize = 4;
const CALLS_AT_ONCE: usize = 8;
/// Says that accounts may be open already, in the demonstration's folder.
const BEGUN: &str = "load-begun";

/// Where the installation is.
#[derive(clap::Args, Debug)]
pub(crate) struct LoadArgs {
    /// Directory that `tadamon bootstrap` made; the loader speaks as the portal.
    #[arg(long)]
    keys: PathBuf,
    /// Folder of the demonstration, where the agents' secrets are kept.
    #[arg(long, env = "TADAMON_DEMONSTRATION", default_value = ".local/demonstration")]
    directory: PathBuf,
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
    /// How many members the roster has that was imported, and its seed.
    #[arg(long, default_value_t = 20_000)]
    members: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day on which the demonstration is looked at, and of the roster; the newest file is of the day before.
    #[arg(long)]
    date: NaiveDate,
}

/// Makes what is not there yet and says what there is.
///
/// # Errors
/// A service that is away or refuses; what was made before stays, and a second run within three days goes on from there.
pub(crate) async fn run(args: LoadArgs) -> Result<()> {
    let households = plan::households(args.members, args.seed, args.date);
    let files = plan::files(&households, args.seed, args.date);
    let standings = standings(&files)?;
    let backends = Backends::connect(&args)?;
    let (office, members) = tokio::try_join!(
        Office::open(&backends, &args.directory),
        open_accounts(&backends, &households, &args.directory)
    )?;
    let consent = consent(&backends, members.first().context("the cast applies")?).await?;
    let loader = Loader {
        backends,
        office,
        keys: Keys::new(args.date, args.seed),
        turns: Turns::new(&files),
        consent,
        calls: Semaphore::new(CALLS_AT_ONCE),
    };
    let progress = super::progress_bar(files.len() as u64, "files");
    let everybody = members.iter().enumerate().map(|(owner, member)| {
        let own: Vec<&PlannedFile> = files.iter().filter(|file| file.owner == owner).collect();
        carry_out(&loader, member, own, &progress)
    });
    // The first refusal ends the load: joined in their order, the others would wait for the turn of whoever was refused.
    everybody
        .collect::<FuturesUnordered<_>>()
        .try_collect::<()>()
        .await?;
    progress.finish_and_clear();
    println!(
        "demonstration: {} accounts, {} applications: {standings}",
        households.len(),
        files.len()
    );
    Ok(())
}

/// How many files there will be in each state.
fn standings(files: &[PlannedFile]) -> Result<String> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        let standing = file.standing();
        let standing =
            standing.with_context(|| format!("the plan of {} cannot be carried out", file.label))?;
        *counted.entry(standing.state()).or_default() += 1;
    }
    let counted: Vec<String> = counted
        .iter()
        .map(|(state, files)| format!("{files} {state}"))
        .collect();
    Ok(counted.join(", "))
}

async fn open_accounts(
    backends: &Backends,
    households: &[Household],
    directory: &Path,
) -> Result<Vec<Applying>> {
    let begun = directory.join(BEGUN);
    let may_be_open = begun.exists();
    fs::write(&begun, "").with_context(|| format!("cannot write {}", begun.display()))?;
    let progress = super::progress_bar(households.len() as u64, "accounts");
    let opened = stream::iter(households.iter().enumerate()).map(|(number, household)| {
        let progress = &progress;
        async move {
            let member = open_account(backends, &household.form, number, may_be_open).await;
            progress.inc(1);
            member.with_context(|| format!("the account of {}", household.form.key))
        }
    });
    let members = opened.buffered(ACCOUNTS_AT_ONCE).try_collect().await?;
    progress.finish_and_clear();
    Ok(members)
}

async fn open_account(
    backends: &Backends,
    form: &Applicant,
    number: usize,
    may_be_open: bool,
) -> Result<Applying> {
    let known = if may_be_open {
        account::sign_in(backends, form, number).await?
    } else {
        None
    };
    let session = match known {
        Some(session) => session,
        None => {
            account::open(backends, form, number).await?;
            account::sign_in(backends, form, number)
                .await?
                .context("a fresh account signs in")?
        }
    };
    let own = session
        .call(backends, "membership", GetOwnRecordRequest {})
        .await?;
    let record = backends.members.clone().get_own_record(own).await?.into_inner();
    Ok(Applying { session, record })
}

async fn consent(backends: &Backends, member: &Applying) -> Result<String> {
    let get = GetBenefitRequest {
        benefit_code: Benefit::HealthAid.code().to_owned(),
    };
    let request = member.session.call(backends, "benefits", get).await?;
    let benefit = backends
        .catalogue
        .clone()
        .get_benefit(request)
        .await?
        .into_inner();
    Ok(benefit
        .consent
        .context("the health aid asks for consent")?
        .version)
}

/// All steps of one member's files in the order of their instants: of one service there is one draft at a time, and what was granted counts.
async fn carry_out(
    loader: &Loader,
    member: &Applying,
    files: Vec<&PlannedFile>,
    progress: &ProgressBar,
) -> Result<()> {
    let mut steps: Vec<(usize, usize)> = files
        .iter()
        .enumerate()
        .flat_map(|(index, file)| (0..file.steps.len()).map(move |step| (index, step)))
        .collect();
    let at = |(index, step): &(usize, usize)| {
        files
            .get(*index)
            .and_then(|file| file.steps.get(*step))
            .map(|step| step.at)
    };
    steps.sort_by_key(|step| (at(step), *step));
    let mut under_way: Vec<Progress> = files.iter().map(|_| Progress::default()).collect();
    for (index, step) in steps {
        let (Some(file), Some(so_far)) = (files.get(index), under_way.get_mut(index)) else {
            continue;
        };
        loader.step(member, file, step, so_far).await?;
        if step + 1 == file.steps.len() {
            progress.inc(1);
        }
    }
    ensure!(
        under_way.iter().all(|file| !file.id.is_empty()),
        "a file was not made"
    );
    Ok(())
}
