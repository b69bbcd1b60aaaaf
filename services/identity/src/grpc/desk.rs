//! `DeskService`: the printed code, from the desk's printer to the member's password.

use std::sync::Arc;

use auth::caller;
use identity_proto::v1::desk_service_server::DeskService;
use identity_proto::v1::{
    IssueActivationCodeRequest, IssueActivationCodeResponse, RedeemActivationCodeRequest,
    RedeemActivationCodeResponse,
};
use tonic::{Request, Response, Status};
use zeroize::Zeroizing;

use super::convert;
use crate::context::Context;
use crate::use_cases::issue_activation_code::{DeskAgent, TypedIssue, issue_activation_code};
use crate::use_cases::redeem_activation_code::{Redemption, redeem_activation_code};

pub(super) struct Desk(pub(super) Arc<Context>);

#[tonic::async_trait]
impl DeskService for Desk {
    async fn issue_activation_code(
        &self,
        request: Request<IssueActivationCodeRequest>,
    ) -> Result<Response<IssueActivationCodeResponse>, Status> {
        let caller = caller(&request)?.clone();
        let message = request.into_inner();
        let agent = DeskAgent {
            account: caller.account()?,
            own_member_id: caller.own_membership(),
        };
        let typed = TypedIssue {
            matricule: &message.matricule,
            identification: &message.identification,
            cause: &message.cause,
        };
        let issued = issue_activation_code(&self.0, &agent, &caller.actor(), typed).await?;
        Ok(Response::new(IssueActivationCodeResponse {
            code: issued.code,
            expires_at: Some(convert::timestamp(issued.expires_at)),
        }))
    }

    async fn redeem_activation_code(
        &self,
        request: Request<RedeemActivationCodeRequest>,
    ) -> Result<Response<RedeemActivationCodeResponse>, Status> {
        let message = request.into_inner();
        let typed = Redemption {
            matricule: message.matricule,
            code: message.code,
            password: Zeroizing::new(message.password),
            proof: convert::proof(message.proof),
            locale: message.locale,
            client_address: message.client_address,
        };
        let device_token = redeem_activation_code(&self.0, typed).await?;
        Ok(Response::new(RedeemActivationCodeResponse { device_token }))
    }
}
