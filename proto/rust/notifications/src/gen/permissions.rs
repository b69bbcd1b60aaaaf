// Written by proto/gen; do not edit.
use kernel::permission::{Assurance, CallerKind, MethodPermission};

/// Who may call each RPC of this service.
pub const PERMISSIONS: &[MethodPermission] = &[
    MethodPermission {
        method: "/tadamon.notifications.v1.InboxService/CountUnread",
        callers: &[CallerKind::Member, CallerKind::Agent],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.notifications.v1.InboxService/ListMessages",
        callers: &[CallerKind::Member, CallerKind::Agent],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
    MethodPermission {
        method: "/tadamon.notifications.v1.InboxService/MarkRead",
        callers: &[CallerKind::Member, CallerKind::Agent],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    },
];
