//! Every RPC of the contract, by path: no token, a foreign token, another audience, a member before the terms and the wrong kinds of
//! caller are refused; the kinds that the contract lists come through to the service.

use kernel::permission::{CallerKind, Role};
use kernel::{AccountId, MemberId};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use crate::support::{TestApp, id};

/// Calls a path with an empty message, which every request of the contract can be read from.
async fn call(app: &TestApp, path: &'static str, token: Option<&str>) -> Result<(), Status> {
    let mut client = Grpc::new(app.channel());
    client.ready().await.expect("a connection");
    let request = match token {
        Some(token) => auth::client::with_token(Request::new(()), token),
        None => Request::new(()),
    };
    let codec: ProstCodec<(), ()> = ProstCodec::default();
    client
        .unary(request, PathAndQuery::from_static(path), codec)
        .await
        .map(|_| ())
}

fn is_refused(answer: &Result<(), Status>) -> bool {
    match answer {
        Ok(()) => false,
        Err(status) => {
            matches!(status.code(), Code::Unauthenticated | Code::PermissionDenied)
                || platform::status::reason(status).as_deref() == Some("TERMS_NOT_ACCEPTED")
        }
    }
}

#[tokio::test]
async fn each_rpc_lets_in_whom_the_contract_lists_and_nobody_else() {
    let app = TestApp::start().await;
    let strangers = testkit::keys();
    let (member, account) = (MemberId::from_uuid(id()), AccountId::from_uuid(id()));
    let by_kind = [
        (
            CallerKind::Member,
            app.keys.member_token("benefits", member, account),
        ),
        (
            CallerKind::Agent,
            app.keys.agent_token(
                "benefits",
                account,
                &[
                    Role::CaseOfficer,
                    Role::HealthReviewer,
                    Role::Validator,
                    Role::Auditor,
                ],
            ),
        ),
        (
            CallerKind::App,
            app.keys.app_token("benefits", "tadamon-cli", "members.import"),
        ),
        (CallerKind::Service, app.keys.service_token("portal", "benefits")),
    ];
    let never = [
        (
            "a foreign signature",
            strangers.member_token("benefits", member, account),
        ),
        (
            "another audience",
            app.keys.member_token("membership", member, account),
        ),
        (
            "the terms not accepted",
            app.keys.member_token_before_terms("benefits", member, account),
        ),
        ("no token of ours", "eyJhbGciOiJub25lIn0.e30.".to_owned()),
    ];
    for permission in benefits_proto::PERMISSIONS {
        assert!(
            is_refused(&call(&app, permission.method, None).await),
            "{} without a token",
            permission.method
        );
        for (what, token) in &never {
            assert!(
                is_refused(&call(&app, permission.method, Some(token)).await),
                "{} with {what}",
                permission.method
            );
        }
        for (kind, token) in &by_kind {
            let answer = call(&app, permission.method, Some(token)).await;
            assert_eq!(
                !is_refused(&answer),
                permission.callers.contains(kind),
                "{} by {kind}: {answer:?}",
                permission.method
            );
        }
    }
    assert!(is_refused(
        &call(
            &app,
            "/tadamon.benefits.v1.ApplicationService/Unheard",
            Some(&by_kind[0].1)
        )
        .await
    ));
    app.finish().await;
}
