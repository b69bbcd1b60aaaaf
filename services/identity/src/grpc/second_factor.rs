//! `SecondFactorService`: enrolment and verification, for the edge with an agent's session.

use std::sync::Arc;

use identity_proto::v1::second_factor_service_server::SecondFactorService;
use identity_proto::v1::verify_second_factor_request::Proof;
use identity_proto::v1::{
    BeginTotpEnrolmentRequest, BeginTotpEnrolmentResponse, ConfirmTotpEnrolmentRequest,
    ConfirmTotpEnrolmentResponse, RenewRecoveryCodesRequest, RenewRecoveryCodesResponse,
    VerifySecondFactorRequest, VerifySecondFactorResponse,
};
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::use_cases::begin_totp_enrolment::begin_totp_enrolment;
use crate::use_cases::confirm_totp_enrolment::confirm_totp_enrolment;
use crate::use_cases::renew_recovery_codes::renew_recovery_codes;
use crate::use_cases::verify_second_factor::{TypedFactor, verify_second_factor};

pub(super) struct SecondFactors(pub(super) Arc<Context>);

#[tonic::async_trait]
impl SecondFactorService for SecondFactors {
    async fn begin_totp_enrolment(
        &self,
        request: Request<BeginTotpEnrolmentRequest>,
    ) -> Result<Response<BeginTotpEnrolmentResponse>, Status> {
        let begun = begin_totp_enrolment(&self.0, &request.into_inner().session_token).await?;
        Ok(Response::new(BeginTotpEnrolmentResponse {
            uri: begun.uri,
            secret: begun.secret,
            qr_svg: begun.qr_svg,
        }))
    }

    async fn confirm_totp_enrolment(
        &self,
        request: Request<ConfirmTotpEnrolmentRequest>,
    ) -> Result<Response<ConfirmTotpEnrolmentResponse>, Status> {
        let message = request.into_inner();
        let enrolled = confirm_totp_enrolment(&self.0, &message.session_token, &message.code).await?;
        Ok(Response::new(ConfirmTotpEnrolmentResponse {
            recovery_codes: enrolled.recovery_codes,
            session: Some(convert::session_info(&enrolled.raised.session)),
            session_token: enrolled.raised.session_token,
        }))
    }

    async fn verify_second_factor(
        &self,
        request: Request<VerifySecondFactorRequest>,
    ) -> Result<Response<VerifySecondFactorResponse>, Status> {
        let message = request.into_inner();
        // Nothing typed is a wrong code.
        let typed = match message.proof {
            Some(Proof::RecoveryCode(code)) => TypedFactor::RecoveryCode(code),
            Some(Proof::Code(code)) => TypedFactor::Code(code),
            None => TypedFactor::Code(String::new()),
        };
        let verified = verify_second_factor(&self.0, &message.session_token, typed).await?;
        Ok(Response::new(VerifySecondFactorResponse {
            session: Some(convert::session_info(&verified.raised.session)),
            session_token: verified.raised.session_token,
            recovery_codes_left: i32::try_from(verified.recovery_codes_left).unwrap_or(i32::MAX),
        }))
    }

    async fn renew_recovery_codes(
        &self,
        request: Request<RenewRecoveryCodesRequest>,
    ) -> Result<Response<RenewRecoveryCodesResponse>, Status> {
        let message = request.into_inner();
        let recovery_codes = renew_recovery_codes(&self.0, &message.session_token, &message.code).await?;
        Ok(Response::new(RenewRecoveryCodesResponse { recovery_codes }))
    }
}
