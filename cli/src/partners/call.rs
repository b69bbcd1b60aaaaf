//! Partnerships as the operator's commands call it: where it answers, a token for the administration, and what a refusal means.

use chrono::{DateTime, Utc};
use partnerships_proto::v1::administration_service_client::AdministrationServiceClient;
use platform::ids::uuid_v7;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::client::{self, ClientArgs};
use crate::exit::Failure;

const SCOPE: &str = "partnerships.admin";

/// From the base of a local installation (deploy/local/ports.toml).
const PORT: u16 = 24;

/// Where partnerships answers, and with which key we ask.
#[derive(clap::Args, Debug)]
pub(crate) struct PartnershipsArgs {
    /// Where partnerships answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_PARTNERSHIPS_URL")]
    pub(crate) partnerships: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

impl PartnershipsArgs {
    pub(crate) fn url(&self) -> String {
        self.partnerships
            .clone()
            .unwrap_or_else(|| self.client.local.url(PORT))
    }
}

/// A connection and a token for a few calls.
pub(crate) struct Partnerships {
    channel: Channel,
    token: String,
}

impl Partnerships {
    pub(crate) async fn open(args: &PartnershipsArgs, now: DateTime<Utc>) -> Result<Self, Failure> {
        let channel = args.client.local.channel(
            "partnerships",
            &args.url(),
            "--partnerships (TADAMON_PARTNERSHIPS_URL)",
        )?;
        let token = client::token(&args.client, "partnerships", SCOPE, now).await?;
        Ok(Self { channel, token })
    }

    pub(crate) fn service(&self) -> AdministrationServiceClient<Channel> {
        AdministrationServiceClient::new(self.channel.clone())
    }

    /// A call in the command line's name.
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        auth::client::with_token(Request::new(message), &self.token)
    }
}

/// A fresh idempotency key: a command that is typed again is another order.
pub(crate) fn key(now: DateTime<Utc>) -> String {
    uuid_v7(now).to_string()
}

/// What partnerships's answer means; see [`Failure::of_call`].
pub(crate) fn refused(what: &str, status: &Status) -> Failure {
    Failure::of_call("partnerships", what, status)
}
