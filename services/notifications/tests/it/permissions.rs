//! Every RPC of the service, by the generated table: refused without a token, with one for another service, and to
//! callers that the table does not name.

use kernel::{AccountId, CallerKind, MemberId};
use notifications_proto::PERMISSIONS;
use tonic::{Code, Request};
use tonic_prost::ProstCodec;

use crate::support::TestApp;

async fn call(app: &TestApp, method: &'static str, token: Option<&str>) -> Result<(), tonic::Status> {
    let mut client = tonic::client::Grpc::new(app.channel.clone());
    client.ready().await.unwrap();
    let request = match token {
        Some(token) => auth::client::with_token(Request::new(()), token),
        None => Request::new(()),
    };
    let path = http::uri::PathAndQuery::from_static(method);
    client
        .unary::<(), (), _>(request, path, ProstCodec::default())
        .await
        .map(|_| ())
}

#[tokio::test]
async fn no_rpc_opens_without_the_right_token() {
    let app = TestApp::start().await;
    let id = || uuid::Uuid::now_v7();
    let (member, account) = (MemberId::from_uuid(id()), AccountId::from_uuid(id()));
    let elsewhere = app.keys.member_token("benefits", member, account);
    let before_terms = app
        .keys
        .member_token_before_terms("notifications", member, account);
    let service = app.keys.service_token("portal", "notifications");
    let client = app.keys.app_token("notifications", "some-app", "inbox.read");
    assert!(!PERMISSIONS.is_empty());
    for row in PERMISSIONS {
        assert_eq!(
            call(&app, row.method, None).await.unwrap_err().code(),
            Code::Unauthenticated
        );
        assert_eq!(
            call(&app, row.method, Some("nonsense")).await.unwrap_err().code(),
            Code::Unauthenticated
        );
        assert_eq!(
            call(&app, row.method, Some(&elsewhere)).await.unwrap_err().code(),
            Code::Unauthenticated
        );
        assert_eq!(
            call(&app, row.method, Some(&before_terms))
                .await
                .unwrap_err()
                .code(),
            Code::FailedPrecondition
        );
        for (kind, token) in [(CallerKind::Service, &service), (CallerKind::App, &client)] {
            assert!(!row.callers.contains(&kind));
            assert_eq!(
                call(&app, row.method, Some(token)).await.unwrap_err().code(),
                Code::PermissionDenied
            );
        }
        call(&app, row.method, Some(&app.token(member))).await.unwrap();
        let agent = app
            .keys
            .agent_token("notifications", account, &[kernel::Role::CaseOfficer]);
        call(&app, row.method, Some(&agent)).await.unwrap();
    }
    app.finish().await;
}
