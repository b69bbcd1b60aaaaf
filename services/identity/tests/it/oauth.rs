//! The token endpoint: a client proves itself with its own key and gets a minute for what it may do.

use auth::token::sign_json;
use auth::trust::Trust;
use kernel::CallerKind;
use platform::ids::uuid_v7;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::TestApp;

const AUDIENCE: &str = "http://127.0.0.1:9112/oauth2/token";
const TYPE: &str = "client-authentication+jwt";

/// Good claims of the command line's assertion at this moment.
fn claims(app: &TestApp) -> Value {
    let now = app.clock.now();
    json!({
        "iss": "tadamon-cli", "sub": "tadamon-cli", "aud": AUDIENCE, "iat": now.timestamp(), "exp": now.timestamp() + 60,
        "jti": uuid_v7(now).to_string(),
    })
}

fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

fn signed(app: &TestApp, claims: &Value) -> String {
    sign_json(&app.keys.signing_key("tadamon-cli"), TYPE, claims)
}

async fn post(app: &TestApp, parameters: &[(&str, &str)]) -> (StatusCode, Value) {
    // A second test of one process finds it installed.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(format!("http://{}/oauth2/token", app.http))
        .form(parameters)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    (answer.status(), answer.json().await.unwrap())
}

async fn ask(app: &TestApp, assertion: &str, scope: &str, audience: &str) -> (StatusCode, Value) {
    let parameters = [
        ("grant_type", "client_credentials"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion),
        ("scope", scope),
        ("audience", audience),
    ];
    post(app, &parameters).await
}

fn refusal(status: StatusCode, error: &str) -> (StatusCode, Value) {
    (status, json!({ "error": error }))
}

#[tokio::test]
async fn the_command_line_gets_a_token_of_a_minute_for_its_scope() {
    let app = TestApp::start().await;
    let (status, body) = ask(
        &app,
        &signed(&app, &claims(&app)),
        "membership.roster.import",
        "membership",
    )
    .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(
        (&body["token_type"], &body["scope"]),
        (&json!("Bearer"), &json!("membership.roster.import"))
    );
    assert!(body["expires_in"].as_i64().unwrap() <= 60);
    let trust = Trust::new(&app.keys.directory().trust_path());
    let token = body["access_token"].as_str().unwrap();
    let claims = auth::token::verify(&trust, token, "membership", app.clock.now()).unwrap();
    assert_eq!(
        (claims.kind, claims.sub.as_str()),
        (CallerKind::App, "tadamon-cli")
    );
    assert_eq!(claims.scopes, ["membership.roster.import"]);
    assert_eq!(app.count("audit").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn an_assertion_gives_one_token() {
    let app = TestApp::start().await;
    let assertion = signed(&app, &claims(&app));
    assert_eq!(ask(&app, &assertion, "", "membership").await.0, StatusCode::OK);
    let second = ask(&app, &assertion, "", "membership").await;
    assert_eq!(second, refusal(StatusCode::UNAUTHORIZED, "invalid_client"));
    app.finish().await;
}

#[tokio::test]
async fn an_assertion_that_is_not_quite_right_is_refused() {
    let app = TestApp::start().await;
    let now = app.clock.now().timestamp();
    let good = claims(&app);
    let wrong = [
        (
            "audience",
            with(good.clone(), "aud", "http://elsewhere.example/oauth2/token"),
        ),
        ("subject", with(good.clone(), "sub", "portal")),
        ("issuer", with(good.clone(), "iss", "portal")),
        (
            "expired",
            with(with(good.clone(), "iat", now - 120), "exp", now - 60),
        ),
        (
            "future",
            with(with(good.clone(), "iat", now + 60), "exp", now + 120),
        ),
        ("long", with(good.clone(), "exp", now + 3600)),
        ("number", with(good.clone(), "jti", "")),
    ];
    for (what, claims) in wrong {
        let answer = ask(&app, &signed(&app, &claims), "", "membership").await;
        assert_eq!(
            answer,
            refusal(StatusCode::UNAUTHORIZED, "invalid_client"),
            "{what}"
        );
    }
    let by_a_service = sign_json(&app.keys.signing_key("portal"), TYPE, &good);
    let other_type = sign_json(&app.keys.signing_key("tadamon-cli"), "JWT", &good);
    for assertion in ["", "a.b.c", &by_a_service, &other_type] {
        let answer = ask(&app, assertion, "", "membership").await;
        assert_eq!(answer, refusal(StatusCode::UNAUTHORIZED, "invalid_client"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_foreign_scope_audience_or_grant_is_refused_by_its_name() {
    let app = TestApp::start().await;
    let fresh = || signed(&app, &claims(&app));
    let bad = |error| refusal(StatusCode::BAD_REQUEST, error);
    assert_eq!(
        ask(&app, &fresh(), "benefits.decide", "membership").await,
        bad("invalid_scope")
    );
    assert_eq!(ask(&app, &fresh(), "", "portal").await, bad("invalid_target"));
    assert_eq!(
        post(&app, &[("grant_type", "password")]).await,
        bad("unsupported_grant_type")
    );
    assert_eq!(post(&app, &[]).await, bad("invalid_request"));
    assert_eq!(
        post(&app, &[("grant_type", "a"), ("grant_type", "b")]).await,
        bad("invalid_request")
    );
    let secret = [
        ("grant_type", "client_credentials"),
        ("client_id", "tadamon-cli"),
        ("client_secret", "x"),
    ];
    assert_eq!(
        post(&app, &secret).await,
        refusal(StatusCode::UNAUTHORIZED, "invalid_client")
    );
    app.finish().await;
}
