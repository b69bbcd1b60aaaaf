//! Identity for agents: the second factor, agents' accounts, the desk's codes.

use auth::client::with_token;
use identity_proto::v1 as wire;
use kernel::{Locale, Role};
use tonic::{Request, Status};

use super::models::{Proof, SessionInfo};
use super::office::{Agent, NewAgent, Secret};
use super::{Backend, instant, present};
use crate::error::Error;

/// Agents of one call; the contract's upper bound.
const PAGE: i32 = 200;
/// Most agents that the list looks through: no foundation has as many.
const MOST_AGENTS: usize = 2_000;

/// What an application for codes is set up with.
pub(crate) struct Enrolment {
    pub(crate) uri: String,
    pub(crate) secret: String,
    pub(crate) qr_svg: String,
}

/// A session that went on under another token.
pub(crate) struct Raised {
    pub(crate) session_token: String,
    pub(crate) info: SessionInfo,
    /// After an enrolment.
    pub(crate) recovery_codes: Vec<String>,
    pub(crate) recovery_codes_left: i64,
}

/// What proves the second factor.
pub(crate) enum Factor<'a> {
    Code(&'a str),
    RecoveryCode(&'a str),
}

/// These calls carry the session itself: a refusal is about the code, unless it says that the session ended.
fn refusal(status: Status) -> Error {
    match platform::status::reason(&status).as_deref() {
        Some("SESSION_ENDED") => Error::SessionEnded,
        Some(reason) if reason.starts_with("SECOND_FACTOR_") => Error::Refused {
            reason: reason.to_owned(),
            fields: Vec::new(),
            retry_after: platform::status::retry_after(&status),
        },
        _ => status.into(),
    }
}

impl Backend {
    pub(crate) async fn begin_totp(&self, session_token: &str) -> Result<Enrolment, Error> {
        let request = wire::BeginTotpEnrolmentRequest {
            session_token: session_token.to_owned(),
        };
        let answer = self
            .second_factor
            .clone()
            .begin_totp_enrolment(request)
            .await
            .map_err(refusal)?
            .into_inner();
        Ok(Enrolment {
            uri: answer.uri,
            secret: answer.secret,
            qr_svg: answer.qr_svg,
        })
    }

    pub(crate) async fn confirm_totp(&self, session_token: &str, code: &str) -> Result<Raised, Error> {
        let request = wire::ConfirmTotpEnrolmentRequest {
            session_token: session_token.to_owned(),
            code: code.to_owned(),
        };
        let answer = self
            .second_factor
            .clone()
            .confirm_totp_enrolment(request)
            .await
            .map_err(refusal)?
            .into_inner();
        Ok(Raised {
            session_token: answer.session_token,
            info: present(answer.session, "session")?.into(),
            recovery_codes_left: i64::try_from(answer.recovery_codes.len()).unwrap_or_default(),
            recovery_codes: answer.recovery_codes,
        })
    }

    pub(crate) async fn verify_second_factor(
        &self,
        session_token: &str,
        factor: Factor<'_>,
    ) -> Result<Raised, Error> {
        use wire::verify_second_factor_request::Proof;
        let proof = match factor {
            Factor::Code(code) => Proof::Code(code.to_owned()),
            Factor::RecoveryCode(code) => Proof::RecoveryCode(code.to_owned()),
        };
        let request = wire::VerifySecondFactorRequest {
            session_token: session_token.to_owned(),
            proof: Some(proof),
        };
        let answer = self
            .second_factor
            .clone()
            .verify_second_factor(request)
            .await
            .map_err(refusal)?
            .into_inner();
        Ok(Raised {
            session_token: answer.session_token,
            info: present(answer.session, "session")?.into(),
            recovery_codes: Vec::new(),
            recovery_codes_left: answer.recovery_codes_left.into(),
        })
    }

    /// Ten new recovery codes for a code of the application.
    pub(crate) async fn renew_recovery_codes(
        &self,
        session_token: &str,
        code: &str,
    ) -> Result<Vec<String>, Error> {
        let request = wire::RenewRecoveryCodesRequest {
            session_token: session_token.to_owned(),
            code: code.to_owned(),
        };
        let answer = self
            .second_factor
            .clone()
            .renew_recovery_codes(request)
            .await
            .map_err(refusal)?;
        Ok(answer.into_inner().recovery_codes)
    }

    /// Every agent's account, oldest first.
    pub(crate) async fn agents(&self, token: &str) -> Result<Vec<Agent>, Error> {
        let mut agents = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = wire::ListAgentsRequest {
                page_size: PAGE,
                page_token,
            };
            let answer = self
                .agents
                .clone()
                .list_agents(with_token(Request::new(request), token))
                .await?
                .into_inner();
            agents.extend(answer.agents.into_iter().map(agent));
            page_token = answer.next_page_token;
            if page_token.is_empty() || agents.len() >= MOST_AGENTS {
                return Ok(agents);
            }
        }
    }

    /// Makes the account; its id, and the link that opens it.
    pub(crate) async fn create_agent(
        &self,
        token: &str,
        agent: &NewAgent,
    ) -> Result<(String, Secret), Error> {
        let request = wire::CreateAgentRequest {
            login: agent.login.clone(),
            email: agent.email.clone(),
            locale: agent.locale.clone(),
            roles: agent.roles.clone(),
            matricule: agent.matricule.clone(),
            no_membership: agent.no_membership,
        };
        let answer = self
            .agents
            .clone()
            .create_agent(with_token(Request::new(request), token))
            .await?
            .into_inner();
        let secret = Secret {
            text: answer.link,
            until: instant(answer.expires_at),
        };
        Ok((answer.account_id, secret))
    }

    /// The link goes to the address on file; its text is empty unless the installation is a demonstration.
    pub(crate) async fn agent_link(&self, token: &str, account: &str) -> Result<Secret, Error> {
        let request = wire::IssueAgentLinkRequest {
            account_id: account.to_owned(),
            email: String::new(),
        };
        let answer = self
            .agents
            .clone()
            .issue_agent_link(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(Secret {
            text: answer.link,
            until: instant(answer.expires_at),
        })
    }

    pub(crate) async fn set_agent_roles(
        &self,
        token: &str,
        account: &str,
        roles: Vec<String>,
    ) -> Result<(), Error> {
        let request = wire::SetAgentRolesRequest {
            account_id: account.to_owned(),
            roles,
        };
        self.agents
            .clone()
            .set_agent_roles(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    pub(crate) async fn set_agent_membership(
        &self,
        token: &str,
        account: &str,
        matricule: &str,
        none: bool,
    ) -> Result<(), Error> {
        let request = wire::SetAgentMembershipRequest {
            account_id: account.to_owned(),
            matricule: matricule.to_owned(),
            no_membership: none,
        };
        self.agents
            .clone()
            .set_agent_membership(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    pub(crate) async fn disable_agent(&self, token: &str, account: &str, reason: &str) -> Result<(), Error> {
        let request = wire::DisableAgentRequest {
            account_id: account.to_owned(),
            reason: reason.to_owned(),
        };
        self.agents
            .clone()
            .disable_agent(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    pub(crate) async fn reset_second_factor(
        &self,
        token: &str,
        account: &str,
        key: &str,
    ) -> Result<(), Error> {
        let request = wire::ResetSecondFactorRequest {
            account_id: account.to_owned(),
            idempotency_key: key.to_owned(),
        };
        self.agents
            .clone()
            .reset_second_factor(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    /// A code to print for a member whom the agent identified.
    pub(crate) async fn activation_code(
        &self,
        token: &str,
        matricule: &str,
        identification: &str,
        cause: &str,
    ) -> Result<Secret, Error> {
        let request = wire::IssueActivationCodeRequest {
            matricule: matricule.to_owned(),
            identification: identification.to_owned(),
            cause: cause.to_owned(),
        };
        let answer = self
            .desk
            .clone()
            .issue_activation_code(with_token(Request::new(request), token))
            .await?
            .into_inner();
        Ok(Secret {
            text: answer.code,
            until: instant(answer.expires_at),
        })
    }

    /// Uses a printed code. The answer proves this browser at later sign-ins.
    pub(crate) async fn redeem_activation_code(
        &self,
        code: &Redemption<'_>,
        proof: Proof,
    ) -> Result<String, Error> {
        let request = wire::RedeemActivationCodeRequest {
            matricule: code.matricule.to_owned(),
            code: code.code.to_owned(),
            password: code.password.to_owned(),
            proof: Some(proof.into()),
            locale: code.locale.as_str().to_owned(),
            client_address: code.client_address.to_owned(),
        };
        let answer = match self.desk_as_portal.clone().redeem_activation_code(request).await {
            Ok(answer) => answer.into_inner(),
            // Nobody is signed in here: whatever the code of the status, a reason is a refusal of the form.
            Err(status) => {
                return Err(match platform::status::reason(&status) {
                    Some(reason) if reason == "ACTIVATION_REFUSED" => Error::Refused {
                        reason,
                        fields: platform::status::fields(&status),
                        retry_after: platform::status::retry_after(&status),
                    },
                    _ => status.into(),
                });
            }
        };
        Ok(answer.device_token)
    }
}

/// A printed code as typed.
pub(crate) struct Redemption<'a> {
    pub(crate) matricule: &'a str,
    pub(crate) code: &'a str,
    pub(crate) password: &'a str,
    pub(crate) locale: Locale,
    pub(crate) client_address: &'a str,
}

fn agent(agent: wire::Agent) -> Agent {
    Agent {
        id: agent.account_id,
        login: agent.login,
        // A role that this version does not know gives no page.
        roles: agent
            .roles
            .iter()
            .filter_map(|role| Role::parse(role).ok())
            .collect(),
        is_member: (!agent.member_id.is_empty() || agent.no_membership).then_some(!agent.no_membership),
        created_at: instant(agent.created_at),
        activated_at: instant(agent.activated_at),
        disabled_at: instant(agent.disabled_at),
        second_factor: agent.second_factor,
        recovery_codes_left: agent.recovery_codes_left.into(),
    }
}
