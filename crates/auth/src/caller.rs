//! The caller of an RPC, as the guard put it into the request.

use kernel::ids::{AccountId, MemberId, SessionId};
use kernel::permission::{Assurance, CallerKind, Role};
use platform::audit::Actor;
use platform::status::Problem;
use tonic::{Code, Request, Status};

use crate::token::Claims;

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    pub kind: CallerKind,
    /// Account id, client id or service name.
    pub subject: String,
    /// A member's, or an agent's own as staff. Whoever acts as a member asks [`Caller::member`].
    pub member_id: Option<MemberId>,
    pub account_id: Option<AccountId>,
    pub session_id: Option<SessionId>,
    pub roles: Vec<Role>,
    pub scopes: Vec<String>,
    pub terms_accepted: bool,
    pub assurance: Assurance,
    pub locale: String,
}

impl From<Claims> for Caller {
    fn from(claims: Claims) -> Self {
        Self {
            kind: claims.kind,
            subject: claims.sub,
            member_id: claims.member_id,
            account_id: claims.account_id,
            session_id: claims.session_id,
            roles: claims.roles,
            scopes: claims.scopes,
            terms_accepted: claims.terms,
            assurance: claims.assurance,
            locale: claims.locale,
        }
    }
}

impl Caller {
    /// The member who calls. An agent never acts as a member, whatever their own membership.
    ///
    /// # Errors
    /// `PERMISSION_DENIED` when the caller is no member.
    pub fn member(&self) -> Result<MemberId, Status> {
        self.member_id
            .filter(|_| self.kind == CallerKind::Member)
            .ok_or_else(|| Problem::new(Code::PermissionDenied, "NOT_A_MEMBER").into_status())
    }

    /// The agent's own membership, when they are staff of the kind that has one: its file and its relatives' are not theirs to handle.
    #[must_use]
    pub fn own_membership(&self) -> Option<MemberId> {
        self.member_id.filter(|_| self.kind == CallerKind::Agent)
    }

    /// The account that calls.
    ///
    /// # Errors
    /// `PERMISSION_DENIED` when the caller has none.
    pub fn account(&self) -> Result<AccountId, Status> {
        self.account_id
            .ok_or_else(|| Problem::new(Code::PermissionDenied, "NO_ACCOUNT").into_status())
    }

    /// The caller in the audit trail.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            kind: self.kind.as_str().to_owned(),
            id: self.subject.clone(),
        }
    }
}

/// The caller of this request.
///
/// # Errors
/// `UNAUTHENTICATED` when the route was mounted without a guard.
pub fn caller<T>(request: &Request<T>) -> Result<&Caller, Status> {
    request
        .extensions()
        .get::<Caller>()
        .ok_or_else(|| Problem::new(Code::Unauthenticated, "TOKEN_REFUSED").into_status())
}
