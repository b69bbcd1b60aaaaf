//! Opens an account as its owner would: the form, the mail, the link, the password, the terms.

use anyhow::{Result, bail};
use identity_proto::v1::{
    AcceptTermsRequest, Form, GetTermsRequest, RequestLinkRequest, SetPasswordRequest, SignInRequest,
};
use platform::status::reason;

use super::backends::Backends;
use super::proof::robot_proof;
use super::session::Session;

/// The password of every demonstration account; printed by `up`, refused nowhere else than by its publicity.
pub(crate) const PASSWORD: &str = "quatre cigognes sur le minaret";

/// Who applies in the demonstration.
#[derive(Clone, Debug)]
pub(crate) struct Applicant {
    /// Names the person in error texts and in the plan of files, without naming them.
    pub(crate) key: String,
    pub(crate) matricule: String,
    pub(crate) cin: String,
    pub(crate) position: String,
    pub(crate) email: String,
    pub(crate) pension_number: String,
    pub(crate) locale: &'static str,
}

/// A session of the applicant; `None` when the account is not open yet.
pub(super) async fn sign_in(
    backends: &Backends,
    applicant: &Applicant,
    number: usize,
) -> Result<Option<Session>> {
    let request = SignInRequest {
        matricule: applicant.matricule.clone(),
        password: PASSWORD.to_owned(),
        proof: Some(robot_proof(&backends.accounts, Form::SignIn).await?),
        device_token: String::new(),
        locale: applicant.locale.to_owned(),
        client_address: address(number),
        device_label: "tadamon demo load".to_owned(),
    };
    let signed_in = match backends.sessions.clone().sign_in(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if reason(&status).as_deref() == Some("SIGN_IN_REFUSED") => return Ok(None),
        Err(status) => return Err(status.into()),
    };
    let session = Session::new(signed_in.session_token);
    let accepted = signed_in.session.as_ref().is_some_and(|info| info.terms_accepted);
    if !accepted {
        let terms = backends
            .terms
            .clone()
            .get_terms(GetTermsRequest {
                locale: applicant.locale.to_owned(),
            })
            .await?
            .into_inner();
        let accept = AcceptTermsRequest {
            version: terms.version,
        };
        let request = session.call(backends, "identity", accept).await?;
        backends.own_terms.clone().accept_terms(request).await?;
    }
    Ok(Some(session))
}

/// Asks for the link, reads it from the mail and sets the password.
pub(super) async fn open(backends: &Backends, applicant: &Applicant, number: usize) -> Result<()> {
    let seen = backends.mailbox.count(&applicant.email).await?;
    let request = RequestLinkRequest {
        matricule: applicant.matricule.clone(),
        cin: applicant.cin.clone(),
        position: applicant.position.clone(),
        email: applicant.email.clone(),
        pension_number: applicant.pension_number.clone(),
        proof: Some(robot_proof(&backends.accounts, Form::Account).await?),
        locale: applicant.locale.to_owned(),
        client_address: address(number),
    };
    backends.accounts.clone().request_link(request).await?;
    let link_token = backends.mailbox.link_token(&applicant.email, seen).await?;
    let password = SetPasswordRequest {
        link_token,
        password: PASSWORD.to_owned(),
    };
    if let Err(status) = backends.accounts.clone().set_password(password).await {
        bail!(
            "the password was refused: {}",
            reason(&status).unwrap_or_else(|| status.message().to_owned())
        );
    }
    Ok(())
}

/// Each person comes from an address of their own, as in life: the limits per address are for strangers.
fn address(number: usize) -> String {
    format!("198.51.100.{}", number % 250 + 1)
}
