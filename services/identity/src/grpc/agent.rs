//! `AgentService`: agents' accounts, for administrators and the operator's command line.

use std::sync::Arc;

use auth::{Caller, caller};
use identity_proto::v1::agent_service_server::AgentService;
use identity_proto::v1::{
    Agent, CreateAgentRequest, CreateAgentResponse, DisableAgentRequest, DisableAgentResponse,
    IssueAgentLinkRequest, IssueAgentLinkResponse, ListAgentsRequest, ListAgentsResponse,
    ResetSecondFactorRequest, ResetSecondFactorResponse, SetAgentMembershipRequest,
    SetAgentMembershipResponse, SetAgentRolesRequest, SetAgentRolesResponse,
};
use kernel::{AccountId, CallerKind};
use platform::idempotency::hash_of;
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::domain::agent::TypedAgent;
use crate::error::Error;
use crate::store::agents::Listed;
use crate::use_cases::create_agent::create_agent;
use crate::use_cases::disable_agent::disable_agent;
use crate::use_cases::issue_agent_link::issue_agent_link;
use crate::use_cases::list_agents::list_agents;
use crate::use_cases::manage_agent::Manager;
use crate::use_cases::reset_second_factor::{ResetRequest, reset_second_factor};
use crate::use_cases::set_agent_membership::set_agent_membership;
use crate::use_cases::set_agent_roles::set_agent_roles;

pub(super) struct Agents(pub(super) Arc<Context>);

/// The permission table lets in administrators and one app, nobody else.
fn manager(caller: &Caller) -> Result<Manager, Status> {
    Ok(match caller.kind {
        CallerKind::App => Manager::Operator,
        CallerKind::Agent | CallerKind::Member | CallerKind::Partner | CallerKind::Service => {
            Manager::Administrator(caller.account()?)
        }
    })
}

/// A text that is no id names no agent.
fn agent_id(text: &str) -> Result<AccountId, Error> {
    text.parse().map_err(|_| Error::AgentNotFound)
}

#[tonic::async_trait]
impl AgentService for Agents {
    async fn create_agent(
        &self,
        request: Request<CreateAgentRequest>,
    ) -> Result<Response<CreateAgentResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let typed = TypedAgent {
            login: &message.login,
            email: &message.email,
            locale: &message.locale,
            roles: &message.roles,
            matricule: &message.matricule,
            no_membership: message.no_membership,
        };
        let made = create_agent(&self.0, manager(&caller)?, &caller.actor(), typed).await?;
        Ok(Response::new(CreateAgentResponse {
            account_id: made.account_id.to_string(),
            link: made.link,
            expires_at: Some(convert::timestamp(made.expires_at)),
        }))
    }

    async fn issue_agent_link(
        &self,
        request: Request<IssueAgentLinkRequest>,
    ) -> Result<Response<IssueAgentLinkResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let id = agent_id(&message.account_id)?;
        let made = issue_agent_link(&self.0, manager(&caller)?, &caller.actor(), id, &message.email).await?;
        Ok(Response::new(IssueAgentLinkResponse {
            link: made.link,
            expires_at: Some(convert::timestamp(made.expires_at)),
        }))
    }

    async fn list_agents(
        &self,
        request: Request<ListAgentsRequest>,
    ) -> Result<Response<ListAgentsResponse>, Status> {
        let message = request.into_inner();
        let page = list_agents(&self.0, message.page_size, &message.page_token).await?;
        Ok(Response::new(ListAgentsResponse {
            agents: page.agents.into_iter().map(wire).collect(),
            next_page_token: page.next,
        }))
    }

    async fn set_agent_roles(
        &self,
        request: Request<SetAgentRolesRequest>,
    ) -> Result<Response<SetAgentRolesResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let id = agent_id(&message.account_id)?;
        set_agent_roles(&self.0, manager(&caller)?, &caller.actor(), id, &message.roles).await?;
        Ok(Response::new(SetAgentRolesResponse {}))
    }

    async fn set_agent_membership(
        &self,
        request: Request<SetAgentMembershipRequest>,
    ) -> Result<Response<SetAgentMembershipResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let id = agent_id(&message.account_id)?;
        let (matricule, none) = (&message.matricule, message.no_membership);
        set_agent_membership(&self.0, manager(&caller)?, &caller.actor(), id, matricule, none).await?;
        Ok(Response::new(SetAgentMembershipResponse {}))
    }

    async fn disable_agent(
        &self,
        request: Request<DisableAgentRequest>,
    ) -> Result<Response<DisableAgentResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let id = agent_id(&message.account_id)?;
        disable_agent(&self.0, manager(&caller)?, &caller.actor(), id, &message.reason).await?;
        Ok(Response::new(DisableAgentResponse {}))
    }

    async fn reset_second_factor(
        &self,
        request: Request<ResetSecondFactorRequest>,
    ) -> Result<Response<ResetSecondFactorResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let id = agent_id(&message.account_id)?;
        let named = ResetRequest {
            hash: hash_of(&message),
            key: message.idempotency_key,
        };
        reset_second_factor(&self.0, manager(&caller)?, &caller.actor(), id, &named).await?;
        Ok(Response::new(ResetSecondFactorResponse {}))
    }
}

fn wire((agent, login): (Listed, String)) -> Agent {
    Agent {
        account_id: agent.id.to_string(),
        login,
        roles: agent.roles,
        locale: agent.locale,
        member_id: agent.own_member_id.map(|id| id.to_string()).unwrap_or_default(),
        no_membership: agent.no_membership,
        created_at: Some(convert::timestamp(agent.created_at)),
        activated_at: agent.activated_at.map(convert::timestamp),
        disabled_at: agent.disabled_at.map(convert::timestamp),
        second_factor: agent.second_factor,
        recovery_codes_left: i32::try_from(agent.recovery_codes_left).unwrap_or(i32::MAX),
    }
}
