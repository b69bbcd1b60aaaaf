// Written by proto/gen; do not edit.
use kernel::permission::{Assurance, CallerKind, MethodPermission};

/// Who may call each RPC of this service.
pub const PERMISSIONS: &[MethodPermission] = &[
    MethodPermission {
        method: "/tadamon.operations.v1.OperationsService/GetDeadLetter",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "operations.dead_letters",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.operations.v1.OperationsService/ListAuditRoots",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "operations.audit",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.operations.v1.OperationsService/ListDeadLetters",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "operations.dead_letters",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.operations.v1.OperationsService/ReplayDeadLetter",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "operations.dead_letters",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.operations.v1.OperationsService/VerifyAuditChains",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "operations.audit",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.operations.v1.OperationsService/VerifyAuditRoot",
        callers: &[CallerKind::App],
        roles: &[],
        scope: "operations.audit",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
];
