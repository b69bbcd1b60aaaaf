//! Between the contract's messages and our types. Wire types go no further than this folder.

use chrono::{DateTime, Utc};
use identity_proto::v1::{Form as WireForm, RobotProof, SessionInfo};

use crate::domain::field::WrongField;
use crate::domain::robot_proof::Form;
use crate::error::Error;
use crate::use_cases::exchange_session::SessionView;
use crate::use_cases::take_proof::TypedProof;

pub(super) fn timestamp(at: DateTime<Utc>) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

pub(super) fn form(form: i32) -> Result<Form, Error> {
    match WireForm::try_from(form) {
        Ok(WireForm::SignIn) => Ok(Form::SignIn),
        Ok(WireForm::Account) => Ok(Form::Account),
        Ok(WireForm::Activation) => Ok(Form::Activation),
        Ok(WireForm::Unspecified) | Err(_) => Err(Error::field(WrongField::new(
            "form",
            "FORM_UNKNOWN",
            "A challenge belongs to the sign-in, the account or the activation form.",
        ))),
    }
}

/// A missing proof is an empty one: refused like any other that is not solved.
pub(super) fn proof(proof: Option<RobotProof>) -> TypedProof {
    let proof = proof.unwrap_or_default();
    TypedProof {
        challenge_id: proof.challenge_id,
        solution: proof.solution,
    }
}

pub(super) fn session_info(view: &SessionView) -> SessionInfo {
    let account = &view.account;
    SessionInfo {
        account_id: account.id.to_string(),
        member_id: account.member_id.map(|id| id.to_string()).unwrap_or_default(),
        caller_kind: if account.member_id.is_some() {
            "member"
        } else {
            "agent"
        }
        .to_owned(),
        roles: account.roles.iter().map(ToString::to_string).collect(),
        locale: account.locale.to_string(),
        terms_accepted: view.terms_accepted,
        expires_at: Some(timestamp(view.ends_at)),
        second_factor: view.second_factor.as_str().to_owned(),
    }
}
