//! `StaffRecordService`: whether typed details are those of one person on the staff file, and who bears a payroll number.

use membership_proto::v1::staff_record_service_server::StaffRecordService;
use membership_proto::v1::{
    FindMemberRequest, FindMemberResponse, MatchStaffRecordRequest, MatchStaffRecordResponse,
};
use tonic::{Request, Response, Status};

use super::Shared;
use crate::error::Error;
use crate::use_cases::find_member::find_member;
use crate::use_cases::match_staff_record::{Details, match_staff_record};

pub(super) struct StaffRecords(pub(super) Shared);

#[tonic::async_trait]
impl StaffRecordService for StaffRecords {
    async fn match_staff_record(
        &self,
        request: Request<MatchStaffRecordRequest>,
    ) -> Result<Response<MatchStaffRecordResponse>, Status> {
        let typed = request.get_ref();
        let details = Details {
            matricule: &typed.matricule,
            cin: &typed.cin,
            position: &typed.position,
            pension_number: &typed.pension_number,
            email: &typed.email,
        };
        let Shared {
            pool, sealing, clock, ..
        } = &self.0;
        let matched = match_staff_record(pool, sealing, details, clock.now()).await?;
        let answer = matched.map_or_else(MatchStaffRecordResponse::default, |found| {
            MatchStaffRecordResponse {
                matched: true,
                member_id: found.member.to_string(),
                email: found.email,
                locale: found.locale,
            }
        });
        Ok(Response::new(answer))
    }

    async fn find_member(
        &self,
        request: Request<FindMemberRequest>,
    ) -> Result<Response<FindMemberResponse>, Status> {
        let Shared { pool, clock, .. } = &self.0;
        let asked = request.get_ref();
        let relative_of = match asked.relative_of.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::BadId { field: "relative_of" })?),
        };
        let found = find_member(pool, &asked.matricule, relative_of, clock.now()).await?;
        Ok(Response::new(FindMemberResponse {
            member_id: found.member.to_string(),
            position: found.position,
            has_address: found.has_address,
            locale: found.locale,
            is_relative: found.is_relative,
        }))
    }
}
