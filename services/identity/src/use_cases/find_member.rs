//! Asks membership who bears a payroll number: a part of other operations, before their transaction begins.

use kernel::{Locale, Matricule, MemberId};
use membership_proto::v1::FindMemberRequest;
use tonic::Code;

use crate::context::Context;
use crate::error::Error;

/// A living member.
pub(crate) struct FoundMember {
    pub(crate) id: MemberId,
    pub(crate) has_address: bool,
    pub(crate) locale: Locale,
}

pub(crate) async fn find_member(
    context: &Context,
    matricule: &Matricule,
) -> Result<Option<FoundMember>, Error> {
    let question = FindMemberRequest {
        matricule: matricule.as_str().to_owned(),
    };
    let answer = match context.staff_records.clone().find_member(question).await {
        Ok(answer) => answer.into_inner(),
        Err(status) if status.code() == Code::NotFound => return Ok(None),
        Err(status) => return Err(Error::Membership(Box::new(status))),
    };
    Ok(Some(FoundMember {
        id: answer
            .member_id
            .parse()
            .map_err(|_| Error::Unreadable("membership's member id"))?,
        has_address: answer.has_address,
        locale: Locale::parse(&answer.locale).map_err(|_| Error::Unreadable("membership's language"))?,
    }))
}
