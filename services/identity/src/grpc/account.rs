//! `AccountService`: challenge, account form, link, password, language.

use std::sync::Arc;

use auth::caller;
use identity_proto::v1::account_service_server::AccountService;
use identity_proto::v1::{
    ChangePasswordRequest, ChangePasswordResponse, GetLocaleRequest, GetLocaleResponse, InspectLinkRequest,
    InspectLinkResponse, IssueChallengeRequest, IssueChallengeResponse, LinkState, RequestLinkRequest,
    RequestLinkResponse, SetLocaleRequest, SetLocaleResponse, SetPasswordRequest, SetPasswordResponse,
};
use tonic::{Request, Response, Status};
use zeroize::Zeroizing;

use super::convert;
use crate::context::Context;
use crate::domain::account_request::{TypedRequest, parse_locale};
use crate::error::Error;
use crate::use_cases::change_password::{PasswordChange, change_password};
use crate::use_cases::get_locale::get_locale;
use crate::use_cases::inspect_link::inspect_link;
use crate::use_cases::issue_challenge::issue_challenge;
use crate::use_cases::request_link::request_link;
use crate::use_cases::set_locale::set_locale;
use crate::use_cases::set_password::set_password;

pub(super) struct Accounts(pub(super) Arc<Context>);

#[tonic::async_trait]
impl AccountService for Accounts {
    async fn issue_challenge(
        &self,
        request: Request<IssueChallengeRequest>,
    ) -> Result<Response<IssueChallengeResponse>, Status> {
        let message = request.into_inner();
        let locale = parse_locale(&message.locale).map_err(Error::field)?;
        let challenge = issue_challenge(
            &self.0,
            convert::form(message.form)?,
            message.text_question,
            locale,
            &message.client_address,
        )
        .await?;
        Ok(Response::new(IssueChallengeResponse {
            challenge_id: challenge.id.to_string(),
            puzzle: challenge.puzzle,
            question: challenge.question,
            expires_at: Some(convert::timestamp(challenge.expires_at)),
        }))
    }

    async fn request_link(
        &self,
        request: Request<RequestLinkRequest>,
    ) -> Result<Response<RequestLinkResponse>, Status> {
        let message = request.into_inner();
        let typed = TypedRequest {
            matricule: &message.matricule,
            cin: &message.cin,
            position: &message.position,
            email: &message.email,
            pension_number: &message.pension_number,
            locale: &message.locale,
        };
        request_link(
            &self.0,
            typed,
            &convert::proof(message.proof),
            &message.client_address,
        )
        .await?;
        Ok(Response::new(RequestLinkResponse {}))
    }

    async fn inspect_link(
        &self,
        request: Request<InspectLinkRequest>,
    ) -> Result<Response<InspectLinkResponse>, Status> {
        let usable = inspect_link(&self.0, &request.into_inner().link_token).await?;
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
        let message = request.into_inner();
        let device_token =
            set_password(&self.0, &message.link_token, Zeroizing::new(message.password)).await?;
        Ok(Response::new(SetPasswordResponse { device_token }))
    }

    async fn change_password(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Result<Response<ChangePasswordResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let change = PasswordChange {
            current: Zeroizing::new(message.current_password),
            new: Zeroizing::new(message.new_password),
            session_token: Zeroizing::new(message.session_token),
        };
        change_password(&self.0, caller.account()?, &caller.actor(), change).await?;
        Ok(Response::new(ChangePasswordResponse {}))
    }

    async fn set_locale(
        &self,
        request: Request<SetLocaleRequest>,
    ) -> Result<Response<SetLocaleResponse>, Status> {
        let caller = caller(&request)?.clone();
        let locale = parse_locale(&request.into_inner().locale).map_err(Error::field)?;
        set_locale(&self.0, caller.account()?, &caller.actor(), locale).await?;
        Ok(Response::new(SetLocaleResponse {}))
    }

    async fn get_locale(
        &self,
        request: Request<GetLocaleRequest>,
    ) -> Result<Response<GetLocaleResponse>, Status> {
        let member = request
            .into_inner()
            .member_id
            .parse()
            .map_err(|_| Error::AccountNotFound)?;
        let locale = get_locale(&self.0, member).await?;
        Ok(Response::new(GetLocaleResponse {
            locale: locale.to_string(),
        }))
    }
}
