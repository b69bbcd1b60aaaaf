//! Who may ask the gateway: a token of identity for a partner's client, for partnerships, with the route's scope. Everything else is refused alike.

use auth::token::{Claims, sign};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{AccountId, CallerKind, MemberId};
use platform::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::partner::Partner;
use crate::support::{COUNTER, OFFER, TestApp};

const VERIFY: &str = "/partner/v1/verifications";

fn body() -> Value {
    json!({ "code": "0000000000", "offer_code": OFFER, "counter_code": COUNTER })
}

/// A token with other words in its header, under the signature of the original.
fn with_header(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut parts = token.split('.');
    let header = URL_SAFE_NO_PAD
        .decode(parts.next().expect("a header"))
        .expect("base64");
    let mut header: Value = serde_json::from_slice(&header).expect("JSON");
    change(&mut header);
    let rest: Vec<&str> = parts.collect();
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        rest.join(".")
    )
}

#[tokio::test]
async fn a_token_that_is_not_believed_is_refused_with_one_and_the_same_answer() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let strangers = testkit::keys();
    let now = Clock::system().now();
    let identity = app.keys.signing_key("identity");
    let scopes = || vec!["cards.verify".to_owned()];
    let good = partner.token.clone();
    let claims = |change: fn(&mut Claims)| {
        let mut claims = Claims::partner("ctm-sandbox", scopes(), now);
        change(&mut claims);
        sign(&identity, &claims)
    };
    let without_signature = {
        let (head, _) = good.rsplit_once('.').expect("a signature");
        format!("{head}.")
    };
    let tokens = [
        ("none", String::new()),
        ("noise", "eyJ".to_owned()),
        ("no signature", without_signature),
        ("alg none", with_header(&good, |h| h["alg"] = "none".into())),
        ("HS256", with_header(&good, |h| h["alg"] = "HS256".into())),
        (
            "an unknown key",
            with_header(&good, |h| h["kid"] = "identity-x".into()),
        ),
        (
            "a key that is a path",
            with_header(&good, |h| h["kid"] = "../../etc/passwd".into()),
        ),
        (
            "a key at an address",
            with_header(&good, |h| h["jku"] = "http://127.0.0.1:1/keys".into()),
        ),
        (
            "another type",
            with_header(&good, |h| h["typ"] = "tadamon-receipt".into()),
        ),
        (
            "a foreign installation",
            strangers.partner_token("ctm-sandbox", &["cards.verify"]),
        ),
        ("another audience", claims(|c| c.aud = "benefits".to_owned())),
        ("expired", claims(|c| (c.iat, c.exp) = (c.iat - 400, c.exp - 400))),
        (
            "from the future",
            claims(|c| (c.iat, c.exp) = (c.iat + 60, c.exp + 60)),
        ),
        ("a life of an hour", claims(|c| c.exp += 3_600)),
        (
            "a service that speaks as a partner",
            sign(
                &app.keys.signing_key("benefits"),
                &Claims::partner("ctm-sandbox", scopes(), now),
            ),
        ),
        ("very long", "x".repeat(5_000)),
    ];
    for (what, token) in tokens {
        let request = partner
            .bare(Method::POST, VERIFY)
            .bearer_auth(token)
            .json(&body());
        let answer = partner.send(("post", VERIFY), request).await;
        let mut document = answer.body.clone();
        document.as_object_mut().expect("a document").remove("trace_id");
        assert_eq!(
            (answer.status, document),
            (
                401,
                json!({
                    "type": "urn:tadamon:problem:token-refused",
                    "title": "The access token is missing or not believed.",
                    "status": 401,
                    "reason": "TOKEN_REFUSED",
                })
            ),
            "{what}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Bearer error=\"invalid_token\"")
        );
    }
    let twice = partner
        .request(Method::POST, VERIFY)
        .header("authorization", format!("Bearer {good}"))
        .json(&body());
    assert_eq!(
        partner.send(("post", VERIFY), twice).await.status,
        401,
        "two tokens"
    );
    let basic = partner
        .bare(Method::POST, VERIFY)
        .basic_auth("ctm-sandbox", Some("secret"));
    assert_eq!(
        partner.send(("post", VERIFY), basic.json(&body())).await.status,
        401
    );
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn each_route_asks_for_its_own_scope_and_for_a_partner() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let refused = |answer: &crate::partner::Answer| {
        assert_eq!((answer.status, answer.reason()), (403, "NOT_PERMITTED"));
    };
    let redeems_only = Partner::with_token(&app, app.keys.partner_token("ctm-sandbox", &["cards.redeem"]));
    refused(&redeems_only.verify("0000000000").await);
    let verifies_only = Partner::with_token(&app, app.keys.partner_token("ctm-sandbox", &["cards.verify"]));
    verifies_only.verify("0000000000").await;
    let id = app.id().to_string();
    refused(&verifies_only.redeem("k", &verifies_only.sale(&id)).await);
    refused(&verifies_only.cancel("k", &id).await);
    let (member, account) = (MemberId::from_uuid(app.id()), AccountId::from_uuid(app.id()));
    for (kind, token) in [
        (
            CallerKind::App,
            app.keys.app_token("partnerships", "tadamon-cli", "cards.verify"),
        ),
        (
            CallerKind::Member,
            app.keys.member_token("partnerships", member, account),
        ),
        (
            CallerKind::Service,
            app.keys.service_token("portal", "partnerships"),
        ),
        (
            CallerKind::Agent,
            app.keys.agent_token("partnerships", account, kernel::Role::ALL),
        ),
    ] {
        let other = Partner::with_token(&app, token);
        let answer = other.verify("0000000000").await;
        assert_eq!((answer.status, answer.reason()), (403, "NOT_PERMITTED"), "{kind}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_client_that_nobody_linked_speaks_for_nobody() {
    let app = TestApp::start().await;
    app.coach_company().await;
    let unknown = Partner::new(&app, "unknown-client");
    let answer = unknown.verify("0000000000").await;
    assert_eq!((answer.status, answer.reason()), (403, "CLIENT_NOT_LINKED"));
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 0);
    app.finish().await;
}
