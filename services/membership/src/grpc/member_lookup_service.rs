//! `MemberLookupService`: what agents are shown of members. Each showing is a line in the member's trail.

use auth::caller;
use kernel::{Matricule, MemberId, Role};
use membership_proto::v1::member_lookup_service_server::MemberLookupService;
use membership_proto::v1::{
    BatchGetMemberLabelsRequest, BatchGetMemberLabelsResponse, FindMemberAtDeskRequest,
    FindMemberAtDeskResponse, GetMemberRequest, GetMemberResponse,
};
use tonic::{Request, Response, Status};

use super::{Shared, convert};
use crate::error::Error;
use crate::store::family_links::is_one_family;
use crate::use_cases::get_own_record::get_own_record;
use crate::use_cases::look_up_members::{MAX_LABELS, by_matricule, labels};
use crate::use_cases::note_shown::{Shown, note_shown};

pub(super) struct MemberLookup(pub(super) Shared);

#[tonic::async_trait]
impl MemberLookupService for MemberLookup {
    async fn batch_get_member_labels(
        &self,
        request: Request<BatchGetMemberLabelsRequest>,
    ) -> Result<Response<BatchGetMemberLabelsResponse>, Status> {
        let actor = caller(&request)?.actor();
        let texts = request.into_inner().member_ids;
        if texts.len() > MAX_LABELS {
            return Err(Error::TooManyIds { limit: MAX_LABELS }.into());
        }
        let ids: Vec<MemberId> = texts
            .iter()
            .map(|text| text.parse().map_err(|_| Error::BadId { field: "member_ids" }))
            .collect::<Result<_, _>>()?;
        let now = self.0.clock.now();
        let found = labels(&self.0.pool, &ids, now).await?;
        let shown = found.iter().map(|label| label.named.member_id).collect();
        note_shown(&self.0.pool, &actor, Shown::Label, shown, now).await?;
        Ok(Response::new(BatchGetMemberLabelsResponse {
            labels: found.into_iter().map(convert::label).collect(),
        }))
    }

    async fn get_member(
        &self,
        request: Request<GetMemberRequest>,
    ) -> Result<Response<GetMemberResponse>, Status> {
        let caller = caller(&request)?;
        let (actor, own) = (caller.actor(), caller.own_membership());
        // Who gives a medical opinion needs no account.
        let shows_account = [Role::CaseOfficer, Role::Validator]
            .iter()
            .any(|role| caller.roles.contains(role));
        // An id that is none of ours names nobody.
        let member: MemberId = request
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
        let now = clock.now();
        // Whom an agent may not handle as a file they are not shown as a person either.
        if let Some(own) = own
            && is_one_family(
                &mut *pool.acquire().await.map_err(Error::from)?,
                own.as_uuid(),
                member.as_uuid(),
            )
            .await
            .map_err(Error::from)?
        {
            tracing::warn!(member.id = %member, "an agent asked for their own or a relative's record");
            return Err(Error::MemberNotFound.into());
        }
        let record = get_own_record(pool, sealing, member, now).await?;
        let shown = Shown::Record {
            account: shows_account,
        };
        note_shown(pool, &actor, shown, vec![member.as_uuid()], now).await?;
        Ok(Response::new(convert::member(record, banks, shows_account)))
    }

    async fn find_member_at_desk(
        &self,
        request: Request<FindMemberAtDeskRequest>,
    ) -> Result<Response<FindMemberAtDeskResponse>, Status> {
        let actor = caller(&request)?.actor();
        // What is no payroll number is nobody's: the page checks the form before it asks.
        let matricule = Matricule::parse(&request.get_ref().matricule).map_err(|_| Error::MemberNotFound)?;
        let now = self.0.clock.now();
        let found = by_matricule(&self.0.pool, &matricule, now).await?;
        let shown = vec![found.label.named.member_id];
        note_shown(&self.0.pool, &actor, Shown::AtDesk, shown, now).await?;
        Ok(Response::new(FindMemberAtDeskResponse {
            label: Some(convert::label(found.label)),
            has_address: found.has_address,
            deceased: found.deceased,
        }))
    }
}
