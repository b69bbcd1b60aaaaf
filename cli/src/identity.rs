//! Identity as the operator's commands call it: where it answers, a token for one scope, and what a refusal means to whoever typed the command.

use chrono::{DateTime, Utc};
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::client::{self, ClientArgs};
use crate::exit::Failure;

/// From the base of a local installation (deploy/local/ports.toml).
pub(crate) const PORT: u16 = 20;

/// Where identity answers, and with which key we ask.
#[derive(clap::Args, Debug)]
pub(crate) struct IdentityArgs {
    /// Where identity answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_IDENTITY_URL")]
    identity: Option<String>,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

impl IdentityArgs {
    pub(crate) fn url(&self) -> String {
        self.identity
            .clone()
            .unwrap_or_else(|| self.client.local.url(PORT))
    }
}

/// A connection and a token for one call or a few.
pub(crate) struct Identity {
    pub(crate) channel: Channel,
    token: String,
}

impl Identity {
    pub(crate) async fn open(args: &IdentityArgs, scope: &str, now: DateTime<Utc>) -> Result<Self, Failure> {
        let channel =
            args.client
                .local
                .channel("identity", &args.url(), "--identity (TADAMON_IDENTITY_URL)")?;
        let token = client::token(&args.client, "identity", scope, now).await?;
        Ok(Self { channel, token })
    }

    /// A call in the command line's name.
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        auth::client::with_token(Request::new(message), &self.token)
    }
}

/// What identity's answer means; see [`Failure::of_call`].
pub(crate) fn refused(what: &str, status: &Status) -> Failure {
    Failure::of_call("identity", what, status)
}

/// An instant of the contract as operators read it; empty when there is none.
pub(crate) fn told(at: Option<&pbjson_types::Timestamp>) -> String {
    at.and_then(|at| DateTime::from_timestamp(at.seconds, 0))
        .map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_to_the_minute() {
        let at = pbjson_types::Timestamp {
            seconds: 1_795_350_600,
            nanos: 0,
        };
        assert_eq!(told(Some(&at)), "2026-11-22 12:30 UTC");
        assert_eq!(told(None), "");
    }
}
