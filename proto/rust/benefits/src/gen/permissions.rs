// Written by proto/gen; do not edit.
use kernel::permission::{Assurance, CallerKind, MethodPermission};

/// Who may call each RPC of this service.
pub const PERMISSIONS: &[MethodPermission] = &[
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/DiscardDraft", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/GetApplication", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/ListApplications", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/SaveAnswer", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/StartApplication", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/SubmitApplication", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.ApplicationService/WithdrawApplication", callers: &[CallerKind::Member], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.CatalogueService/GetBenefit", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.benefits.v1.CatalogueService/ListBenefits", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
];
