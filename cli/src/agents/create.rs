//! `tadamon agents create`: one account, its roles, and the link for its owner.

use chrono::{DateTime, Utc};
use clap::builder::PossibleValuesParser;
use identity_proto::v1::CreateAgentRequest;
use identity_proto::v1::agent_service_client::AgentServiceClient;
use kernel::permission::Role;
use serde_json::json;

use super::SCOPE;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused, told};

#[derive(clap::Args, Debug)]
pub(crate) struct CreateArgs {
    /// 1 to 8 digits, nobody's payroll number.
    login: String,
    /// The agent's address; kept sealed. Later links and notices go there.
    #[arg(long)]
    email: String,
    /// A role; say it again for more. Duties that exclude each other are refused.
    #[arg(long = "role", required = true, value_parser = roles())]
    roles: Vec<String>,
    /// The agent's own payroll number, when they are a member too: they are kept from their own and their relatives' files.
    #[arg(
        long,
        default_value = "",
        required_unless_present = "no_membership",
        conflicts_with = "no_membership"
    )]
    matricule: String,
    /// The agent is no member. This or the payroll number has to be said.
    #[arg(long)]
    no_membership: bool,
    /// Language of the link's page and of the back office.
    #[arg(long, default_value = "fr", value_parser = ["ar", "fr"])]
    locale: String,
    /// One JSON document instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// The words of the roles, as the parser offers them.
pub(super) fn roles() -> PossibleValuesParser {
    PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str()))
}

pub(super) async fn run(args: CreateArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let request = identity.request(CreateAgentRequest {
        login: args.login.clone(),
        email: args.email,
        locale: args.locale,
        roles: args.roles,
        matricule: args.matricule,
        no_membership: args.no_membership,
    });
    let made = AgentServiceClient::new(identity.channel.clone())
        .create_agent(request)
        .await
        .map_err(|status| refused("the agent", &status))?
        .into_inner();
    if args.json {
        println!(
            "{}",
            json!({ "account_id": made.account_id, "login": args.login, "link": made.link })
        );
    } else {
        println!(
            "agent {} (account {}): set the password by this link, once until {}. It is not shown again.\n{}",
            args.login,
            made.account_id,
            told(made.expires_at.as_ref()),
            made.link
        );
    }
    Ok(())
}
