//! `tadamon bootstrap --administrator`: asks identity for the first administrator and prints the link that sets the password. The link is shown
//! here once and nowhere else; no password passes through the command line.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use identity_proto::v1::administration_service_client::AdministrationServiceClient;
use identity_proto::v1::{CreateFirstAdministratorRequest, CreateFirstAdministratorResponse};
use platform::status::reason;
use tonic::Request;

use crate::client::{self, ClientArgs, LocalArgs};
use crate::exit::Failure;
use crate::identity;

const SCOPE: &str = "identity.bootstrap";

#[derive(clap::Args, Debug)]
pub(crate) struct AdministratorArgs {
    /// Login of the first administrator: 1 to 8 digits, nobody's payroll number. Identity must be running with these keys.
    #[arg(long, value_name = "LOGIN", requires = "email")]
    administrator: Option<String>,
    /// The administrator's address, kept sealed: later links and notices go there.
    #[arg(long, requires = "administrator")]
    email: Option<String>,
    /// Language of the page behind the link.
    #[arg(long, default_value = "fr", value_parser = ["ar", "fr"])]
    locale: String,
    /// Make another link for the same login: the first one was lost before a password was set.
    #[arg(long, requires = "administrator")]
    renew_link: bool,
    /// Where identity answers; as the local installation has it unless said.
    #[arg(long, env = "TADAMON_IDENTITY_URL")]
    identity: Option<String>,
    /// Identity's token endpoint, as it names itself; that of the local installation unless said.
    #[arg(long, env = "TADAMON_TOKEN_URL")]
    token_url: Option<String>,
    #[command(flatten)]
    local: LocalArgs,
}

/// Does nothing when no administrator was asked for; says so and is content when there is one already.
pub(crate) async fn run(args: AdministratorArgs, keys: PathBuf, now: DateTime<Utc>) -> Result<(), Failure> {
    let (Some(login), Some(email)) = (args.administrator, args.email) else {
        return Ok(());
    };
    let url = args.identity.unwrap_or_else(|| args.local.url(identity::PORT));
    let channel = args
        .local
        .channel("identity", &url, "--identity (TADAMON_IDENTITY_URL)")?;
    let client = ClientArgs::new(keys, args.token_url, args.local);
    let token = client::token(&client, "identity", SCOPE, now).await?;
    let message = CreateFirstAdministratorRequest {
        login: login.clone(),
        email,
        locale: args.locale,
        renew_link: args.renew_link,
    };
    let renewing = args.renew_link;
    let request = auth::client::with_token(Request::new(message), &token);
    let mut identity = AdministrationServiceClient::new(channel);
    match identity.create_first_administrator(request).await {
        Ok(made) => {
            println!("{}", told(&login, &made.into_inner()));
            Ok(())
        }
        Err(status) if reason(&status).as_deref() == Some("ADMINISTRATOR_EXISTS") && renewing => {
            Err(Failure::refused(
                "no link was made: the administrator has another login, or set a password already",
            ))
        }
        Err(status) if reason(&status).as_deref() == Some("ADMINISTRATOR_EXISTS") => {
            println!("already bootstrapped: there is an administrator; nothing was changed");
            Ok(())
        }
        Err(status) => Err(Failure::of_call("identity", "the administrator", &status)),
    }
}

fn told(login: &str, made: &CreateFirstAdministratorResponse) -> String {
    let until = made
        .expires_at
        .as_ref()
        .and_then(|at| DateTime::from_timestamp(at.seconds, 0))
        .map(|at| format!(" until {}", at.format("%Y-%m-%d %H:%M UTC")))
        .unwrap_or_default();
    format!(
        "administrator {login}: set the password by this link, once{until}. It is not shown again.\n{}",
        made.link
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_told_with_its_end_and_nothing_else_of_the_person() {
        let made = CreateFirstAdministratorResponse {
            link: "http://localhost:24800/fr/account/link/x".to_owned(),
            expires_at: Some(pbjson_types::Timestamp {
                seconds: 1_795_350_600,
                nanos: 0,
            }),
        };
        assert_eq!(
            told("99000001", &made),
            "administrator 99000001: set the password by this link, once until 2026-11-22 12:30 UTC. It is not shown again.\n\
             http://localhost:24800/fr/account/link/x"
        );
    }
}
