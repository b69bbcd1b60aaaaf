//! Partnerships as the operator's commands call it: where it answers, a token for the administration, and what a refusal means.

use chrono::{DateTime, Utc};
use partnerships_proto::v1::administration_service_client::AdministrationServiceClient;
use platform::ids::uuid_v7;
use platform::status::{fields, reason};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::client::{self, ClientArgs};
use crate::exit::Failure;

const SCOPE: &str = "partnerships.admin";

/// Where partnerships answers, and with which key we ask.
#[derive(clap::Args, Debug)]
pub(crate) struct PartnershipsArgs {
    /// Where partnerships answers.
    #[arg(
        long,
        env = "TADAMON_PARTNERSHIPS_URL",
        default_value = "http://127.0.0.1:24824"
    )]
    pub(crate) partnerships: String,
    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

/// A connection and a token for a few calls.
pub(crate) struct Partnerships {
    channel: Channel,
    token: String,
}

impl Partnerships {
    pub(crate) async fn open(args: &PartnershipsArgs, now: DateTime<Utc>) -> Result<Self, Failure> {
        let channel = platform::grpc::channel(&args.partnerships)
            .map_err(|_| Failure::usage("--partnerships must be a URL such as http://127.0.0.1:24824"))?;
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

/// What a refusal means: wrong input names its fields, an absent service may be asked again.
pub(crate) fn refused(what: &str, status: &Status) -> Failure {
    let why = reason(status).unwrap_or_else(|| format!("{:?}", status.code()));
    match status.code() {
        Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::FailedPrecondition
        | Code::PermissionDenied
        | Code::Unauthenticated => {
            let wrong: Vec<String> = fields(status)
                .into_iter()
                .map(|field| format!("{} {}: {}", field.name, field.reason, field.message))
                .collect();
            let wrong = if wrong.is_empty() { why } else { wrong.join(", ") };
            Failure::refused(format!("partnerships refused {what} [{wrong}]"))
        }
        _ => Failure::unavailable(format!("partnerships does not answer [{why}]; try again")),
    }
}

#[cfg(test)]
mod tests {
    use platform::status::Problem;

    use super::*;

    #[test]
    fn wrong_fields_are_named_and_an_absence_is_another_code() {
        let wrong = Problem::new(Code::InvalidArgument, "AGREEMENT_INVALID")
            .field("offers", "PERCENT_INVALID", "1 to 10000 basis points")
            .into_status();
        assert_eq!(refused("the agreement", &wrong).code(), 65);
        assert_eq!(refused("the agreement", &Status::not_found("x")).code(), 65);
        assert_eq!(refused("the agreement", &Status::unavailable("x")).code(), 69);
    }
}
