//! Without Redis nobody opens an account or signs in ("try again"); sessions that exist go on, and everything is back when Redis is.

use identity_proto::v1::{Form, RequestLinkRequest, RobotProof, SignInRequest};
use testkit::stack::{PrivateStack, Server};
use tonic::{Code, Status};

use crate::support::{ADDRESS, Options, PASSWORD, TestApp};

fn is_try_again<T>(outcome: Result<T, Status>) -> bool {
    let status = outcome.err().expect("the call is refused");
    status.code() == Code::Unavailable && platform::status::reason(&status).as_deref() == Some("TRY_AGAIN")
}

#[tokio::test]
async fn without_redis_sign_in_and_account_form_say_try_again_and_sessions_go_on() {
    let stack = tokio::task::spawn_blocking(|| PrivateStack::start(&[Server::Redis]))
        .await
        .unwrap()
        .unwrap();
    let redis = Some((stack.addresses().redis_url.clone(), testkit::prefix()));
    let app = TestApp::start_with(Options {
        redis,
        ..Options::default()
    })
    .await;
    let (person, signed_in) = app.member(1).await;
    let proof = app.proof(Form::SignIn).await;
    let form = app.account_form(&person).await;

    stack.kill(Server::Redis).unwrap();
    let request = SignInRequest {
        matricule: person.matricule.clone(),
        password: PASSWORD.to_owned(),
        proof: Some(proof),
        client_address: ADDRESS.to_owned(),
        ..SignInRequest::default()
    };
    assert!(is_try_again(app.sessions().sign_in(request.clone()).await));
    assert!(is_try_again(app.accounts().request_link(form.clone()).await));
    assert!(is_try_again(app.challenge(Form::SignIn, false, "fr").await));
    assert!(is_try_again(app.challenge(Form::Account, true, "ar").await));
    app.access(&signed_in.session_token).await.unwrap();

    // A Redis that comes back empty refuses what it had issued, and issues anew.
    stack.start_again(Server::Redis).unwrap();
    let fresh = testkit::eventually(async || app.challenge(Form::SignIn, false, "fr").await.ok()).await;
    let stale = app.sessions().sign_in(request.clone()).await.unwrap_err();
    assert_eq!(
        platform::status::reason(&stale).as_deref(),
        Some("ROBOT_PROOF_REFUSED")
    );
    let stale = app
        .accounts()
        .request_link(RequestLinkRequest {
            proof: form.proof,
            ..form
        })
        .await
        .unwrap_err();
    assert_eq!(
        platform::status::reason(&stale).as_deref(),
        Some("ROBOT_PROOF_REFUSED")
    );
    let proof = RobotProof {
        solution: crate::support::solve(&fresh.puzzle),
        challenge_id: fresh.challenge_id,
    };
    app.sessions()
        .sign_in(SignInRequest {
            proof: Some(proof),
            ..request
        })
        .await
        .unwrap();
    app.finish().await;
}
