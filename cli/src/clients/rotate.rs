//! `tadamon clients rotate`: another secret, with an overlap in which both work.

use chrono::{DateTime, Utc};
use identity_proto::v1::RotateClientSecretRequest;
use identity_proto::v1::client_service_client::ClientServiceClient;
use serde_json::json;

use super::SCOPE;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused, told};

#[derive(clap::Args, Debug)]
pub(crate) struct RotateArgs {
    /// The client, as `tadamon clients list` shows it.
    client_id: String,
    /// How many hours the present secret goes on; 0 ends it at once, 168 is the most.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=168))]
    overlap_hours: u32,
    /// One JSON document instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    identity: IdentityArgs,
}

pub(super) async fn run(args: RotateArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let request = identity.request(RotateClientSecretRequest {
        client_id: args.client_id.clone(),
        overlap_seconds: Some(args.overlap_hours * 3600),
    });
    let made = ClientServiceClient::new(identity.channel.clone())
        .rotate_client_secret(request)
        .await
        .map_err(|status| refused("another secret", &status))?
        .into_inner();
    let until = told(made.previous_until.as_ref());
    if args.json {
        println!(
            "{}",
            json!({ "client_id": args.client_id, "client_secret": made.client_secret, "previous_until": until })
        );
    } else {
        println!(
            "client {}\nsecret {}\nThe one before works until {until}. The secret is not shown again.",
            args.client_id, made.client_secret
        );
    }
    Ok(())
}
