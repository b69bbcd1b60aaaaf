//! `tadamon clients`: OAuth clients of partners and internal applications. A secret is shown here once and nowhere else.

mod create;
mod list;
mod rotate;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use identity_proto::v1::client_service_client::ClientServiceClient;
use identity_proto::v1::{DisableClientRequest, SetClientScopesRequest};

use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused};

const SCOPE: &str = "identity.clients";

#[derive(Subcommand, Debug)]
pub(crate) enum ClientsCommand {
    /// Make a client and print its id and secret, once.
    Create(create::CreateArgs),
    /// Print another secret, once; the present one goes on for the overlap.
    Rotate(rotate::RotateArgs),
    /// Give it other scopes; one that is left out is of no use at the gateway from then on, whatever its tokens say.
    Scopes(ScopesArgs),
    /// No token for this client any more.
    Disable(DisableArgs),
    /// Every client: id, name, kind, scopes, state.
    List(list::ListArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct ScopesArgs {
    /// The client, as `tadamon clients list` shows it.
    client_id: String,
    /// What it may do from now on; say it again for more.
    #[arg(long = "scope", required = true)]
    scopes: Vec<String>,
    #[command(flatten)]
    identity: IdentityArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct DisableArgs {
    /// The client, as `tadamon clients list` shows it.
    client_id: String,
    #[command(flatten)]
    identity: IdentityArgs,
}

pub(crate) async fn run(command: ClientsCommand, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    match command {
        ClientsCommand::Create(args) => create::run(args, now).await?,
        ClientsCommand::Rotate(args) => rotate::run(args, now).await?,
        ClientsCommand::Scopes(args) => set_scopes(args, now).await?,
        ClientsCommand::Disable(args) => disable(args, now).await?,
        ClientsCommand::List(args) => list::run(args, now).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn set_scopes(args: ScopesArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let request = identity.request(SetClientScopesRequest {
        client_id: args.client_id,
        scopes: args.scopes,
    });
    ClientServiceClient::new(identity.channel.clone())
        .set_client_scopes(request)
        .await
        .map_err(|status| refused("other scopes", &status))?;
    println!("set");
    Ok(())
}

async fn disable(args: DisableArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let request = identity.request(DisableClientRequest {
        client_id: args.client_id,
    });
    ClientServiceClient::new(identity.channel.clone())
        .disable_client(request)
        .await
        .map_err(|status| refused("to disable the client", &status))?;
    println!("disabled");
    Ok(())
}
