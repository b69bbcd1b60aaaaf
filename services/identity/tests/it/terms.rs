//! Terms of use: versioned, in both languages, and nothing else opens before they are accepted.

use identity_proto::v1::{
    AcceptTermsRequest, ExchangeSessionRequest, GetTermsRequest, ListSessionsRequest, SetLocaleRequest,
};
use tonic::Code;

use crate::support::{TestApp, reason};

async fn current_version(app: &TestApp) -> String {
    let request = GetTermsRequest {
        locale: "fr".to_owned(),
    };
    app.terms().get_terms(request).await.unwrap().into_inner().version
}

pub(crate) async fn accept_current(app: &TestApp, session_token: &str) {
    let request = app
        .by(
            session_token,
            AcceptTermsRequest {
                version: current_version(app).await,
            },
        )
        .await;
    app.members_terms().accept_terms(request).await.unwrap();
}

#[tokio::test]
async fn the_terms_are_given_in_both_languages_under_one_version() {
    let app = TestApp::start().await;
    let get = async |locale: &str| {
        app.terms()
            .get_terms(GetTermsRequest {
                locale: locale.to_owned(),
            })
            .await
    };
    let (ar, fr) = (
        get("ar").await.unwrap().into_inner(),
        get("fr").await.unwrap().into_inner(),
    );
    assert_eq!((ar.version, ar.sections.len()), (fr.version, fr.sections.len()));
    assert!(fr.title.starts_with("Conditions") && ar.title.starts_with("الشروط"));
    assert!(fr.published_at.is_some());
    assert_eq!(reason(get("en").await), "FORM_REFUSED");
    app.finish().await;
}

#[tokio::test]
async fn until_the_terms_are_accepted_the_token_says_so_and_the_doors_stay_closed() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    let token = signed_in.session_token.as_str();
    let request = app.by(token, ListSessionsRequest {}).await;
    let refused = app.members_sessions().list_sessions(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(reason::<()>(Err(refused)), "TERMS_NOT_ACCEPTED");
    // The language may be chosen before, since the terms are to be read in it.
    let request = app
        .by(
            token,
            SetLocaleRequest {
                locale: "ar".to_owned(),
            },
        )
        .await;
    app.members_accounts().set_locale(request).await.unwrap();

    accept_current(&app, token).await;
    let request = app.by(token, ListSessionsRequest {}).await;
    app.members_sessions().list_sessions(request).await.unwrap();
    let exchange = ExchangeSessionRequest {
        session_token: token.to_owned(),
        audience: "benefits".to_owned(),
    };
    let session = app
        .sessions()
        .exchange_session(exchange)
        .await
        .unwrap()
        .into_inner()
        .session
        .unwrap();
    assert!(session.terms_accepted);
    assert_eq!(session.locale, "ar");
    app.finish().await;
}

#[tokio::test]
async fn accepting_keeps_who_when_and_which_version_once() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    let at = app.clock.now();
    accept_current(&app, &signed_in.session_token).await;
    app.pass(60);
    accept_current(&app, &signed_in.session_token).await;
    let rows: Vec<(String, chrono::DateTime<chrono::Utc>)> =
        sqlx::query_as("SELECT version, accepted_at FROM terms_acceptances")
            .fetch_all(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(rows, [(current_version(&app).await, at)]);
    let account = signed_in.session.unwrap().account_id;
    let accepted = app
        .audit_of(&account)
        .await
        .into_iter()
        .filter(|action| action == "terms_accepted")
        .count();
    assert_eq!(accepted, 1);
    app.finish().await;
}

#[tokio::test]
async fn accepting_another_than_the_current_version_is_refused() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    for version in ["", "2019-01"] {
        let request = app
            .by(
                &signed_in.session_token,
                AcceptTermsRequest {
                    version: version.to_owned(),
                },
            )
            .await;
        assert_eq!(
            reason(app.members_terms().accept_terms(request).await),
            "TERMS_VERSION_CHANGED"
        );
    }
    app.finish().await;
}
