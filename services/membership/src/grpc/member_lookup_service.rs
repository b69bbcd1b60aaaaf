//! `MemberLookupService`: what agents are shown of members.

use kernel::{Matricule, MemberId};
use membership_proto::v1::member_lookup_service_server::MemberLookupService;
use membership_proto::v1::{
    BatchGetMemberLabelsRequest, BatchGetMemberLabelsResponse, FindMemberAtDeskRequest,
    FindMemberAtDeskResponse, GetMemberRequest, GetMemberResponse,
};
use tonic::{Request, Response, Status};

use super::{Shared, convert};
use crate::error::Error;
use crate::use_cases::get_own_record::get_own_record;
use crate::use_cases::look_up_members::{MAX_LABELS, by_matricule, labels};

pub(super) struct MemberLookup(pub(super) Shared);

#[tonic::async_trait]
impl MemberLookupService for MemberLookup {
    async fn batch_get_member_labels(
        &self,
        request: Request<BatchGetMemberLabelsRequest>,
    ) -> Result<Response<BatchGetMemberLabelsResponse>, Status> {
        let texts = request.into_inner().member_ids;
        if texts.len() > MAX_LABELS {
            return Err(Error::TooManyIds { limit: MAX_LABELS }.into());
        }
        let ids: Vec<MemberId> = texts
            .iter()
            .map(|text| text.parse().map_err(|_| Error::BadId { field: "member_ids" }))
            .collect::<Result<_, _>>()?;
        let found = labels(&self.0.pool, &ids, self.0.clock.now()).await?;
        Ok(Response::new(BatchGetMemberLabelsResponse {
            labels: found.into_iter().map(convert::label).collect(),
        }))
    }

    async fn get_member(
        &self,
        request: Request<GetMemberRequest>,
    ) -> Result<Response<GetMemberResponse>, Status> {
        // An id that is none of ours names nobody.
        let member = request
            .get_ref()
            .member_id
            .parse()
            .map_err(|_| Error::MemberNotFound)?;
        let Shared {
            pool,
            sealing,
            banks,
            clock,
        } = &self.0;
        let record = get_own_record(pool, sealing, member, clock.now()).await?;
        Ok(Response::new(convert::member(record, banks)))
    }

    async fn find_member_at_desk(
        &self,
        request: Request<FindMemberAtDeskRequest>,
    ) -> Result<Response<FindMemberAtDeskResponse>, Status> {
        // What is no payroll number is nobody's: the page checks the form before it asks.
        let matricule = Matricule::parse(&request.get_ref().matricule).map_err(|_| Error::MemberNotFound)?;
        let (found, has_address) = by_matricule(&self.0.pool, &matricule, self.0.clock.now()).await?;
        Ok(Response::new(FindMemberAtDeskResponse {
            label: Some(convert::label(found)),
            has_address,
        }))
    }
}
