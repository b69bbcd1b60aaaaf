//! `tadamon clients create`: one client, for a partner's system or an internal application.

use chrono::{DateTime, Utc};
use identity_proto::v1::CreateClientRequest;
use identity_proto::v1::client_service_client::ClientServiceClient;
use serde_json::json;

use super::SCOPE;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused};

#[derive(clap::Args, Debug)]
pub(crate) struct CreateArgs {
    /// What operators know it by: a-z, 0-9 and hyphens.
    name: String,
    #[arg(long, value_parser = ["partner", "app"])]
    kind: String,
    /// What it may do; say it again for more.
    #[arg(long = "scope", required = true)]
    scopes: Vec<String>,
    /// The service that an application's tokens are for; a partner's is partnerships.
    #[arg(long, default_value = "", required_if_eq("kind", "app"))]
    audience: String,
    /// One JSON document instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    identity: IdentityArgs,
}

pub(super) async fn run(args: CreateArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let request = identity.request(CreateClientRequest {
        kind: args.kind,
        name: args.name,
        scopes: args.scopes,
        audience: args.audience,
    });
    let made = ClientServiceClient::new(identity.channel.clone())
        .create_client(request)
        .await
        .map_err(|status| refused("the client", &status))?
        .into_inner();
    if args.json {
        println!(
            "{}",
            json!({ "client_id": made.client_id, "client_secret": made.client_secret })
        );
    } else {
        println!(
            "client {}\nsecret {}\nThe secret is not shown again; `tadamon clients rotate {}` makes another.",
            made.client_id, made.client_secret, made.client_id
        );
    }
    Ok(())
}
