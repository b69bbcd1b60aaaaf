//! `tadamon demo agents`: one agent for each role of the back office, made and enrolled by the calls that an operator and the agent would cause.
//! Their passwords are the demonstration's, and the secrets of their second factors stand in a file of the demonstration folder, for
//! `tadamon demo code`. Identity refuses it outside a demonstration.

pub(super) mod cast;
mod enrol;
pub(super) mod kept;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use self::kept::KeptAgents;
use crate::client;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs};

/// Identity gives it in a demonstration only.
pub(super) const DEMONSTRATION_SCOPE: &str = "demo.load";

#[derive(clap::Args, Debug)]
pub(crate) struct AgentsArgs {
    /// Folder of the demonstration, where the secrets are kept.
    #[arg(long, env = "TADAMON_DEMONSTRATION", default_value = ".local/demonstration")]
    directory: PathBuf,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// Makes who is not there yet and says how many those were. A run that was interrupted is gone on with.
pub(crate) async fn run(args: AgentsArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    client::token(&args.identity.client, "identity", DEMONSTRATION_SCOPE, now).await?;
    let mut kept = KeptAgents::read(&args.directory)?;
    kept.token_url = args.identity.client.token_url();
    let missing: Vec<_> = cast::agents()
        .into_iter()
        .filter(|agent| kept.secret(agent.name).is_none())
        .collect();
    if !missing.is_empty() {
        let operator = Identity::open(&args.identity, crate::agents::SCOPE, now).await?;
        let enrolment = enrol::Enrolment::new(operator, args.identity.client.keys())?;
        for agent in &missing {
            let secret = enrolment.run(agent).await?;
            kept.keep(agent, secret);
            kept.write(&args.directory)?;
        }
    }
    kept.write(&args.directory)?;
    println!("demonstration: {} agents enrolled", missing.len());
    Ok(())
}
