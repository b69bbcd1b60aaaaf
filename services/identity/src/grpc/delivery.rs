//! `DeliveryService`: the link, for the mailer only, at the moment of sending.

use std::sync::Arc;

use identity_proto::v1::delivery_service_server::DeliveryService;
use identity_proto::v1::{FetchDeliveryRequest, FetchDeliveryResponse};
use tonic::{Request, Response, Status};

use super::convert;
use crate::context::Context;
use crate::error::Error;
use crate::use_cases::fetch_delivery::fetch_delivery;

pub(super) struct Deliveries(pub(super) Arc<Context>);

#[tonic::async_trait]
impl DeliveryService for Deliveries {
    async fn fetch_delivery(
        &self,
        request: Request<FetchDeliveryRequest>,
    ) -> Result<Response<FetchDeliveryResponse>, Status> {
        let id = request
            .into_inner()
            .delivery_id
            .parse()
            .map_err(|_| Error::DeliveryNotFound)?;
        let delivery = fetch_delivery(&self.0, id).await?;
        Ok(Response::new(FetchDeliveryResponse {
            email: delivery.email,
            locale: delivery.locale.to_string(),
            link: delivery.link,
            expires_at: delivery.expires_at.map(convert::timestamp),
        }))
    }
}
