//! Identity: challenges, links, passwords, sessions, terms.

use auth::client::with_token;
use identity_proto::v1 as wire;
use kernel::Locale;
use tonic::{Code, Request};

use super::models::{
    AccountRequest, Challenge, Proof, SecondFactor, SessionEntry, SessionInfo, SignedIn, Terms,
};
use super::{Audience, Backend, instant, present};
use crate::error::Error;

/// Which form a challenge belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    SignIn,
    Account,
    Activation,
}

/// A sign-in as typed, with what the edge knows about the browser.
pub(crate) struct SignInAttempt<'a> {
    pub(crate) matricule: &'a str,
    pub(crate) password: &'a str,
    pub(crate) proof: Proof,
    pub(crate) device_token: &'a str,
    pub(crate) device_label: &'a str,
    pub(crate) client_address: &'a str,
    pub(crate) locale: Locale,
}

impl Backend {
    /// A fresh challenge: a puzzle for the script, or a question in words.
    pub(crate) async fn challenge(
        &self,
        form: Form,
        text_question: bool,
        locale: Locale,
        client_address: &str,
    ) -> Result<Challenge, Error> {
        let form = match form {
            Form::SignIn => wire::Form::SignIn,
            Form::Account => wire::Form::Account,
            Form::Activation => wire::Form::Activation,
        };
        let request = wire::IssueChallengeRequest {
            form: form.into(),
            text_question,
            locale: locale.as_str().to_owned(),
            client_address: client_address.to_owned(),
        };
        let answer = self.accounts.clone().issue_challenge(request).await?.into_inner();
        Ok(Challenge {
            id: answer.challenge_id,
            puzzle: answer.puzzle,
            question: answer.question,
        })
    }

    /// Asks for a link. The answer tells nothing.
    pub(crate) async fn request_link(
        &self,
        form: &AccountRequest,
        proof: Proof,
        locale: Locale,
        client_address: &str,
    ) -> Result<(), Error> {
        let request = wire::RequestLinkRequest {
            matricule: form.matricule.clone(),
            cin: form.cin.clone(),
            position: form.position.clone(),
            email: form.email.clone(),
            pension_number: form.pension_number.clone(),
            proof: Some(proof.into()),
            locale: locale.as_str().to_owned(),
            client_address: client_address.to_owned(),
        };
        self.accounts.clone().request_link(request).await?;
        Ok(())
    }

    /// Whether a link may still be used.
    pub(crate) async fn link_is_usable(&self, link_token: &str) -> Result<bool, Error> {
        let request = wire::InspectLinkRequest {
            link_token: link_token.to_owned(),
        };
        let answer = self.accounts.clone().inspect_link(request).await?.into_inner();
        Ok(answer.state() == wire::LinkState::Usable)
    }

    /// Uses the link. The answer proves this browser at later sign-ins.
    pub(crate) async fn set_password(&self, link_token: &str, password: &str) -> Result<String, Error> {
        let request = wire::SetPasswordRequest {
            link_token: link_token.to_owned(),
            password: password.to_owned(),
        };
        Ok(self
            .accounts
            .clone()
            .set_password(request)
            .await?
            .into_inner()
            .device_token)
    }

    pub(crate) async fn sign_in(&self, attempt: SignInAttempt<'_>) -> Result<SignedIn, Error> {
        let request = wire::SignInRequest {
            matricule: attempt.matricule.to_owned(),
            password: attempt.password.to_owned(),
            proof: Some(attempt.proof.into()),
            device_token: attempt.device_token.to_owned(),
            locale: attempt.locale.as_str().to_owned(),
            client_address: attempt.client_address.to_owned(),
            device_label: attempt.device_label.to_owned(),
        };
        // A wrong password may come as UNAUTHENTICATED: here it is a refusal of the form, never the end of a session.
        let answer = match self.sessions.clone().sign_in(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied) => {
                return Err(Error::Refused {
                    reason: platform::status::reason(&status).unwrap_or_else(|| "SIGN_IN_REFUSED".to_owned()),
                    fields: platform::status::fields(&status),
                    retry_after: platform::status::retry_after(&status),
                });
            }
            Err(status) => return Err(status.into()),
        };
        Ok(SignedIn {
            session_token: answer.session_token,
            device_token: answer.device_token,
            info: present(answer.session, "session")?.into(),
        })
    }

    /// A token of at most a minute for one service, and what the session says of its owner.
    pub(crate) async fn exchange(
        &self,
        session_token: &str,
        audience: Audience,
    ) -> Result<(String, SessionInfo), Error> {
        let request = wire::ExchangeSessionRequest {
            session_token: session_token.to_owned(),
            audience: audience.as_str().to_owned(),
        };
        let answer = match self.sessions.clone().exchange_session(request).await {
            Ok(answer) => answer.into_inner(),
            Err(status) if matches!(status.code(), Code::NotFound | Code::InvalidArgument) => {
                return Err(Error::SessionEnded);
            }
            Err(status) => return Err(status.into()),
        };
        Ok((answer.access_token, present(answer.session, "session")?.into()))
    }

    /// Ends the session; one that ended before is as good.
    pub(crate) async fn sign_out(&self, session_token: &str) -> Result<(), Error> {
        let request = wire::SignOutRequest {
            session_token: session_token.to_owned(),
        };
        match self.sessions.clone().sign_out(request).await {
            Ok(_) => Ok(()),
            Err(status) if status.code() == Code::NotFound => Ok(()),
            Err(status) => Err(status.into()),
        }
    }

    pub(crate) async fn terms(&self, locale: Locale) -> Result<Terms, Error> {
        let request = wire::GetTermsRequest {
            locale: locale.as_str().to_owned(),
        };
        let answer = self.terms.clone().get_terms(request).await?.into_inner();
        Ok(Terms {
            version: answer.version,
            published_at: instant(answer.published_at),
            title: answer.title,
            sections: answer
                .sections
                .into_iter()
                .map(|section| (section.heading, section.paragraphs))
                .collect(),
        })
    }

    pub(crate) async fn accept_terms(&self, token: &str, version: &str) -> Result<(), Error> {
        let request = wire::AcceptTermsRequest {
            version: version.to_owned(),
        };
        self.own_terms
            .clone()
            .accept_terms(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    pub(crate) async fn change_password(
        &self,
        token: &str,
        session_token: &str,
        current: &str,
        new: &str,
    ) -> Result<(), Error> {
        let request = wire::ChangePasswordRequest {
            current_password: current.to_owned(),
            new_password: new.to_owned(),
            session_token: session_token.to_owned(),
        };
        self.own_account
            .clone()
            .change_password(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    pub(crate) async fn set_locale(&self, token: &str, locale: Locale) -> Result<(), Error> {
        let request = wire::SetLocaleRequest {
            locale: locale.as_str().to_owned(),
        };
        self.own_account
            .clone()
            .set_locale(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }

    pub(crate) async fn list_sessions(&self, token: &str) -> Result<Vec<SessionEntry>, Error> {
        let request = with_token(Request::new(wire::ListSessionsRequest {}), token);
        let answer = self
            .own_sessions
            .clone()
            .list_sessions(request)
            .await?
            .into_inner();
        Ok(answer
            .sessions
            .into_iter()
            .map(|entry| SessionEntry {
                id: entry.session_id,
                device: entry.device_label,
                created_at: instant(entry.created_at),
                last_seen_at: instant(entry.last_seen_at),
                current: entry.current,
            })
            .collect())
    }

    pub(crate) async fn revoke_session(&self, token: &str, session_id: &str) -> Result<(), Error> {
        let request = wire::RevokeSessionRequest {
            session_id: session_id.to_owned(),
        };
        self.own_sessions
            .clone()
            .revoke_session(with_token(Request::new(request), token))
            .await?;
        Ok(())
    }
}

impl From<Proof> for wire::RobotProof {
    fn from(proof: Proof) -> Self {
        Self {
            challenge_id: proof.challenge_id,
            solution: proof.solution,
        }
    }
}

impl From<wire::SessionInfo> for SessionInfo {
    fn from(info: wire::SessionInfo) -> Self {
        Self {
            account_id: info.account_id,
            terms_accepted: info.terms_accepted,
            is_member: info.caller_kind == "member",
            roles: info
                .roles
                .iter()
                .filter_map(|role| kernel::Role::parse(role).ok())
                .collect(),
            second_factor: match info.second_factor.as_str() {
                "enrol" => SecondFactor::Enrol,
                "done" => SecondFactor::Done,
                // Whatever this version does not know has not been proved.
                _ if info.caller_kind == "agent" => SecondFactor::Verify,
                _ => SecondFactor::None,
            },
        }
    }
}
