//! `ClientService`: OAuth clients of partners and internal applications, for the operator's command line.

use std::sync::Arc;

use auth::caller;
use identity_proto::v1::client_service_server::ClientService;
use identity_proto::v1::{
    Client as WireClient, CreateClientRequest, CreateClientResponse, DisableClientRequest,
    DisableClientResponse, ListClientsRequest, ListClientsResponse, RotateClientSecretRequest,
    RotateClientSecretResponse, SetClientScopesRequest, SetClientScopesResponse,
};
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::domain::client::{NewClient, check_scopes, overlap};
use crate::error::Error;
use crate::store::clients::Client;
use crate::use_cases::create_client::create_client;
use crate::use_cases::disable_client::disable_client;
use crate::use_cases::list_clients::list_clients;
use crate::use_cases::rotate_client_secret::rotate_client_secret;
use crate::use_cases::set_client_scopes::set_client_scopes;

pub(super) struct Clients(pub(super) Arc<Context>);

#[tonic::async_trait]
impl ClientService for Clients {
    async fn create_client(
        &self,
        request: Request<CreateClientRequest>,
    ) -> Result<Response<CreateClientResponse>, Status> {
        let actor = caller(&request)?.actor();
        let message = request.into_inner();
        let new = NewClient::check(&message.kind, &message.name, &message.scopes, &message.audience)
            .map_err(Error::Fields)?;
        let made = create_client(&self.0, &actor, new).await?;
        Ok(Response::new(CreateClientResponse {
            client_id: made.client_id,
            client_secret: made.secret,
        }))
    }

    async fn rotate_client_secret(
        &self,
        request: Request<RotateClientSecretRequest>,
    ) -> Result<Response<RotateClientSecretResponse>, Status> {
        let actor = caller(&request)?.actor();
        let message = request.into_inner();
        let overlap = overlap(message.overlap_seconds).map_err(Error::field)?;
        let rotated = rotate_client_secret(&self.0, &actor, &message.client_id, overlap).await?;
        Ok(Response::new(RotateClientSecretResponse {
            client_secret: rotated.secret,
            previous_until: Some(convert::timestamp(rotated.previous_until)),
        }))
    }

    async fn disable_client(
        &self,
        request: Request<DisableClientRequest>,
    ) -> Result<Response<DisableClientResponse>, Status> {
        let actor = caller(&request)?.actor();
        disable_client(&self.0, &actor, &request.into_inner().client_id).await?;
        Ok(Response::new(DisableClientResponse {}))
    }

    async fn set_client_scopes(
        &self,
        request: Request<SetClientScopesRequest>,
    ) -> Result<Response<SetClientScopesResponse>, Status> {
        let actor = caller(&request)?.actor();
        let message = request.into_inner();
        let scopes = check_scopes(&message.scopes).map_err(Error::field)?;
        set_client_scopes(&self.0, &actor, &message.client_id, scopes).await?;
        Ok(Response::new(SetClientScopesResponse {}))
    }

    async fn list_clients(
        &self,
        request: Request<ListClientsRequest>,
    ) -> Result<Response<ListClientsResponse>, Status> {
        let message = request.into_inner();
        let page = list_clients(&self.0, message.page_size, &message.page_token).await?;
        Ok(Response::new(ListClientsResponse {
            clients: page.clients.into_iter().map(wire).collect(),
            next_page_token: page.next,
        }))
    }
}

fn wire((client, secrets): (Client, i64)) -> WireClient {
    WireClient {
        client_id: client.client_id,
        kind: client.kind.as_str().to_owned(),
        name: client.name,
        scopes: client.scopes,
        audience: client.audience,
        created_at: Some(convert::timestamp(client.created_at)),
        disabled_at: client.disabled_at.map(convert::timestamp),
        secrets: i32::try_from(secrets).unwrap_or(i32::MAX),
    }
}
