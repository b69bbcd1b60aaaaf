//! Makes one agent and enrols their second factor: account, link, password, sign-in, terms, secret, first code. Whoever was left half made by an
//! interrupted run gets another link and begins the factor anew.

use std::path::Path;

use anyhow::{Context as _, Result};
use auth::client::{ServiceInterceptor, ServiceTokens, with_token};
use auth::token::SigningKey;
use identity_proto::v1::account_service_client::AccountServiceClient;
use identity_proto::v1::agent_service_client::AgentServiceClient;
use identity_proto::v1::second_factor_service_client::SecondFactorServiceClient;
use identity_proto::v1::session_service_client::SessionServiceClient;
use identity_proto::v1::terms_service_client::TermsServiceClient;
use identity_proto::v1::{
    AcceptTermsRequest, BeginTotpEnrolmentRequest, ConfirmTotpEnrolmentRequest, CreateAgentRequest,
    ExchangeSessionRequest, Form, GetTermsRequest, IssueAgentLinkRequest, ResetSecondFactorRequest,
    SetPasswordRequest, SignInRequest,
};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::keys::KeyDirectory;
use platform::status::reason;
use tonic::Request;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;

use super::super::code::code_at;
use super::super::load::{PASSWORD, robot_proof};
use super::cast::DemoAgent;
use crate::exit::Failure;
use crate::identity::{Identity, refused};

type Own = InterceptedService<Channel, ServiceInterceptor>;

/// Nobody's: it only has to look like an address.
const EMAIL: &str = "agents@tadamon.example";

/// Identity as the operator and as the portal see it.
pub(super) struct Enrolment {
    operator: Identity,
    accounts: AccountServiceClient<Own>,
    sessions: SessionServiceClient<Own>,
    terms: TermsServiceClient<Own>,
    second_factors: SecondFactorServiceClient<Own>,
}

impl Enrolment {
    pub(super) fn new(operator: Identity, keys: &Path) -> Result<Self> {
        let key = SigningKey::open(&KeyDirectory::open(keys), "portal").context("the portal's key")?;
        let own = ServiceTokens::new(key, Clock::system()).interceptor("identity");
        let channel = operator.channel.clone();
        Ok(Self {
            operator,
            accounts: AccountServiceClient::with_interceptor(channel.clone(), own.clone()),
            sessions: SessionServiceClient::with_interceptor(channel.clone(), own.clone()),
            terms: TermsServiceClient::with_interceptor(channel.clone(), own.clone()),
            second_factors: SecondFactorServiceClient::with_interceptor(channel, own),
        })
    }

    /// The secret of the agent's second factor, in base32.
    pub(super) async fn run(&self, agent: &DemoAgent) -> Result<String, Failure> {
        let link = self.link(agent).await?;
        let link_token = link.rsplit('/').next().unwrap_or_default().to_owned();
        let secret = self.enrol(agent, link_token).await;
        Ok(secret.with_context(|| format!("the agent {}", agent.name))?)
    }

    /// A link that sets the password, of a new account or of one that is there.
    async fn link(&self, agent: &DemoAgent) -> Result<String, Failure> {
        let mut agents = AgentServiceClient::new(self.operator.channel.clone());
        let create = CreateAgentRequest {
            login: agent.login.to_owned(),
            email: EMAIL.to_owned(),
            locale: agent.locale.to_owned(),
            roles: vec![agent.role.to_owned()],
            matricule: agent.matricule.to_owned(),
            no_membership: agent.matricule.is_empty(),
        };
        let taken = match agents.create_agent(self.operator.request(create)).await {
            Ok(made) => return Ok(made.into_inner().link),
            Err(status) if reason(&status).as_deref() == Some("LOGIN_TAKEN") => status,
            Err(status) => return Err(refused(agent.name, &status)),
        };
        let found = crate::agents::all(&self.operator)
            .await?
            .into_iter()
            .find(|known| known.login == agent.login && known.disabled_at.is_none());
        let account_id = found.ok_or_else(|| refused(agent.name, &taken))?.account_id;
        let reset = ResetSecondFactorRequest {
            account_id: account_id.clone(),
            idempotency_key: uuid_v7(Clock::system().now()).to_string(),
        };
        agents
            .reset_second_factor(self.operator.request(reset))
            .await
            .map_err(|status| refused(agent.name, &status))?;
        let again = IssueAgentLinkRequest {
            account_id,
            email: EMAIL.to_owned(),
        };
        let made = agents.issue_agent_link(self.operator.request(again)).await;
        Ok(made
            .map_err(|status| refused(agent.name, &status))?
            .into_inner()
            .link)
    }

    async fn enrol(&self, agent: &DemoAgent, link_token: String) -> Result<String> {
        let password = SetPasswordRequest {
            link_token,
            password: PASSWORD.to_owned(),
        };
        let device_token = self
            .accounts
            .clone()
            .set_password(password)
            .await?
            .into_inner()
            .device_token;
        let sign_in = SignInRequest {
            matricule: agent.login.to_owned(),
            password: PASSWORD.to_owned(),
            proof: Some(robot_proof(&self.accounts, Form::SignIn).await?),
            device_token,
            locale: agent.locale.to_owned(),
            client_address: String::new(),
            device_label: "tadamon demo agents".to_owned(),
        };
        let session_token = self
            .sessions
            .clone()
            .sign_in(sign_in)
            .await?
            .into_inner()
            .session_token;
        self.accept_terms(agent, &session_token).await?;
        let begin = BeginTotpEnrolmentRequest {
            session_token: session_token.clone(),
        };
        let begun = self.second_factors.clone().begin_totp_enrolment(begin).await?;
        let secret = begun.into_inner().secret.replace(' ', "");
        let (code, _) = code_at(&secret, Clock::system().now())?;
        let confirm = ConfirmTotpEnrolmentRequest { session_token, code };
        self.second_factors
            .clone()
            .confirm_totp_enrolment(confirm)
            .await?;
        Ok(secret)
    }

    async fn accept_terms(&self, agent: &DemoAgent, session_token: &str) -> Result<()> {
        let get = GetTermsRequest {
            locale: agent.locale.to_owned(),
        };
        let version = self.terms.clone().get_terms(get).await?.into_inner().version;
        let exchange = ExchangeSessionRequest {
            session_token: session_token.to_owned(),
            audience: "identity".to_owned(),
        };
        let token = self
            .sessions
            .clone()
            .exchange_session(exchange)
            .await?
            .into_inner()
            .access_token;
        let request = with_token(Request::new(AcceptTermsRequest { version }), &token);
        TermsServiceClient::new(self.operator.channel.clone())
            .accept_terms(request)
            .await?;
        Ok(())
    }
}
