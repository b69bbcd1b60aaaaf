//! Every RPC of the table refuses who must not call it. What the guard does in general is tested beside it; here, that it stands before
//! each of our routes.

use kernel::{AccountId, CallerKind, MemberId};
use platform::ids::uuid_v7;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request};

use crate::support::TestApp;

/// Calls a route by its path with an empty message, which every message of ours accepts.
async fn call(app: &TestApp, method: &'static str, token: Option<&str>) -> Code {
    let mut client = tonic::client::Grpc::new(app.channel.clone());
    client.ready().await.unwrap();
    let mut request = Request::new(());
    if let Some(token) = token {
        request = auth::client::with_token(request, token);
    }
    let codec = tonic_prost::ProstCodec::<(), ()>::default();
    match client
        .unary(request, PathAndQuery::from_static(method), codec)
        .await
    {
        Ok(_) => Code::Ok,
        Err(status) => status.code(),
    }
}

#[tokio::test]
async fn every_rpc_refuses_callers_without_a_token_and_callers_that_its_row_does_not_name() {
    let app = TestApp::start().await;
    let now = app.clock.now();
    let (member, account) = (
        MemberId::from_uuid(uuid_v7(now)),
        AccountId::from_uuid(uuid_v7(now)),
    );
    let tokens = [
        (
            CallerKind::Member,
            "",
            app.keys.member_token("identity", member, account),
        ),
        (
            CallerKind::Agent,
            "",
            app.keys.agent_token("identity", account, &[]),
        ),
        (
            CallerKind::App,
            "membership.roster.import",
            app.keys
                .app_token("identity", "tadamon-cli", "membership.roster.import"),
        ),
        (
            CallerKind::App,
            "identity.bootstrap",
            app.keys
                .app_token("identity", "tadamon-cli", "identity.bootstrap"),
        ),
        (
            CallerKind::App,
            "identity.agents",
            app.keys.app_token("identity", "tadamon-cli", "identity.agents"),
        ),
        (
            CallerKind::App,
            "identity.clients",
            app.keys.app_token("identity", "tadamon-cli", "identity.clients"),
        ),
        (
            CallerKind::Service,
            "portal",
            app.keys.service_token("portal", "identity"),
        ),
        (
            CallerKind::Service,
            "notifications",
            app.keys.service_token("notifications", "identity"),
        ),
        (
            CallerKind::Service,
            "benefits",
            app.keys.service_token("benefits", "identity"),
        ),
    ];
    assert_eq!(identity_proto::PERMISSIONS.len(), 34);
    for permission in identity_proto::PERMISSIONS {
        assert_eq!(
            call(&app, permission.method, None).await,
            Code::Unauthenticated,
            "{}",
            permission.method
        );
        let elsewhere = app.keys.service_token("portal", "membership");
        assert_eq!(
            call(&app, permission.method, Some(&elsewhere)).await,
            Code::Unauthenticated,
            "{}",
            permission.method
        );
        // A service is named by its name, an app by its scope.
        for (kind, name, token) in &tokens {
            let named = permission.callers.contains(kind)
                && match kind {
                    CallerKind::Service => permission.services.contains(name),
                    CallerKind::App => permission.scope == *name,
                    // This one has no role.
                    CallerKind::Agent => permission.roles.is_empty(),
                    CallerKind::Member | CallerKind::Partner => true,
                };
            let code = call(&app, permission.method, Some(token)).await;
            assert_eq!(
                code == Code::PermissionDenied,
                !named,
                "{} by {kind} {name}: {code:?}",
                permission.method
            );
            assert_ne!(
                code,
                Code::Unauthenticated,
                "{} by {kind} {name}",
                permission.method
            );
        }
        if permission.callers.contains(&CallerKind::Member) {
            let token = app.keys.member_token_before_terms("identity", member, account);
            let code = call(&app, permission.method, Some(&token)).await;
            let before = app.keys.member_token("identity", member, account);
            let after = call(&app, permission.method, Some(&before)).await;
            if permission.before_terms {
                assert_eq!(code, after, "{}", permission.method);
            } else {
                assert_eq!(code, Code::FailedPrecondition, "{}", permission.method);
            }
        }
    }
    let unknown = "/tadamon.identity.v1.AccountService/GrantEverything";
    assert_eq!(
        call(&app, unknown, Some(&tokens[6].2)).await,
        Code::PermissionDenied
    );
    app.finish().await;
}
