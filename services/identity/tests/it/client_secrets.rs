//! The token endpoint with a secret: who gets which token, and how every other attempt ends.

use auth::trust::Trust;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_proto::v1::CreateClientResponse;
use kernel::CallerKind;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::clients::{create, disable, rotate, set_scopes};
use crate::support::{Options, TestApp};

struct Answer {
    status: StatusCode,
    body: Value,
    headers: reqwest::header::HeaderMap,
}

impl Answer {
    fn is(&self, status: u16, error: &str) -> bool {
        self.status.as_u16() == status && self.body == json!({ "error": error })
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// A POST with any headers and parameters; `path` may carry a query.
async fn post(app: &TestApp, path: &str, authorization: &[String], form: &[(&str, &str)]) -> Answer {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.post(format!("http://{}{path}", app.http)).form(form);
    for value in authorization {
        request = request.header("authorization", value);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.json().await.unwrap_or(Value::Null);
    Answer {
        status,
        body,
        headers,
    }
}

async fn ask(app: &TestApp, id: &str, secret: &str, scope: &str) -> Answer {
    let form = [("grant_type", "client_credentials"), ("scope", scope)];
    post(app, "/oauth2/token", &[basic(id, secret)], &form).await
}

async fn partner(app: &TestApp) -> CreateClientResponse {
    create(app, "partner", "rail-gate", &["cards.verify", "cards.redeem"], "")
        .await
        .unwrap()
}

#[tokio::test]
async fn a_partner_gets_five_minutes_at_partnerships_with_the_scopes_asked_for() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    let answer = ask(&app, &made.client_id, &made.client_secret, "cards.verify").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(
        (
            &answer.body["token_type"],
            &answer.body["expires_in"],
            &answer.body["scope"]
        ),
        (&json!("Bearer"), &json!(300), &json!("cards.verify"))
    );
    let trust = Trust::new(&app.keys.directory().trust_path());
    let token = answer.body["access_token"].as_str().unwrap();
    let claims = auth::token::verify(&trust, token, "partnerships", app.clock.now()).unwrap();
    assert_eq!(
        (claims.kind, claims.sub.as_str(), claims.iss.as_str()),
        (CallerKind::Partner, made.client_id.as_str(), "identity")
    );
    assert_eq!(claims.scopes, ["cards.verify"]);
    assert!(claims.member_id.is_none() && claims.roles.is_empty());
    let all = ask(&app, &made.client_id, &made.client_secret, "").await;
    assert_eq!(all.body["scope"], "cards.redeem cards.verify");
    app.finish().await;
}

#[tokio::test]
async fn a_scope_that_was_taken_away_is_in_no_token_from_that_moment() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    set_scopes(&app, &made.client_id, &["cards.verify"])
        .await
        .unwrap();
    let refused = ask(&app, &made.client_id, &made.client_secret, "cards.redeem").await;
    assert!(refused.is(400, "invalid_scope"), "{}", refused.body);
    let all = ask(&app, &made.client_id, &made.client_secret, "").await;
    assert_eq!(all.body["scope"], "cards.verify");
    app.finish().await;
}

#[tokio::test]
async fn an_application_gets_a_minute_at_its_own_service_and_at_no_other() {
    let app = TestApp::start().await;
    let made = create(&app, "app", "statistics", &["benefits.read"], "benefits")
        .await
        .unwrap();
    let answer = ask(&app, &made.client_id, &made.client_secret, "").await;
    let trust = Trust::new(&app.keys.directory().trust_path());
    let token = answer.body["access_token"].as_str().unwrap();
    let claims = auth::token::verify(&trust, token, "benefits", app.clock.now()).unwrap();
    assert_eq!((claims.kind, claims.exp - claims.iat), (CallerKind::App, 60));
    let form = [("grant_type", "client_credentials"), ("audience", "identity")];
    let authorization = [basic(&made.client_id, &made.client_secret)];
    let other = post(&app, "/oauth2/token", &authorization, &form).await;
    assert!(other.is(400, "invalid_target"), "{}", other.body);
    app.finish().await;
}

#[tokio::test]
async fn another_grant_or_scope_is_refused_by_its_name() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    let own = [basic(&made.client_id, &made.client_secret)];
    for grant in ["password", "authorization_code", "refresh_token", "implicit"] {
        let form = [
            ("grant_type", grant),
            ("username", "x"),
            ("password", "x"),
            ("code", "x"),
        ];
        let answer = post(&app, "/oauth2/token", &own, &form).await;
        assert!(answer.is(400, "unauthorized_client"), "{grant}: {}", answer.body);
        let stranger = [basic(&made.client_id, "wrong")];
        let answer = post(&app, "/oauth2/token", &stranger, &form).await;
        assert!(answer.is(401, "invalid_client"), "{grant}: {}", answer.body);
    }
    let odd = post(&app, "/oauth2/token", &own, &[("grant_type", "magic")]).await;
    assert!(odd.is(400, "unsupported_grant_type"), "{}", odd.body);
    let none = post(&app, "/oauth2/token", &own, &[("scope", "cards.verify")]).await;
    assert!(none.is(400, "invalid_request"), "{}", none.body);
    for scope in [
        "cards.verify identity.clients",
        "membership.roster.import",
        "*",
        "cards.verify;cards.redeem",
        "CARDS.VERIFY",
    ] {
        let answer = ask(&app, &made.client_id, &made.client_secret, scope).await;
        assert!(answer.is(400, "invalid_scope"), "{scope}: {}", answer.body);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_secret_in_the_address_or_the_body_or_beside_another_proof_is_refused() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    let own = basic(&made.client_id, &made.client_secret);
    let grant = ("grant_type", "client_credentials");
    let (id, secret) = (made.client_id.as_str(), made.client_secret.as_str());

    let in_the_address = format!("/oauth2/token?client_id={id}&client_secret={secret}");
    for authorization in [vec![], vec![own.clone()]] {
        let answer = post(&app, &in_the_address, &authorization, &[grant]).await;
        assert!(answer.is(400, "invalid_request"), "{}", answer.body);
    }
    let in_the_body = [grant, ("client_id", id), ("client_secret", secret)];
    let answer = post(&app, "/oauth2/token", &[], &in_the_body).await;
    assert!(answer.is(401, "invalid_client"), "{}", answer.body);
    let answer = post(&app, "/oauth2/token", std::slice::from_ref(&own), &in_the_body).await;
    assert!(answer.is(400, "invalid_request"), "two proofs: {}", answer.body);
    let other = [grant, ("client_id", "partner-0")];
    let answer = post(&app, "/oauth2/token", std::slice::from_ref(&own), &other).await;
    assert!(answer.is(400, "invalid_request"), "two ids: {}", answer.body);
    let answer = post(&app, "/oauth2/token", &[own.clone(), own], &[grant]).await;
    assert!(answer.is(401, "invalid_client"), "two headers: {}", answer.body);
    app.finish().await;
}

#[tokio::test]
async fn whoever_is_no_client_gets_the_same_answer_whatever_is_wrong() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    let gone = create(&app, "partner", "gone-gate", &["cards.verify"], "")
        .await
        .unwrap();
    disable(&app, &gone.client_id).await.unwrap();
    let (id, secret) = (made.client_id.as_str(), made.client_secret.as_str());
    let long = "x".repeat(5_000);
    let cases = [
        basic(id, "wrong"),
        basic(id, ""),
        basic("", secret),
        basic("partner-unknown", secret),
        basic("tadamon-cli", secret),
        basic(&gone.client_id, &gone.client_secret),
        basic(&gone.client_id, secret),
        basic(id, &long),
        basic(&long, secret),
        basic("' OR '1'='1", "' OR '1'='1"),
        "Basic".to_owned(),
        "Basic %%%".to_owned(),
        format!("Bearer {secret}"),
    ];
    for authorization in cases {
        let form = [("grant_type", "client_credentials")];
        let answer = post(&app, "/oauth2/token", std::slice::from_ref(&authorization), &form).await;
        assert!(
            answer.is(401, "invalid_client"),
            "{authorization}: {} {}",
            answer.status,
            answer.body
        );
        assert_eq!(answer.headers["www-authenticate"], "Basic realm=\"tadamon\"");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_new_secret_overlaps_the_one_before_and_ends_those_before_that() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    let ok = async |secret: &str| ask(&app, &made.client_id, secret, "").await.status == StatusCode::OK;
    let second = rotate(&app, &made.client_id, Some(3600)).await.unwrap();
    let until = second.previous_until.unwrap().seconds - app.clock.now().timestamp();
    assert_eq!(until, 3600);
    assert!(ok(&made.client_secret).await && ok(&second.client_secret).await);
    let third = rotate(&app, &made.client_id, Some(3600)).await.unwrap();
    assert!(!ok(&made.client_secret).await, "two secrets at most");
    assert!(ok(&second.client_secret).await && ok(&third.client_secret).await);
    app.pass(3600);
    assert!(!ok(&second.client_secret).await && ok(&third.client_secret).await);
    let fourth = rotate(&app, &made.client_id, Some(0)).await.unwrap();
    assert!(!ok(&third.client_secret).await && ok(&fourth.client_secret).await);
    app.finish().await;
}

#[tokio::test]
async fn a_rotation_made_again_after_a_lost_answer_leaves_the_secret_in_use_until_its_end() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    let ok = async |secret: &str| ask(&app, &made.client_id, secret, "").await.status == StatusCode::OK;
    assert!(ok(&made.client_secret).await, "in use");
    let lost = rotate(&app, &made.client_id, Some(3600)).await.unwrap();
    app.pass(60);
    let again = rotate(&app, &made.client_id, Some(3600)).await.unwrap();
    assert_eq!(
        again.previous_until, lost.previous_until,
        "the secret in use goes on for what was left of its hour"
    );
    assert!(ok(&made.client_secret).await && ok(&again.client_secret).await);
    assert!(
        !ok(&lost.client_secret).await,
        "nobody has it, so it is of no use"
    );
    app.pass(3540);
    assert!(!ok(&made.client_secret).await && ok(&again.client_secret).await);

    // Who ends a secret at once ends it, also when the answer before was lost.
    rotate(&app, &made.client_id, Some(3600)).await.unwrap();
    let last = rotate(&app, &made.client_id, Some(0)).await.unwrap();
    assert!(!ok(&again.client_secret).await && ok(&last.client_secret).await);
    app.finish().await;
}

#[tokio::test]
async fn a_secret_whose_first_request_was_refused_is_in_use_all_the_same() {
    let app = TestApp::start().await;
    let scope = [
        ("grant_type", "client_credentials"),
        ("scope", "membership.roster.import"),
    ];
    let audience = [("grant_type", "client_credentials"), ("audience", "identity")];
    let grant = [("grant_type", "password"), ("username", "x")];
    for (name, form, refused) in [
        ("of-scope", scope, "invalid_scope"),
        ("of-audience", audience, "invalid_target"),
        ("of-grant", grant, "unauthorized_client"),
    ] {
        let made = create(&app, "partner", name, &["cards.verify"], "")
            .await
            .unwrap();
        let own = [basic(&made.client_id, &made.client_secret)];
        let answer = post(&app, "/oauth2/token", &own, &form).await;
        assert!(answer.is(400, refused), "{}", answer.body);
        // The first answer is lost: of the two that are left the one in use goes on.
        rotate(&app, &made.client_id, Some(3600)).await.unwrap();
        rotate(&app, &made.client_id, Some(3600)).await.unwrap();
        let goes_on = ask(&app, &made.client_id, &made.client_secret, "").await;
        assert_eq!(goes_on.status, StatusCode::OK, "{name}: {}", goes_on.body);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_disabled_client_gets_no_token_from_that_moment() {
    let app = TestApp::start().await;
    let made = partner(&app).await;
    assert_eq!(
        ask(&app, &made.client_id, &made.client_secret, "").await.status,
        StatusCode::OK
    );
    disable(&app, &made.client_id).await.unwrap();
    let answer = ask(&app, &made.client_id, &made.client_secret, "").await;
    assert!(answer.is(401, "invalid_client"), "{}", answer.body);
    assert_eq!(app.count("client_secrets").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn guessing_a_secret_is_slowed_and_nobody_with_a_right_one_behind_the_same_address() {
    let options = Options {
        settings: Box::new(|settings| settings.oauth.wrong_secrets = 3),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let made = partner(&app).await;
    let other = create(&app, "partner", "hotel-gate", &["cards.verify"], "")
        .await
        .unwrap();
    for guess in 0..3 {
        let answer = ask(&app, &made.client_id, &format!("guess-{guess}"), "").await;
        assert!(answer.is(401, "invalid_client"), "{}", answer.body);
    }
    let answer = ask(&app, &made.client_id, "another guess", "").await;
    assert!(answer.is(429, "slow_down"), "{} {}", answer.status, answer.body);
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=15 * 60 + 1).contains(&wait), "{wait}");
    let slip = ask(&app, &other.client_id, "a slip", "").await;
    assert!(slip.is(401, "invalid_client"), "{}", slip.body);
    // Over all clients the address has ten times as many.
    for guess in 0..27 {
        ask(&app, &format!("partner-{guess}"), "x", "").await;
    }
    let answer = ask(&app, &other.client_id, "a slip", "").await;
    assert!(answer.is(429, "slow_down"), "{} {}", answer.status, answer.body);
    // A proxy is one address for all: its guessers must not stop its partners.
    for known in [&made, &other] {
        let right = ask(&app, &known.client_id, &known.client_secret, "").await;
        assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    }
    app.finish().await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_caller_is_counted_alone_and_without_one_the_header_is_nobody_s() {
    for (trusted_proxies, expected) in [(1, 401), (0, 429)] {
        let options = Options {
            settings: Box::new(move |settings| {
                settings.oauth.wrong_secrets = 1;
                settings.oauth.trusted_proxies = trusted_proxies;
            }),
            ..Options::default()
        };
        let app = TestApp::start_with(options).await;
        let made = partner(&app).await;
        let from = async |address: &str| {
            let _already = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let request = client
                .post(format!("http://{}/oauth2/token", app.http))
                .header("authorization", basic(&made.client_id, "guess"))
                .header("x-forwarded-for", address)
                .form(&[("grant_type", "client_credentials")]);
            request.send().await.unwrap().status().as_u16()
        };
        assert_eq!(from("192.0.2.1").await, 401);
        assert_eq!(
            from("198.51.100.4, 192.0.2.2").await,
            expected,
            "{trusted_proxies}"
        );
        app.finish().await;
    }
}

#[tokio::test]
async fn right_secrets_are_never_counted_and_go_on_without_redis() {
    let options = Options {
        settings: Box::new(|settings| settings.oauth.wrong_secrets = 1),
        redis: Some(("redis://127.0.0.1:1".to_owned(), "away".to_owned())),
    };
    let app = TestApp::start_with(options).await;
    let made = partner(&app).await;
    for _ in 0..3 {
        let answer = ask(&app, &made.client_id, &made.client_secret, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let wrong = ask(&app, &made.client_id, "guess", "").await;
    assert!(wrong.is(401, "invalid_client"), "{}", wrong.body);
    app.finish().await;
}

#[tokio::test]
async fn the_loader_of_demonstration_data_has_its_scope_in_a_demonstration_only() {
    use auth::token::sign_json;
    for demonstration in [false, true] {
        let options = Options {
            settings: Box::new(move |settings| settings.common.demonstration.enabled = demonstration),
            ..Options::default()
        };
        let app = TestApp::start_with(options).await;
        let now = app.clock.now().timestamp();
        let claims = json!({
            "iss": "tadamon-cli", "sub": "tadamon-cli", "aud": "http://127.0.0.1:9112/oauth2/token",
            "iat": now, "exp": now + 60, "jti": "1",
        });
        let assertion = sign_json(
            &app.keys.signing_key("tadamon-cli"),
            "client-authentication+jwt",
            &claims,
        );
        let form = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion.as_str()),
            ("audience", "identity"),
            ("scope", "demo.load"),
        ];
        let answer = post(&app, "/oauth2/token", &[], &form).await;
        if demonstration {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        } else {
            assert!(answer.is(400, "invalid_scope"), "{}", answer.body);
        }
        app.finish().await;
    }
}
