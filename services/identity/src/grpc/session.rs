//! `SessionService`: sign in, exchange, sign out, list, revoke.

use std::sync::Arc;

use auth::caller;
use identity_proto::v1::session_service_server::SessionService;
use identity_proto::v1::{
    ExchangeSessionRequest, ExchangeSessionResponse, ListSessionsRequest, ListSessionsResponse,
    RevokeSessionRequest, RevokeSessionResponse, SessionSummary, SignInRequest, SignInResponse,
    SignOutRequest, SignOutResponse,
};
use tonic::{Request, Response, Status};
use zeroize::Zeroizing;

use super::convert;
use crate::context::Context;
use crate::error::Error;
use crate::metrics;
use crate::use_cases::exchange_session::exchange_session;
use crate::use_cases::list_sessions::list_sessions;
use crate::use_cases::revoke_session::revoke_session;
use crate::use_cases::sign_in::{SignIn, sign_in};
use crate::use_cases::sign_out::sign_out;

pub(super) struct Sessions(pub(super) Arc<Context>);

#[tonic::async_trait]
impl SessionService for Sessions {
    async fn sign_in(&self, request: Request<SignInRequest>) -> Result<Response<SignInResponse>, Status> {
        let message = request.into_inner();
        let typed = SignIn {
            matricule: message.matricule,
            password: Zeroizing::new(message.password),
            proof: convert::proof(message.proof),
            device_token: message.device_token,
            client_address: message.client_address,
            device_label: message.device_label,
        };
        let signed_in = sign_in(&self.0, typed)
            .await
            .map_err(Status::from)
            .inspect_err(metrics::sign_in_refused)?;
        Ok(Response::new(SignInResponse {
            session: Some(convert::session_info(&signed_in.session)),
            session_token: signed_in.session_token,
            device_token: signed_in.device_token,
        }))
    }

    async fn exchange_session(
        &self,
        request: Request<ExchangeSessionRequest>,
    ) -> Result<Response<ExchangeSessionResponse>, Status> {
        let message = request.into_inner();
        let exchanged = exchange_session(&self.0, &message.session_token, &message.audience).await?;
        Ok(Response::new(ExchangeSessionResponse {
            session: Some(convert::session_info(&exchanged.session)),
            access_token: exchanged.access_token,
            expires_at: Some(convert::timestamp(exchanged.expires_at)),
        }))
    }

    async fn sign_out(&self, request: Request<SignOutRequest>) -> Result<Response<SignOutResponse>, Status> {
        sign_out(&self.0, &request.into_inner().session_token).await?;
        Ok(Response::new(SignOutResponse {}))
    }

    async fn list_sessions(
        &self,
        request: Request<ListSessionsRequest>,
    ) -> Result<Response<ListSessionsResponse>, Status> {
        let caller = caller(&request)?;
        let sessions = list_sessions(&self.0, caller.account()?).await?;
        let summary = |session: crate::store::sessions::Session| SessionSummary {
            session_id: session.id.to_string(),
            device_label: session.device_label,
            created_at: Some(convert::timestamp(session.created_at)),
            last_seen_at: Some(convert::timestamp(session.life.last_seen_at)),
            current: Some(session.id) == caller.session_id,
        };
        Ok(Response::new(ListSessionsResponse {
            sessions: sessions.into_iter().map(summary).collect(),
        }))
    }

    async fn revoke_session(
        &self,
        request: Request<RevokeSessionRequest>,
    ) -> Result<Response<RevokeSessionResponse>, Status> {
        let caller = caller(&request)?.clone();
        // A text that is no id names no session.
        let id = request
            .into_inner()
            .session_id
            .parse()
            .map_err(|_| Error::SessionNotFound)?;
        revoke_session(&self.0, caller.account()?, &caller.actor(), id).await?;
        Ok(Response::new(RevokeSessionResponse {}))
    }
}
