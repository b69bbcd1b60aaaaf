// Written by proto/gen; do not edit.
use kernel::permission::{Assurance, CallerKind, MethodPermission, Role};

/// Who may call each RPC of this service.
pub const PERMISSIONS: &[MethodPermission] = &[
    MethodPermission {
        method: "/tadamon.documents.v1.DocumentService/DownloadDocument",
        callers: &[CallerKind::Member],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.documents.v1.DocumentService/GetDocument",
        callers: &[CallerKind::Member],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.documents.v1.DocumentService/ListOpenings",
        callers: &[CallerKind::Agent],
        roles: &[Role::Auditor],
        scope: "",
        services: &[],
        assurance: Assurance::Two,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.documents.v1.DocumentService/OpenForReview",
        callers: &[CallerKind::Agent],
        roles: &[Role::CaseOfficer, Role::HealthReviewer, Role::Validator],
        scope: "",
        services: &[],
        assurance: Assurance::Two,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.documents.v1.DocumentService/UploadDocument",
        callers: &[CallerKind::Member],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
];
