//! The layer before every route, driven with real requests: what has no row or no token does not reach the code behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth::{Guard, protect};
use axum::body::Body;
use axum::extract::Request;
use kernel::ids::{AccountId, MemberId};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use testkit::TestKeys;
use tonic::service::Routes;
use tower::ServiceExt as _;

/// Routes behind the guard of benefits that answer anything, and count what reached them.
fn guarded(keys: &TestKeys) -> (axum::Router, Arc<AtomicUsize>) {
    let reached = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&reached);
    let behind = axum::Router::new().fallback(move || async move {
        counter.fetch_add(1, Ordering::SeqCst);
    });
    let guard = Guard::new(
        &keys.directory().trust_path(),
        "benefits",
        &[benefits_proto::PERMISSIONS],
        Clock::system(),
    );
    (protect(Routes::from(behind), guard).into_axum_router(), reached)
}

async fn grpc_status(router: &axum::Router, path: &str, token: Option<&str>) -> Option<String> {
    let mut request = Request::builder().method("POST").uri(path);
    if let Some(token) = token {
        request = request.header("authorization", token);
    }
    let request = request.body(Body::empty()).expect("the request is well formed");
    let response = router
        .clone()
        .oneshot(request)
        .await
        .expect("a router always answers");
    let status = response.headers().get("grpc-status")?;
    Some(status.to_str().expect("a status is a number").to_owned())
}

#[tokio::test]
async fn only_a_listed_rpc_with_a_good_token_reaches_the_code_behind() {
    const DENIED: Option<&str> = Some("7");
    const UNAUTHENTICATED: Option<&str> = Some("16");
    let keys = testkit::keys();
    let (router, reached) = guarded(&keys);
    let id = || uuid_v7(Clock::system().now());
    let member = format!(
        "Bearer {}",
        keys.member_token("benefits", MemberId::from_uuid(id()), AccountId::from_uuid(id()))
    );
    let portal = format!("Bearer {}", keys.service_token("portal", "benefits"));
    for row in benefits_proto::PERMISSIONS {
        assert_eq!(
            grpc_status(&router, row.method, None).await.as_deref(),
            UNAUTHENTICATED,
            "{} without a token",
            row.method
        );
        let broken = Some("Bearer not-a-token");
        assert_eq!(
            grpc_status(&router, row.method, broken).await.as_deref(),
            UNAUTHENTICATED,
            "{} with noise",
            row.method
        );
        assert_eq!(
            grpc_status(&router, row.method, Some(&portal)).await.as_deref(),
            DENIED,
            "{} for a service",
            row.method
        );
    }
    for unlisted in [
        "/",
        "/tadamon.benefits.v1.ApplicationService/NoSuchMethod",
        "/tadamon.identity.v1.TermsService/AcceptTerms",
        "//x",
    ] {
        assert_eq!(
            grpc_status(&router, unlisted, Some(&member)).await.as_deref(),
            DENIED,
            "{unlisted}"
        );
    }
    assert_eq!(
        reached.load(Ordering::SeqCst),
        0,
        "a refused call reached the code behind the guard"
    );

    let first = benefits_proto::PERMISSIONS[0].method;
    assert_eq!(
        grpc_status(&router, first, Some(&member)).await,
        None,
        "{first} for a member"
    );
    assert_eq!(reached.load(Ordering::SeqCst), 1);
}
