//! `MemberService`: members and families as other services and the member see them.

use kernel::MemberId;
use membership_proto::v1::member_service_server::MemberService;
use membership_proto::v1::{
    BatchGetMemberFactsRequest, BatchGetMemberFactsResponse, GetContactRequest, GetContactResponse,
    GetOwnRecordRequest, GetOwnRecordResponse,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Shared, convert};
use crate::error::Error;
use crate::use_cases::get_contact::get_contact;
use crate::use_cases::get_member_facts::{MAX_IDS, get_member_facts};
use crate::use_cases::get_own_record::get_own_record;

pub(super) struct Members(pub(super) Shared);

#[tonic::async_trait]
impl MemberService for Members {
    async fn get_own_record(
        &self,
        request: Request<GetOwnRecordRequest>,
    ) -> Result<Response<GetOwnRecordResponse>, Status> {
        let member = auth::caller(&request)?.member()?;
        let Shared {
            pool,
            sealing,
            banks,
            clock,
        } = &self.0;
        let record = get_own_record(pool, sealing, member, clock.now()).await?;
        Ok(Response::new(convert::own_record(record, banks)))
    }

    async fn batch_get_member_facts(
        &self,
        request: Request<BatchGetMemberFactsRequest>,
    ) -> Result<Response<BatchGetMemberFactsResponse>, Status> {
        let texts = request.into_inner().member_ids;
        if texts.len() > MAX_IDS {
            return Err(Error::TooManyIds { limit: MAX_IDS }.into());
        }
        let ids: Vec<Uuid> = texts
            .iter()
            .map(|text| id(text, "member_ids").map(MemberId::as_uuid))
            .collect::<Result<_, _>>()?;
        let facts = get_member_facts(&self.0.pool, &ids, self.0.clock.now()).await?;
        let facts = facts.into_iter().map(convert::member_facts).collect();
        Ok(Response::new(BatchGetMemberFactsResponse { facts }))
    }

    async fn get_contact(
        &self,
        request: Request<GetContactRequest>,
    ) -> Result<Response<GetContactResponse>, Status> {
        let member = id(&request.get_ref().member_id, "member_id")?;
        let contact = get_contact(&self.0.pool, &self.0.sealing, member).await?;
        Ok(Response::new(GetContactResponse {
            email: contact.email,
            locale: contact.locale,
        }))
    }
}

fn id(text: &str, field: &'static str) -> Result<MemberId, Error> {
    text.parse().map_err(|_| Error::BadId { field })
}
