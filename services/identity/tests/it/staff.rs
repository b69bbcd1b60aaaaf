//! Agents and clients in tests: made by the operator's command line, signed in with both factors as the edge does it.

use auth::token::{Claims, sign};
use chrono::{DateTime, Utc};
use identity_proto::v1::agent_service_client::AgentServiceClient;
use identity_proto::v1::client_service_client::ClientServiceClient;
use identity_proto::v1::desk_service_client::DeskServiceClient;
use identity_proto::v1::second_factor_service_client::SecondFactorServiceClient;
use identity_proto::v1::verify_second_factor_request::Proof;
use identity_proto::v1::{
    BeginTotpEnrolmentRequest, BeginTotpEnrolmentResponse, ConfirmTotpEnrolmentRequest,
    ConfirmTotpEnrolmentResponse, CreateAgentRequest, CreateAgentResponse, SignInResponse,
    VerifySecondFactorRequest, VerifySecondFactorResponse,
};
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::support::{Intercepted, PASSWORD, TestApp, token_of};
use crate::terms::accept_current;

/// An agent's account as tests sign in with it.
pub(crate) struct Agent {
    pub(crate) account_id: String,
    pub(crate) login: String,
    /// In base32, once enrolled.
    pub(crate) secret: String,
    pub(crate) recovery_codes: Vec<String>,
    /// Of a session with two factors and accepted terms.
    pub(crate) session_token: String,
}

impl TestApp {
    pub(crate) fn agents(&self) -> AgentServiceClient<Channel> {
        AgentServiceClient::new(self.channel.clone())
    }

    pub(crate) fn clients(&self) -> ClientServiceClient<Channel> {
        ClientServiceClient::new(self.channel.clone())
    }

    /// The desk as agents call it.
    pub(crate) fn desk(&self) -> DeskServiceClient<Channel> {
        DeskServiceClient::new(self.channel.clone())
    }

    /// The desk's other side, as the edge calls it.
    pub(crate) fn public_desk(&self) -> DeskServiceClient<Intercepted> {
        DeskServiceClient::with_interceptor(self.channel.clone(), self.as_service("portal"))
    }

    pub(crate) fn second_factors(&self) -> SecondFactorServiceClient<Intercepted> {
        SecondFactorServiceClient::with_interceptor(self.channel.clone(), self.as_service("portal"))
    }

    /// A call of the operator's command line.
    pub(crate) fn as_operator<T>(&self, scope: &str, message: T) -> Request<T> {
        let claims = Claims::app(
            "tadamon-cli",
            vec![scope.to_owned()],
            "identity",
            self.clock.now(),
        );
        let token = sign(&self.keys.signing_key("identity"), &claims);
        auth::client::with_token(Request::new(message), &token)
    }

    /// A fresh idempotency key.
    pub(crate) fn key(&self) -> String {
        platform::ids::uuid_v7(self.clock.now()).to_string()
    }

    /// What a change of an agent's account moves: its version, its trail, the mails about it.
    pub(crate) async fn standing_of(&self, account: &str) -> (i64, i64, i64) {
        sqlx::query_as(
            "SELECT version, (SELECT count(*) FROM audit WHERE record_id = accounts.id AND action NOT IN ('signed_in', 'session_ended')),
                    (SELECT count(*) FROM outbox WHERE event_type = 'identity.account.access_changed.v1')
             FROM accounts WHERE id = $1::uuid",
        )
        .bind(account)
        .fetch_one(&self.db.pool)
        .await
        .unwrap()
    }

    pub(crate) async fn create_agent(
        &self,
        login: &str,
        roles: &[&str],
        matricule: &str,
    ) -> Result<CreateAgentResponse, Status> {
        self.pass(1);
        let request = CreateAgentRequest {
            login: login.to_owned(),
            email: "agent@tadamon.example".to_owned(),
            locale: "fr".to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            matricule: matricule.to_owned(),
            no_membership: matricule.is_empty(),
        };
        let request = self.as_operator("identity.agents", request);
        Ok(self.agents().create_agent(request).await?.into_inner())
    }

    /// An agent with a password, signed in with it alone.
    pub(crate) async fn agent_with_password(&self, login: &str, roles: &[&str]) -> (Agent, SignInResponse) {
        self.agent_of_member(login, roles, "").await
    }

    pub(crate) async fn agent_of_member(
        &self,
        login: &str,
        roles: &[&str],
        matricule: &str,
    ) -> (Agent, SignInResponse) {
        let made = self.create_agent(login, roles, matricule).await.unwrap();
        self.set_password(&token_of(&made.link), PASSWORD).await.unwrap();
        let signed_in = self.sign_in(login, PASSWORD).await.unwrap();
        let agent = Agent {
            account_id: made.account_id,
            login: login.to_owned(),
            secret: String::new(),
            recovery_codes: Vec::new(),
            session_token: signed_in.session_token.clone(),
        };
        (agent, signed_in)
    }

    /// The same with a second factor and accepted terms: ready to work.
    pub(crate) async fn agent(&self, login: &str, roles: &[&str]) -> Agent {
        self.working_agent(login, roles, "").await
    }

    pub(crate) async fn working_agent(&self, login: &str, roles: &[&str], matricule: &str) -> Agent {
        let (mut agent, signed_in) = self.agent_of_member(login, roles, matricule).await;
        accept_current(self, &signed_in.session_token).await;
        let begun = self.begin(&signed_in.session_token).await.unwrap();
        agent.secret = begun.secret.replace(' ', "");
        let enrolled = self
            .confirm(&signed_in.session_token, &self.code_of(&agent.secret))
            .await
            .unwrap();
        agent.recovery_codes = enrolled.recovery_codes;
        agent.session_token = enrolled.session_token;
        agent
    }

    pub(crate) async fn begin(&self, session_token: &str) -> Result<BeginTotpEnrolmentResponse, Status> {
        let request = BeginTotpEnrolmentRequest {
            session_token: session_token.to_owned(),
        };
        Ok(self
            .second_factors()
            .begin_totp_enrolment(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn confirm(
        &self,
        session_token: &str,
        code: &str,
    ) -> Result<ConfirmTotpEnrolmentResponse, Status> {
        let request = ConfirmTotpEnrolmentRequest {
            session_token: session_token.to_owned(),
            code: code.to_owned(),
        };
        Ok(self
            .second_factors()
            .confirm_totp_enrolment(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn verify(
        &self,
        session_token: &str,
        proof: Proof,
    ) -> Result<VerifySecondFactorResponse, Status> {
        let request = VerifySecondFactorRequest {
            session_token: session_token.to_owned(),
            proof: Some(proof),
        };
        Ok(self
            .second_factors()
            .verify_second_factor(request)
            .await?
            .into_inner())
    }

    /// The code that an authenticator application shows now for a secret in base32.
    pub(crate) fn code_of(&self, secret: &str) -> String {
        self.code_at(secret, self.clock.now())
    }

    pub(crate) fn code_at(&self, secret: &str, at: DateTime<Utc>) -> String {
        let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
        let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, bytes).unwrap();
        totp.generate(u64::try_from(at.timestamp()).unwrap())
    }
}
