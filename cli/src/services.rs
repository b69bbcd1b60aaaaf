//! Where the services of an installation answer, for commands that ask each of them.

use std::time::Duration;

use operations_proto::v1::operations_service_client::OperationsServiceClient;
use platform::clock::Clock;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::client::{self, ClientArgs};
use crate::exit::Failure;

const DEADLINE: Duration = Duration::from_secs(10);
/// Services with a database, and where their gRPC port stands from the base of a local installation (deploy/local/ports.toml).
pub(crate) const SERVICES: [(&str, u16); 6] = [
    ("identity", 20),
    ("membership", 21),
    ("benefits", 22),
    ("documents", 23),
    ("partnerships", 24),
    ("notifications", 25),
];

#[derive(clap::Args, Debug)]
pub(crate) struct WhereArgs {
    /// Where a service answers, as in benefits=http://127.0.0.1:24822; may be repeated. In the variable with commas between.
    #[arg(
        long = "at",
        value_name = "SERVICE=URL",
        env = "TADAMON_AT",
        value_delimiter = ','
    )]
    at: Vec<String>,
    #[command(flatten)]
    client: ClientArgs,
}

impl WhereArgs {
    pub(crate) fn url(&self, service: &str) -> Result<String, Failure> {
        let named = self.at.iter().find_map(|at| {
            at.strip_prefix(service)
                .and_then(|rest| rest.strip_prefix('='))
                .map(str::to_owned)
        });
        let offset = SERVICES
            .iter()
            .find(|(name, _)| *name == service)
            .map(|(_, offset)| *offset)
            .ok_or_else(|| Failure::usage(format!("no service is called {service:?}")))?;
        Ok(named.unwrap_or_else(|| self.client.local.url(offset)))
    }

    /// A client of the service's operations and a request in the name of the operator's program.
    pub(crate) async fn call<T>(
        &self,
        service: &str,
        scope: &str,
        message: T,
        clock: &Clock,
    ) -> Result<(OperationsServiceClient<Channel>, Request<T>), Failure> {
        let at = format!("--at {service}=");
        let channel = self.client.local.channel(service, &self.url(service)?, &at)?;
        let token = client::token(&self.client, service, scope, clock.now()).await?;
        let mut request = auth::client::with_token(Request::new(message), &token);
        request.set_timeout(DEADLINE);
        Ok((OperationsServiceClient::new(channel), request))
    }
}

/// Nobody answers, as against an answer that refuses.
pub(crate) fn is_away(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_its_url_or_from_the_base_port() {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            place: WhereArgs,
        }
        let place =
            <Line as clap::Parser>::parse_from(["x", "--at", "benefits=http://b:1", "--base-port", "30000"])
                .place;
        assert_eq!(place.url("benefits").unwrap(), "http://b:1");
        assert_eq!(place.url("notifications").unwrap(), "http://127.0.0.1:30025");
        assert_eq!(place.url("nobody").unwrap_err().code(), 64);
    }
}
