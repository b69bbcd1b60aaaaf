//! `tadamon agents`: accounts of the back office. A link is shown here once and nowhere else; no password passes through the command line.

mod create;
mod list;

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use identity_proto::v1::agent_service_client::AgentServiceClient;
use identity_proto::v1::{
    DisableAgentRequest, IssueAgentLinkRequest, ResetSecondFactorRequest, SetAgentMembershipRequest,
    SetAgentRolesRequest,
};
use platform::ids::uuid_v7;

use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused, told};

pub(crate) const SCOPE: &str = "identity.agents";

pub(crate) use list::all;

#[derive(Subcommand, Debug)]
pub(crate) enum AgentsCommand {
    /// Make an agent's account and print the link that sets the password, once.
    Create(create::CreateArgs),
    /// Every agent's account: id, login, roles, state.
    List(list::ListArgs),
    /// Mail another link to an agent who lost theirs or forgot the password.
    Link(LinkArgs),
    /// Replace an agent's roles; their sessions end.
    Roles(RolesArgs),
    /// Note later whether an agent is a member, and which, or change what was said: nobody handles their own or a relative's file. Their sessions end.
    Membership(MembershipArgs),
    /// Forget a lost telephone: the agent enrols a second factor anew at the next sign-in.
    ResetSecondFactor(OneAgentArgs),
    /// Close an agent's account for good: sessions end at once.
    Disable(DisableArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct OneAgentArgs {
    /// The account, as `tadamon agents list` shows it.
    account_id: String,
    #[command(flatten)]
    identity: IdentityArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct LinkArgs {
    /// A new address of the agent; left out, the link goes to the one on file.
    #[arg(long, default_value = "")]
    email: String,
    #[command(flatten)]
    agent: OneAgentArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct RolesArgs {
    /// A role; say it again for more.
    #[arg(long = "role", required = true, value_parser = create::roles())]
    roles: Vec<String>,
    #[command(flatten)]
    agent: OneAgentArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct MembershipArgs {
    /// The agent's own payroll number.
    #[arg(
        long,
        default_value = "",
        required_unless_present = "none",
        conflicts_with = "none"
    )]
    matricule: String,
    /// The agent is no member.
    #[arg(long)]
    none: bool,
    #[command(flatten)]
    agent: OneAgentArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct DisableArgs {
    /// Why, for the trail.
    #[arg(long, value_parser = ["left", "moved", "lost_trust", "other"])]
    reason: String,
    #[command(flatten)]
    agent: OneAgentArgs,
}

pub(crate) async fn run(command: AgentsCommand, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    match command {
        AgentsCommand::Create(args) => create::run(args, now).await?,
        AgentsCommand::List(args) => list::run(args, now).await?,
        AgentsCommand::Link(args) => link(args, now).await?,
        AgentsCommand::Roles(args) => roles(args, now).await?,
        AgentsCommand::Membership(args) => membership(args, now).await?,
        AgentsCommand::ResetSecondFactor(args) => reset_second_factor(args, now).await?,
        AgentsCommand::Disable(args) => disable(args, now).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn link(args: LinkArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.agent.identity, SCOPE, now).await?;
    let request = identity.request(IssueAgentLinkRequest {
        account_id: args.agent.account_id,
        email: args.email,
    });
    let made = AgentServiceClient::new(identity.channel.clone())
        .issue_agent_link(request)
        .await
        .map_err(|status| refused("the link", &status))?
        .into_inner();
    let until = told(made.expires_at.as_ref());
    if made.link.is_empty() {
        println!("a link was mailed to the agent; it sets the password once until {until}");
    } else {
        println!(
            "set the password by this link, once until {until}. It is not shown again.\n{}",
            made.link
        );
    }
    Ok(())
}

async fn roles(args: RolesArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.agent.identity, SCOPE, now).await?;
    let request = identity.request(SetAgentRolesRequest {
        account_id: args.agent.account_id,
        roles: args.roles,
    });
    AgentServiceClient::new(identity.channel.clone())
        .set_agent_roles(request)
        .await
        .map_err(|status| refused("the roles", &status))?;
    println!("roles set; the agent signs in again");
    Ok(())
}

async fn membership(args: MembershipArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.agent.identity, SCOPE, now).await?;
    let request = identity.request(SetAgentMembershipRequest {
        account_id: args.agent.account_id,
        matricule: args.matricule,
        no_membership: args.none,
    });
    AgentServiceClient::new(identity.channel.clone())
        .set_agent_membership(request)
        .await
        .map_err(|status| refused("the membership", &status))?;
    println!("membership noted; the agent signs in again");
    Ok(())
}

async fn reset_second_factor(args: OneAgentArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let request = identity.request(ResetSecondFactorRequest {
        account_id: args.account_id,
        idempotency_key: uuid_v7(now).to_string(),
    });
    AgentServiceClient::new(identity.channel.clone())
        .reset_second_factor(request)
        .await
        .map_err(|status| refused("to reset the second factor", &status))?;
    println!("second factor forgotten; the agent enrols one at the next sign-in");
    Ok(())
}

async fn disable(args: DisableArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.agent.identity, SCOPE, now).await?;
    let request = identity.request(DisableAgentRequest {
        account_id: args.agent.account_id,
        reason: args.reason,
    });
    AgentServiceClient::new(identity.channel.clone())
        .disable_agent(request)
        .await
        .map_err(|status| refused("to disable the agent", &status))?;
    println!("disabled");
    Ok(())
}
