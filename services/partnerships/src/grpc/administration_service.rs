//! Partners, agreements, clients and suspensions, as the operator's program keeps them.

use auth::caller;
use kernel::PersonId;
use partnerships_proto::v1::administration_service_server::AdministrationService;
use partnerships_proto::v1::{
    CreatePartnerRequest, CreatePartnerResponse, EndAgreementRequest, EndAgreementResponse,
    LinkClientRequest, LinkClientResponse, ListPartnersRequest, ListPartnersResponse, PutAgreementRequest,
    PutAgreementResponse, SetCardSuspensionRequest, SetCardSuspensionResponse, UnlinkClientRequest,
    UnlinkClientResponse,
};
use platform::idempotency::hash_of;
use tonic::{Request, Response, Status};

use super::convert;
use crate::domain::book::Book;
use crate::error::Error;
use crate::use_cases::Desk;
use crate::use_cases::administration::Order;
use crate::use_cases::create_partner::create_partner;
use crate::use_cases::end_agreement::end_agreement;
use crate::use_cases::link_client::link_client;
use crate::use_cases::list_partners::list_partners;
use crate::use_cases::put_agreement::put_agreement;
use crate::use_cases::set_card_suspension::set_card_suspension;
use crate::use_cases::unlink_client::unlink_client;

/// Serves the operator.
pub(crate) struct Administration(pub(crate) Desk);

impl Administration {
    fn order<T: prost::Message>(
        &self,
        request: &Request<T>,
        method: &'static str,
        key: &str,
    ) -> Result<Order, Status> {
        Ok(Order {
            actor: caller(request)?.actor(),
            method,
            key: key.to_owned(),
            request_hash: hash_of(request.get_ref()),
            now: self.0.clock.now(),
        })
    }
}

#[tonic::async_trait]
impl AdministrationService for Administration {
    async fn create_partner(
        &self,
        request: Request<CreatePartnerRequest>,
    ) -> Result<Response<CreatePartnerResponse>, Status> {
        let order = self.order(&request, "CreatePartner", &request.get_ref().idempotency_key)?;
        let asked = request.into_inner();
        let partner = create_partner(&self.0, &order, &asked.code, &asked.name_ar, &asked.name_fr).await?;
        Ok(Response::new(CreatePartnerResponse {
            partner: Some(convert::partner(&partner, &Book::default())),
        }))
    }

    async fn list_partners(
        &self,
        _: Request<ListPartnersRequest>,
    ) -> Result<Response<ListPartnersResponse>, Status> {
        let book = list_partners(&self.0).await?;
        Ok(Response::new(ListPartnersResponse {
            partners: book
                .partners
                .iter()
                .map(|partner| convert::partner(partner, &book))
                .collect(),
        }))
    }

    async fn put_agreement(
        &self,
        request: Request<PutAgreementRequest>,
    ) -> Result<Response<PutAgreementResponse>, Status> {
        let order = self.order(&request, "PutAgreement", &request.get_ref().idempotency_key)?;
        let asked = request.into_inner();
        let terms = convert::terms(asked.terms)?;
        let agreement = put_agreement(&self.0, &order, &asked.partner_code, &asked.reference, terms).await?;
        Ok(Response::new(PutAgreementResponse {
            agreement: Some(convert::agreement(&agreement)),
        }))
    }

    async fn end_agreement(
        &self,
        request: Request<EndAgreementRequest>,
    ) -> Result<Response<EndAgreementResponse>, Status> {
        let order = self.order(&request, "EndAgreement", &request.get_ref().idempotency_key)?;
        let asked = request.into_inner();
        let ended_on = convert::optional_date(&asked.ended_on, "ended_on")?;
        let agreement =
            end_agreement(&self.0, &order, &asked.partner_code, &asked.reference, ended_on).await?;
        Ok(Response::new(EndAgreementResponse {
            agreement: Some(convert::agreement(&agreement)),
        }))
    }

    async fn link_client(
        &self,
        request: Request<LinkClientRequest>,
    ) -> Result<Response<LinkClientResponse>, Status> {
        let order = self.order(&request, "LinkClient", &request.get_ref().idempotency_key)?;
        let asked = request.into_inner();
        link_client(&self.0, &order, &asked.partner_code, &asked.client_id).await?;
        Ok(Response::new(LinkClientResponse {}))
    }

    async fn unlink_client(
        &self,
        request: Request<UnlinkClientRequest>,
    ) -> Result<Response<UnlinkClientResponse>, Status> {
        let order = self.order(&request, "UnlinkClient", &request.get_ref().idempotency_key)?;
        unlink_client(&self.0, &order, &request.get_ref().client_id).await?;
        Ok(Response::new(UnlinkClientResponse {}))
    }

    async fn set_card_suspension(
        &self,
        request: Request<SetCardSuspensionRequest>,
    ) -> Result<Response<SetCardSuspensionResponse>, Status> {
        let order = self.order(&request, "SetCardSuspension", &request.get_ref().idempotency_key)?;
        let asked = request.into_inner();
        let person: PersonId = asked.person_id.parse().map_err(|_| Error::Malformed {
            field: "person_id",
            reason: "PERSON_ID",
            instead: "an id of 36 characters",
        })?;
        set_card_suspension(&self.0, &order, person, asked.suspended).await?;
        Ok(Response::new(SetCardSuspensionResponse {}))
    }
}
