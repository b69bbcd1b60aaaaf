//! The contract's door on the running service: nobody without a fitting token gets in.

use documents_proto::v1::GetDocumentRequest;
use tonic::{Code, Request};

use crate::support::{TestApp, someone};

#[tokio::test]
async fn calls_without_a_fitting_token_are_refused() {
    let app = TestApp::start().await;
    let ask = || GetDocumentRequest {
        document_id: uuid::Uuid::nil().to_string(),
    };
    assert_eq!(
        app.client()
            .get_document(Request::new(ask()))
            .await
            .unwrap_err()
            .code(),
        Code::Unauthenticated
    );
    let who = someone();
    let account = kernel::ids::AccountId::from_uuid(uuid::Uuid::nil());
    for token in [
        "rubbish".to_owned(),
        app.keys.member_token("benefits", who.member, account),
    ] {
        let request = auth::client::with_token(Request::new(ask()), &token);
        assert_eq!(
            app.client().get_document(request).await.unwrap_err().code(),
            Code::Unauthenticated
        );
    }
    for (token, code) in [
        (
            app.keys.service_token("portal", "documents"),
            Code::PermissionDenied,
        ),
        (
            app.keys
                .member_token_before_terms("documents", who.member, account),
            Code::FailedPrecondition,
        ),
    ] {
        let request = auth::client::with_token(Request::new(ask()), &token);
        assert_eq!(app.client().get_document(request).await.unwrap_err().code(), code);
    }
    app.finish().await;
}
