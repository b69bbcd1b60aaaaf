//! The RPCs: a few lines each. Who may call was decided by the guard before; whose record is decided in the queries.

mod convert;
mod member_lookup_service;
mod member_service;
mod roster_service;
mod staff_record_service;
mod status;

use std::sync::Arc;

use membership_proto::v1::member_lookup_service_server::MemberLookupServiceServer;
use membership_proto::v1::member_service_server::MemberServiceServer;
use membership_proto::v1::roster_service_server::RosterServiceServer;
use membership_proto::v1::staff_record_service_server::StaffRecordServiceServer;
use platform::clock::Clock;
use sqlx::PgPool;
use tonic::service::Routes;

use self::roster_service::Rosters;
pub(crate) use self::roster_service::RunningImports;
use crate::domain::bank_names::BankNames;
use crate::sealing::Sealing;
use crate::use_cases::import_roster::ImportRoster;

/// What the RPCs share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) pool: PgPool,
    pub(crate) sealing: Arc<Sealing>,
    pub(crate) banks: Arc<BankNames>,
    pub(crate) clock: Clock,
}

/// Every proto service, unguarded: the caller puts the guard before.
pub(crate) fn routes(shared: Shared, import: ImportRoster, running: RunningImports) -> Routes {
    Routes::new(MemberServiceServer::new(member_service::Members(shared.clone())))
        .add_service(MemberLookupServiceServer::new(
            member_lookup_service::MemberLookup(shared.clone()),
        ))
        .add_service(StaffRecordServiceServer::new(staff_record_service::StaffRecords(
            shared,
        )))
        .add_service(RosterServiceServer::new(Rosters { import, running }))
}
