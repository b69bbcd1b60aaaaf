//! `tadamon agents list`: every account of the back office, a line each.

use chrono::{DateTime, Utc};
use identity_proto::v1::agent_service_client::AgentServiceClient;
use identity_proto::v1::{Agent, ListAgentsRequest};
use serde_json::json;

use super::SCOPE;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused};

const PAGE: i32 = 200;

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// JSON lines instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    identity: IdentityArgs,
}

pub(super) async fn run(args: ListArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    for agent in all(&identity).await? {
        println!("{}", line(&agent, args.json));
    }
    Ok(())
}

/// Every page of the list.
pub(crate) async fn all(identity: &Identity) -> Result<Vec<Agent>, Failure> {
    let mut agents = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = identity.request(ListAgentsRequest {
            page_size: PAGE,
            page_token,
        });
        let page = AgentServiceClient::new(identity.channel.clone())
            .list_agents(request)
            .await
            .map_err(|status| refused("the list", &status))?
            .into_inner();
        agents.extend(page.agents);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(agents);
        }
    }
}

fn line(agent: &Agent, json: bool) -> String {
    let state = if agent.disabled_at.is_some() {
        "disabled"
    } else if agent.activated_at.is_none() {
        "no password yet"
    } else if !agent.second_factor {
        "no second factor yet"
    } else {
        "open"
    };
    if json {
        return json!({
            "account_id": agent.account_id, "login": agent.login, "roles": agent.roles, "state": state,
            "member_id": agent.member_id, "membership": membership(agent), "recovery_codes_left": agent.recovery_codes_left,
        })
        .to_string();
    }
    format!(
        "{}  {:8}  {state:20}  {}{}",
        agent.account_id,
        agent.login,
        agent.roles.join(" "),
        if membership(agent) == "unsaid" {
            "  (membership unsaid)"
        } else {
            ""
        }
    )
}

/// Unsaid: of the roles only administrator counts until somebody says it.
fn membership(agent: &Agent) -> &'static str {
    match (agent.member_id.is_empty(), agent.no_membership) {
        (false, _) => "member",
        (true, true) => "none",
        (true, false) => "unsaid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_with_which_roles_and_what_is_missing() {
        let at = Some(pbjson_types::Timestamp::default());
        let fresh = Agent {
            account_id: "018f".to_owned(),
            login: "99000002".to_owned(),
            roles: vec!["finance".to_owned()],
            ..Agent::default()
        };
        assert_eq!(
            line(&fresh, false),
            "018f  99000002  no password yet       finance  (membership unsaid)"
        );
        let said = Agent {
            no_membership: true,
            ..fresh.clone()
        };
        assert_eq!(
            line(&said, false),
            "018f  99000002  no password yet       finance"
        );
        assert!(line(&said, true).contains(r#""membership":"none""#));
        let waiting = Agent {
            activated_at: at,
            ..fresh.clone()
        };
        assert!(line(&waiting, false).contains("no second factor yet"));
        let open = Agent {
            second_factor: true,
            ..waiting.clone()
        };
        assert!(line(&open, true).contains(r#""state":"open""#));
        let closed = Agent {
            disabled_at: at,
            ..open
        };
        assert!(line(&closed, false).contains("disabled"));
    }
}
