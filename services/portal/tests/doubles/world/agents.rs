//! Double of identity for agents: the second factor (one code for all), accounts, the desk's code. It changes nothing but what is noted down.

use identity_proto::v1::agent_service_server::AgentService;
use identity_proto::v1::desk_service_server::DeskService;
use identity_proto::v1::second_factor_service_server::SecondFactorService;
use identity_proto::v1::*;
use platform::status::Problem;
use tonic::{Code, Request, Response, Status, async_trait};

use super::office::account_of;
use super::{AGENT, AUDITOR, FRESH_AGENT, REVIEWER, VALIDATOR, World, now, stamp};

/// What every application for codes shows here.
pub(crate) const CODE: &str = "123456";
pub(crate) const RECOVERY_CODE: &str = "AAAA-BBBB-CCCC";
pub(crate) const PRINTED_CODE: &str = "7KQM-2XTR-9WHN";
/// Another agent, whom the administrator may change.
pub(crate) const COLLEAGUE: &str = "01930000-0000-7000-8000-000099000009";

const QR: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 21 21" shape-rendering="crispEdges"><path fill="currentColor" d="M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0zM9 9h3v3H9zM13 13h2v2h-2zM17 10h3v2h-3zM10 15h2v5h-2z"/></svg>"#;

pub(super) fn roles(login: &str) -> Vec<String> {
    let roles: &[&str] = match login {
        AGENT => &["case_officer", "front_desk", "administrator"],
        REVIEWER => &["health_reviewer"],
        VALIDATOR => &["validator"],
        AUDITOR => &["auditor"],
        FRESH_AGENT => &["case_officer"],
        _ => &[],
    };
    roles.iter().map(|role| (*role).to_owned()).collect()
}

pub(super) fn is_agent(login: &str) -> bool {
    !roles(login).is_empty()
}

fn refused(code: Code, reason: &'static str) -> Status {
    Problem::new(code, reason).into_status()
}

impl World {
    fn agent_of(&self, session: &str) -> Result<String, Status> {
        let login = self.state().sessions.get(session).cloned();
        login.ok_or_else(|| refused(Code::NotFound, "SESSION_ENDED"))
    }

    /// The session goes on under another token.
    fn raise(&self, session: &str, login: &str) -> String {
        let fresh = format!("{session}-raised");
        let mut state = self.state();
        state.sessions.remove(session);
        state.sessions.insert(fresh.clone(), login.to_owned());
        state.office.proved.push(fresh.clone());
        if !state.office.enrolled.iter().any(|known| known == login) {
            state.office.enrolled.push(login.to_owned());
        }
        fresh
    }
}

#[async_trait]
impl SecondFactorService for World {
    async fn begin_totp_enrolment(
        &self,
        request: Request<BeginTotpEnrolmentRequest>,
    ) -> Result<Response<BeginTotpEnrolmentResponse>, Status> {
        self.enter("identity", "begin_totp_enrolment")?;
        self.agent_of(&request.into_inner().session_token)?;
        Ok(Response::new(BeginTotpEnrolmentResponse {
            uri: "otpauth://totp/Tadamon?secret=GEZDGNBVGY3TQOJQ".to_owned(),
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
            qr_svg: QR.to_owned(),
        }))
    }

    async fn confirm_totp_enrolment(
        &self,
        request: Request<ConfirmTotpEnrolmentRequest>,
    ) -> Result<Response<ConfirmTotpEnrolmentResponse>, Status> {
        self.enter("identity", "confirm_totp_enrolment")?;
        let request = request.into_inner();
        let login = self.agent_of(&request.session_token)?;
        if request.code != CODE {
            return Err(refused(Code::FailedPrecondition, "SECOND_FACTOR_REFUSED"));
        }
        let token = self.raise(&request.session_token, &login);
        Ok(Response::new(ConfirmTotpEnrolmentResponse {
            recovery_codes: (0..10).map(|at| format!("{at}ZQ4-M7KX-2W{at}D")).collect(),
            session: Some(self.info(&login, &token)),
            session_token: token,
        }))
    }

    async fn verify_second_factor(
        &self,
        request: Request<VerifySecondFactorRequest>,
    ) -> Result<Response<VerifySecondFactorResponse>, Status> {
        use verify_second_factor_request::Proof;
        self.enter("identity", "verify_second_factor")?;
        let request = request.into_inner();
        let login = self.agent_of(&request.session_token)?;
        match request.proof {
            Some(Proof::Code(code)) if code == CODE => {}
            Some(Proof::RecoveryCode(code)) if code == RECOVERY_CODE => {}
            _ => return Err(refused(Code::PermissionDenied, "SECOND_FACTOR_REFUSED")),
        }
        let token = self.raise(&request.session_token, &login);
        Ok(Response::new(VerifySecondFactorResponse {
            session: Some(self.info(&login, &token)),
            session_token: token,
            recovery_codes_left: 4,
        }))
    }

    async fn renew_recovery_codes(
        &self,
        request: Request<RenewRecoveryCodesRequest>,
    ) -> Result<Response<RenewRecoveryCodesResponse>, Status> {
        self.enter("identity", "renew_recovery_codes")?;
        let request = request.into_inner();
        self.agent_of(&request.session_token)?;
        if request.code != CODE {
            return Err(refused(Code::PermissionDenied, "SECOND_FACTOR_REFUSED"));
        }
        Ok(Response::new(RenewRecoveryCodesResponse {
            recovery_codes: (0..10).map(|at| format!("{at}NEW-M7KX-2W{at}D")).collect(),
        }))
    }
}

fn agent(login: &str, roles: Vec<String>, open: bool) -> Agent {
    Agent {
        account_id: account_of(login),
        login: login.to_owned(),
        roles,
        locale: "fr".to_owned(),
        member_id: String::new(),
        created_at: stamp(now() - chrono::TimeDelta::days(120)),
        activated_at: open
            .then(|| stamp(now() - chrono::TimeDelta::days(119)))
            .flatten(),
        disabled_at: None,
        second_factor: open,
        recovery_codes_left: 8,
        no_membership: false,
    }
}

impl World {
    fn account(&self, method: &'static str, words: String) -> Result<(), Status> {
        self.enter("identity", method)?;
        self.state().office.accounts.push(words);
        Ok(())
    }
}

#[async_trait]
impl AgentService for World {
    async fn create_agent(
        &self,
        request: Request<CreateAgentRequest>,
    ) -> Result<Response<CreateAgentResponse>, Status> {
        self.caller(&request)?;
        let request = request.into_inner();
        if request.roles.contains(&"validator".to_owned()) && request.roles.len() > 1 {
            return Err(Problem::new(Code::InvalidArgument, "FORM_REFUSED")
                .field("roles", "ROLES_EXCLUDE_EACH_OTHER", "")
                .into_status());
        }
        let words = format!("create {} {}", request.login, request.roles.join("+"));
        self.account("create_agent", words)?;
        Ok(Response::new(CreateAgentResponse {
            account_id: COLLEAGUE.to_owned(),
            // Shown in a demonstration; mailed elsewhere.
            link: if request.email.starts_with("mailed") {
                String::new()
            } else {
                "http://localhost:7100/fr/account/link/one-time".to_owned()
            },
            expires_at: stamp(now() + chrono::TimeDelta::hours(24)),
        }))
    }

    async fn issue_agent_link(
        &self,
        request: Request<IssueAgentLinkRequest>,
    ) -> Result<Response<IssueAgentLinkResponse>, Status> {
        self.caller(&request)?;
        let words = format!("link {}", request.into_inner().account_id);
        self.account("issue_agent_link", words)?;
        Ok(Response::new(IssueAgentLinkResponse {
            link: "http://localhost:7100/fr/account/link/another".to_owned(),
            expires_at: stamp(now() + chrono::TimeDelta::hours(24)),
        }))
    }

    async fn list_agents(
        &self,
        request: Request<ListAgentsRequest>,
    ) -> Result<Response<ListAgentsResponse>, Status> {
        self.enter("identity", "list_agents")?;
        self.caller(&request)?;
        let known = [AGENT, REVIEWER, VALIDATOR, AUDITOR];
        let mut agents: Vec<Agent> = known
            .iter()
            .map(|login| agent(login, roles(login), true))
            .collect();
        agents.push(agent("99000009", vec!["case_officer".to_owned()], true));
        agents.push(Agent {
            no_membership: true,
            ..agent("99000010", vec!["finance".to_owned()], false)
        });
        Ok(Response::new(ListAgentsResponse {
            agents,
            next_page_token: String::new(),
        }))
    }

    async fn set_agent_roles(
        &self,
        request: Request<SetAgentRolesRequest>,
    ) -> Result<Response<SetAgentRolesResponse>, Status> {
        self.caller(&request)?;
        let request = request.into_inner();
        self.account("set_agent_roles", format!("roles {}", request.roles.join("+")))?;
        Ok(Response::new(SetAgentRolesResponse {}))
    }

    async fn set_agent_membership(
        &self,
        request: Request<SetAgentMembershipRequest>,
    ) -> Result<Response<SetAgentMembershipResponse>, Status> {
        self.caller(&request)?;
        let request = request.into_inner();
        let words = format!("membership {}{}", request.matricule, request.no_membership);
        self.account("set_agent_membership", words)?;
        Ok(Response::new(SetAgentMembershipResponse {}))
    }

    async fn disable_agent(
        &self,
        request: Request<DisableAgentRequest>,
    ) -> Result<Response<DisableAgentResponse>, Status> {
        self.caller(&request)?;
        let words = format!("disable {}", request.into_inner().reason);
        self.account("disable_agent", words)?;
        Ok(Response::new(DisableAgentResponse {}))
    }

    async fn reset_second_factor(
        &self,
        request: Request<ResetSecondFactorRequest>,
    ) -> Result<Response<ResetSecondFactorResponse>, Status> {
        self.caller(&request)?;
        // Once for each page that was opened.
        let key = request.into_inner().idempotency_key;
        let key = key
            .parse::<uuid::Uuid>()
            .map_err(|_| Status::invalid_argument("the key"))?;
        let first = self.state().office.resets.insert(key);
        if first {
            self.account("reset_second_factor", "reset".to_owned())?;
        }
        Ok(Response::new(ResetSecondFactorResponse {}))
    }
}

#[async_trait]
impl DeskService for World {
    async fn issue_activation_code(
        &self,
        request: Request<IssueActivationCodeRequest>,
    ) -> Result<Response<IssueActivationCodeResponse>, Status> {
        self.caller(&request)?;
        let request = request.into_inner();
        let words = format!("code {} {}", request.identification, request.cause);
        self.account("issue_activation_code", words)?;
        Ok(Response::new(IssueActivationCodeResponse {
            code: PRINTED_CODE.to_owned(),
            expires_at: stamp(now() + chrono::TimeDelta::days(7)),
        }))
    }

    async fn redeem_activation_code(
        &self,
        request: Request<RedeemActivationCodeRequest>,
    ) -> Result<Response<RedeemActivationCodeResponse>, Status> {
        self.enter("identity", "redeem_activation_code")?;
        let request = request.into_inner();
        super::identity::check(request.proof)?;
        if request.code != PRINTED_CODE {
            return Err(refused(Code::PermissionDenied, "ACTIVATION_REFUSED"));
        }
        Ok(Response::new(RedeemActivationCodeResponse {
            device_token: "device-3".to_owned(),
        }))
    }
}
