//! Every RPC refuses who may not call it: nobody, the wrong kind, the wrong service, the wrong scope, another audience.

use http::uri::PathAndQuery;
use kernel::permission::CallerKind;
use kernel::{AccountId, MemberId};
use membership_proto::PERMISSIONS;
use membership_proto::v1::{GetContactRequest, GetContactResponse};
use tonic::{Code, Request};
use uuid::Uuid;

use crate::support::TestApp;

/// Calls a method with a message of no meaning: the guard answers before anybody reads it.
async fn call(app: &TestApp, method: &'static str, token: Option<&str>) -> Code {
    let mut client = tonic::client::Grpc::new(app.channel.clone());
    client.ready().await.unwrap();
    let mut request = Request::new(GetContactRequest::default());
    if let Some(token) = token {
        request = auth::client::with_token(request, token);
    }
    let codec = tonic_prost::ProstCodec::<GetContactRequest, GetContactResponse>::default();
    match client
        .unary(request, PathAndQuery::from_static(method), codec)
        .await
    {
        Ok(_) => Code::Ok,
        Err(status) => status.code(),
    }
}

#[tokio::test]
async fn every_rpc_refuses_everybody_whom_its_row_does_not_name() {
    let app = TestApp::start().await;
    let keys = &app.keys;
    let id = Uuid::from_u128(5);
    let (member, account) = (MemberId::from_uuid(id), AccountId::from_uuid(id));
    for row in PERMISSIONS {
        assert_eq!(
            call(&app, row.method, None).await,
            Code::Unauthenticated,
            "{}",
            row.method
        );
        assert_eq!(call(&app, row.method, Some("x.y.z")).await, Code::Unauthenticated);
        let elsewhere = keys.service_token("identity", "benefits");
        assert_eq!(
            call(&app, row.method, Some(&elsewhere)).await,
            Code::Unauthenticated
        );
        let others = [
            (
                CallerKind::Member,
                keys.member_token("membership", member, account),
            ),
            (CallerKind::Agent, keys.agent_token("membership", account, &[])),
            (
                CallerKind::App,
                keys.app_token("membership", "tadamon-cli", "other.scope"),
            ),
            (CallerKind::Service, keys.service_token("documents", "membership")),
        ];
        for (kind, token) in others {
            if kind == CallerKind::Member && row.callers.contains(&kind) {
                continue;
            }
            assert_eq!(
                call(&app, row.method, Some(&token)).await,
                Code::PermissionDenied,
                "{} {kind:?}",
                row.method
            );
        }
    }
    let before_terms = keys.member_token_before_terms("membership", member, account);
    let own = "/tadamon.membership.v1.MemberService/GetOwnRecord";
    assert_eq!(
        call(&app, own, Some(&before_terms)).await,
        Code::FailedPrecondition
    );
    let unlisted = "/tadamon.membership.v1.MemberService/NoSuchMethod";
    assert_eq!(
        call(&app, unlisted, Some(&before_terms)).await,
        Code::PermissionDenied
    );
    app.finish().await;
}
