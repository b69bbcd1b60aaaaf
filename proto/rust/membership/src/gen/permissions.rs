// Written by proto/gen; do not edit.
use kernel::permission::{Assurance, CallerKind, MethodPermission};

/// Who may call each RPC of this service.
pub const PERMISSIONS: &[MethodPermission] = &[
    MethodPermission {
        method: "/tadamon.membership.v1.MemberService/BatchGetMemberFacts",
        callers: &[CallerKind::Service],
        roles: &[],
        scope: "",
        services: &["benefits", "partnerships"],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.membership.v1.MemberService/GetContact",
        callers: &[CallerKind::Service],
        roles: &[],
        scope: "",
        services: &["notifications", "identity"],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.membership.v1.MemberService/GetOwnRecord",
        callers: &[CallerKind::Member],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.membership.v1.RosterService/ImportRoster",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "membership.roster.import",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.membership.v1.StaffRecordService/MatchStaffRecord",
        callers: &[CallerKind::Service],
        roles: &[],
        scope: "",
        services: &["identity"],
        assurance: Assurance::One,
        before_terms: false,
    },
];
