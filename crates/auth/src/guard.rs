//! The one layer that enforces the permission table. An RPC without a row refuses everybody; health is mounted outside of it on purpose.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use kernel::permission::{CallerKind, MethodPermission};
use platform::clock::Clock;
use platform::status::Problem;
use platform::tls::{Line, Shown};
use tonic::service::Routes;
use tonic::{Code, Status};

use crate::caller::Caller;
use crate::token::{self, TokenError};
use crate::trust::Trust;

/// The table of one service and what it needs to believe a token.
#[derive(Clone, Debug)]
pub struct Guard(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    trust: Trust,
    audience: &'static str,
    table: HashMap<&'static str, MethodPermission>,
    clock: Clock,
}

impl Guard {
    /// `audience` is the service's own name; `tables` the `PERMISSIONS` of the contracts that it serves.
    #[must_use]
    pub fn new(
        trust: &Path,
        audience: &'static str,
        tables: &[&'static [MethodPermission]],
        clock: Clock,
    ) -> Self {
        let table = tables
            .iter()
            .flat_map(|rows| rows.iter())
            .map(|row| (row.method, *row))
            .collect();
        Self(Arc::new(Inner {
            trust: Trust::new(trust),
            audience,
            table,
            clock,
        }))
    }

    fn admit(
        &self,
        path: &str,
        authorization: Option<&str>,
        shown: Option<&Shown>,
    ) -> Result<Caller, Status> {
        let Some(permission) = self.0.table.get(path) else {
            return Err(Problem::new(Code::PermissionDenied, "NOT_PERMITTED").into_status());
        };
        let token = authorization
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| refused("no token"))?;
        let now = self.0.clock.now();
        if shown.is_some_and(|shown| !shown.holds_at(now)) {
            return Err(refused("the certificate of the connection has ended"));
        }
        let claims = token::verify(&self.0.trust, token, self.0.audience, now)
            .map_err(|error: TokenError| refused(&error.to_string()))?;
        let caller = Caller::from(claims);
        if shown.is_some_and(|shown| !may_bring(shown, &caller)) {
            tracing::warn!(
                rpc.method = path,
                caller.kind = caller.kind.as_str(),
                "a token came over a connection of somebody else"
            );
            return Err(Problem::new(Code::PermissionDenied, "NOT_PERMITTED").into_status());
        }
        permits(permission, &caller)?;
        Ok(caller)
    }
}

/// Where sessions are: nobody else has the tokens of people.
const EDGE: &str = "portal";

/// Whether whoever showed this certificate may bring the caller's token: a service its own, the edge those of people. Applications and the operator's
/// program prove themselves by their tokens alone: their certificate says that they may connect.
fn may_bring(shown: &Shown, caller: &Caller) -> bool {
    match caller.kind {
        CallerKind::Service => shown.is_of(&caller.subject),
        CallerKind::Member | CallerKind::Agent => shown.is_of(EDGE),
        CallerKind::App | CallerKind::Partner => true,
    }
}

fn refused(cause: &str) -> Status {
    tracing::info!(cause, "token refused");
    Problem::new(Code::Unauthenticated, "TOKEN_REFUSED").into_status()
}

/// Whether a row of the table lets this caller in.
///
/// # Errors
/// `PERMISSION_DENIED`, or `FAILED_PRECONDITION` with `TERMS_NOT_ACCEPTED`.
pub fn permits(permission: &MethodPermission, caller: &Caller) -> Result<(), Status> {
    let person = matches!(caller.kind, CallerKind::Member | CallerKind::Agent);
    let kind = permission.callers.contains(&caller.kind);
    let role = caller.kind != CallerKind::Agent
        || permission.roles.is_empty()
        || caller.roles.iter().any(|role| permission.roles.contains(role));
    let scoped = matches!(caller.kind, CallerKind::App | CallerKind::Partner);
    // An app or partner without a scope in the table gets nothing: forgetting the scope must not open the door.
    let scope = !scoped
        || (!permission.scope.is_empty() && caller.scopes.iter().any(|scope| scope == permission.scope));
    let service = caller.kind != CallerKind::Service
        || permission.services.is_empty()
        || permission.services.contains(&caller.subject.as_str());
    let assurance = !person || caller.assurance >= permission.assurance;
    if !(kind && role && scope && service && assurance) {
        tracing::info!(
            rpc.method = permission.method,
            caller.kind = caller.kind.as_str(),
            "call refused by the permission table"
        );
        return Err(Problem::new(Code::PermissionDenied, "NOT_PERMITTED").into_status());
    }
    if person && !caller.terms_accepted && !permission.before_terms {
        return Err(Problem::new(Code::FailedPrecondition, "TERMS_NOT_ACCEPTED").into_status());
    }
    Ok(())
}

/// Puts the guard before every route.
#[must_use]
pub fn protect(routes: Routes, guard: Guard) -> Routes {
    Routes::from(
        routes
            .into_axum_router()
            .layer(from_fn_with_state(guard, enforce)),
    )
}

async fn enforce(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let authorization = request
        .headers()
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = request
        .extensions()
        .get::<Line>()
        .and_then(|line| line.shown.as_ref());
    match guard.admit(request.uri().path(), authorization, shown) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(status) => status.into_http(),
    }
}
