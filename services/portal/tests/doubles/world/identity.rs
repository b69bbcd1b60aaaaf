//! Double of identity: one password for all, a question whose answer is 7, any solution to the puzzle.

use identity_proto::v1::account_service_server::AccountService;
use identity_proto::v1::session_service_server::SessionService;
use identity_proto::v1::terms_service_server::TermsService;
use identity_proto::v1::*;
use platform::status::Problem;
use tonic::{Code, Request, Response, Status, async_trait};

use super::office::account_of;
use super::{LINK, PASSWORD, World, agents, now, stamp};

const PUZZLE: &str = r#"{"parameters":{"algorithm":"PBKDF2/SHA-256","cost":1000,"keyLength":32,"keyPrefix":"42128342d53e0d66fb70eaddeb49072a","nonce":"000102030405060708090a0b0c0d0e0f","salt":"0f0e0d0c0b0a09080706050403020100"},"signature":"-"}"#;

pub(super) fn check(proof: Option<RobotProof>) -> Result<(), Status> {
    let proof = proof.unwrap_or_default();
    let good = match proof.challenge_id.as_str() {
        "question" => proof.solution == "7",
        "puzzle" => proof
            .solution
            .contains("42128342d53e0d66fb70eaddeb49072aa800aa1ab47c68f908a9def6f15a9e75"),
        _ => false,
    };
    if good {
        Ok(())
    } else {
        Err(Problem::new(Code::FailedPrecondition, "ROBOT_PROOF_REFUSED").into_status())
    }
}

impl World {
    pub(super) fn info(&self, matricule: &str, session: &str) -> SessionInfo {
        let state = self.state();
        let terms_accepted = state.accepted.contains(matricule);
        if !agents::is_agent(matricule) {
            return SessionInfo {
                account_id: format!("account-{matricule}"),
                member_id: format!("member-{matricule}"),
                caller_kind: "member".to_owned(),
                second_factor: "none".to_owned(),
                terms_accepted,
                ..SessionInfo::default()
            };
        }
        let proved = state.office.proved.iter().any(|known| known == session);
        let enrolled = state.office.enrolled.iter().any(|known| known == matricule);
        SessionInfo {
            account_id: account_of(matricule),
            caller_kind: "agent".to_owned(),
            roles: agents::roles(matricule),
            second_factor: match (proved, enrolled) {
                (true, _) => "done",
                (false, true) => "verify",
                (false, false) => "enrol",
            }
            .to_owned(),
            terms_accepted,
            ..SessionInfo::default()
        }
    }
}

#[async_trait]
impl AccountService for World {
    async fn issue_challenge(
        &self,
        request: Request<IssueChallengeRequest>,
    ) -> Result<Response<IssueChallengeResponse>, Status> {
        self.enter("identity", "issue_challenge")?;
        let request = request.into_inner();
        self.state().last_challenge = Some(request.clone());
        let question = if request.locale == "ar" {
            "كم يساوي ثلاثة زائد أربعة؟"
        } else {
            "Combien font trois plus quatre ?"
        };
        Ok(Response::new(if request.text_question {
            IssueChallengeResponse {
                challenge_id: "question".to_owned(),
                question: question.to_owned(),
                ..Default::default()
            }
        } else {
            IssueChallengeResponse {
                challenge_id: "puzzle".to_owned(),
                puzzle: PUZZLE.to_owned(),
                ..Default::default()
            }
        }))
    }

    async fn request_link(
        &self,
        request: Request<RequestLinkRequest>,
    ) -> Result<Response<RequestLinkResponse>, Status> {
        self.enter("identity", "request_link")?;
        let request = request.into_inner();
        check(request.proof.clone())?;
        self.state().last_link_request = Some(request);
        Ok(Response::new(RequestLinkResponse {}))
    }

    async fn inspect_link(
        &self,
        request: Request<InspectLinkRequest>,
    ) -> Result<Response<InspectLinkResponse>, Status> {
        self.enter("identity", "inspect_link")?;
        let usable = request.into_inner().link_token == LINK && !self.state().link_used;
        let state = if usable {
            LinkState::Usable
        } else {
            LinkState::NotUsable
        };
        Ok(Response::new(InspectLinkResponse { state: state.into() }))
    }

    async fn set_password(
        &self,
        request: Request<SetPasswordRequest>,
    ) -> Result<Response<SetPasswordResponse>, Status> {
        self.enter("identity", "set_password")?;
        let mut state = self.state();
        if request.into_inner().link_token != LINK || state.link_used {
            return Err(Problem::new(Code::FailedPrecondition, "LINK_NOT_USABLE").into_status());
        }
        state.link_used = true;
        Ok(Response::new(SetPasswordResponse {
            device_token: "device-2".to_owned(),
        }))
    }

    async fn change_password(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Result<Response<ChangePasswordResponse>, Status> {
        self.enter("identity", "change_password")?;
        if request.into_inner().current_password == PASSWORD {
            Ok(Response::new(ChangePasswordResponse {}))
        } else {
            Err(Problem::new(Code::FailedPrecondition, "CURRENT_PASSWORD_WRONG").into_status())
        }
    }

    async fn set_locale(&self, _: Request<SetLocaleRequest>) -> Result<Response<SetLocaleResponse>, Status> {
        self.enter("identity", "set_locale")?;
        Ok(Response::new(SetLocaleResponse {}))
    }

    async fn get_locale(&self, _: Request<GetLocaleRequest>) -> Result<Response<GetLocaleResponse>, Status> {
        Err(Status::unimplemented("the portal does not ask this"))
    }
}

#[async_trait]
impl SessionService for World {
    async fn sign_in(&self, request: Request<SignInRequest>) -> Result<Response<SignInResponse>, Status> {
        self.enter("identity", "sign_in")?;
        let request = request.into_inner();
        check(request.proof)?;
        if request.password != PASSWORD {
            return Err(Problem::new(Code::Unauthenticated, "SIGN_IN_REFUSED").into_status());
        }
        let token = {
            let mut state = self.state();
            let token = format!("session-{}", state.calls["sign_in"]);
            state.sessions.insert(token.clone(), request.matricule.clone());
            token
        };
        Ok(Response::new(SignInResponse {
            session_token: token,
            device_token: "device-1".to_owned(),
            session: Some(self.info(&request.matricule, "")),
        }))
    }

    async fn exchange_session(
        &self,
        request: Request<ExchangeSessionRequest>,
    ) -> Result<Response<ExchangeSessionResponse>, Status> {
        self.enter("identity", "exchange_session")?;
        let request = request.into_inner();
        let matricule = self.state().sessions.get(&request.session_token).cloned();
        let matricule =
            matricule.ok_or_else(|| Problem::new(Code::NotFound, "SESSION_ENDED").into_status())?;
        Ok(Response::new(ExchangeSessionResponse {
            access_token: format!("member:{matricule}:{}", self.state().token_generation),
            expires_at: None,
            session: Some(self.info(&matricule, &request.session_token)),
        }))
    }

    async fn sign_out(&self, request: Request<SignOutRequest>) -> Result<Response<SignOutResponse>, Status> {
        self.enter("identity", "sign_out")?;
        self.state().sessions.remove(&request.into_inner().session_token);
        Ok(Response::new(SignOutResponse {}))
    }

    async fn list_sessions(
        &self,
        _: Request<ListSessionsRequest>,
    ) -> Result<Response<ListSessionsResponse>, Status> {
        self.enter("identity", "list_sessions")?;
        let session = |id: &str, label: &str, current, days| SessionSummary {
            session_id: id.to_owned(),
            device_label: label.to_owned(),
            created_at: stamp(now() - chrono::TimeDelta::days(days)),
            last_seen_at: stamp(now() - chrono::TimeDelta::hours(days)),
            current,
        };
        Ok(Response::new(ListSessionsResponse {
            sessions: vec![
                session("a", "Firefox · Linux", true, 0),
                session("b", "Chrome · Android", false, 9),
            ],
        }))
    }

    async fn revoke_session(
        &self,
        _: Request<RevokeSessionRequest>,
    ) -> Result<Response<RevokeSessionResponse>, Status> {
        self.enter("identity", "revoke_session")?;
        Ok(Response::new(RevokeSessionResponse {}))
    }
}

#[async_trait]
impl TermsService for World {
    async fn get_terms(
        &self,
        request: Request<GetTermsRequest>,
    ) -> Result<Response<GetTermsResponse>, Status> {
        self.enter("identity", "get_terms")?;
        let arabic = request.into_inner().locale == "ar";
        let pick = |ar: &str, fr: &str| if arabic { ar.to_owned() } else { fr.to_owned() };
        let section = |ar: &str, fr: &str, text_ar: &str, text_fr: &str| TermsSection {
            heading: pick(ar, fr),
            paragraphs: vec![pick(text_ar, text_fr), pick(text_ar, text_fr)],
        };
        Ok(Response::new(GetTermsResponse {
            version: "1".to_owned(),
            published_at: stamp("2026-11-01T09:00:00Z".parse().expect("a fixed instant")),
            title: pick(
                "الشروط العامة لاستعمال الخدمات الإلكترونية",
                "Conditions générales d’utilisation des services en ligne",
            ),
            sections: vec![
                section(
                    "موضوع الخدمة",
                    "Objet du service",
                    "يمكن هذا الفضاء المنخرطين من تقديم طلباتهم ومتابعتها، ويستعمله كل منخرط لنفسه ولأسرته المصرح بها.",
                    "Cet espace permet aux adhérents de faire leurs demandes et de les suivre, pour eux-mêmes et leur famille déclarée.",
                ),
                section(
                    "حسابكم",
                    "Votre compte",
                    "كلمة المرور شخصية ولا تعطى لأحد. تخبر المؤسسة فورا بكل استعمال غير عادي.",
                    "Le mot de passe est personnel et ne se donne à personne. Tout usage inhabituel est signalé tout de suite à la fondation.",
                ),
                section(
                    "المعطيات ذات الطابع الشخصي",
                    "Données personnelles",
                    "تعالج المعطيات وفق القانون رقم 09.08، ولا يطلع عليها إلا من يعالج الملف.",
                    "Les données sont traitées selon la loi 09-08 ; seules les personnes qui traitent le dossier les lisent.",
                ),
            ],
        }))
    }

    async fn accept_terms(
        &self,
        request: Request<AcceptTermsRequest>,
    ) -> Result<Response<AcceptTermsResponse>, Status> {
        self.enter("identity", "accept_terms")?;
        let caller = self.caller(&request)?;
        if request.into_inner().version != "1" {
            return Err(Problem::new(Code::FailedPrecondition, "TERMS_VERSION_CHANGED").into_status());
        }
        self.state().accepted.insert(caller);
        Ok(Response::new(AcceptTermsResponse {}))
    }
}
