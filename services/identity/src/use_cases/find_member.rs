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
    /// Of the family of whom it was asked about, or that member.
    pub(crate) is_relative: bool,
}

pub(crate) async fn find_member(
    context: &Context,
    matricule: &Matricule,
) -> Result<Option<FoundMember>, Error> {
    find_member_beside(context, matricule, None).await
}

/// The same, and whether they are of one family with another member.
pub(crate) async fn find_member_beside(
    context: &Context,
    matricule: &Matricule,
    other: Option<MemberId>,
) -> Result<Option<FoundMember>, Error> {
    let question = FindMemberRequest {
        matricule: matricule.as_str().to_owned(),
        relative_of: other.map(|id| id.to_string()).unwrap_or_default(),
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
        is_relative: answer.is_relative,
        locale: Locale::parse(&answer.locale).map_err(|_| Error::Unreadable("membership's language"))?,
    }))
}
