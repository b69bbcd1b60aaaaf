// Written by proto/gen; do not edit.
use kernel::permission::{Assurance, CallerKind, MethodPermission};

/// Who may call each RPC of this service.
pub const PERMISSIONS: &[MethodPermission] = &[
MethodPermission { method: "/tadamon.identity.v1.AccountService/ChangePassword", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.AccountService/InspectLink", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.AccountService/IssueChallenge", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.AccountService/RequestLink", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.AccountService/SetLocale", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: true },
MethodPermission { method: "/tadamon.identity.v1.AccountService/SetPassword", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.DeliveryService/FetchDelivery", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["notifications"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.SessionService/ExchangeSession", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.SessionService/ListSessions", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.SessionService/RevokeSession", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.SessionService/SignIn", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.SessionService/SignOut", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
MethodPermission { method: "/tadamon.identity.v1.TermsService/AcceptTerms", callers: &[CallerKind::Member, CallerKind::Agent], roles: &[], scope: "", services: &[], assurance: Assurance::One, before_terms: true },
MethodPermission { method: "/tadamon.identity.v1.TermsService/GetTerms", callers: &[CallerKind::Service], roles: &[], scope: "", services: &["portal"], assurance: Assurance::One, before_terms: false },
];
