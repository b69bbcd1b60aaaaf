//! What a token can assert. Every forgery that a reader of RFC 8725 would try, against the keys of a whole installation.

use auth::believed::Believed;
use auth::token::{Claims, LIFETIME, PARTNER_LIFETIME, SigningKey, TokenError, sign, verify};
use auth::trust::Trust;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::{AccountId, MemberId, SessionId};
use kernel::permission::CallerKind;
use platform::ids::uuid_v7;
use platform::keys::{KeyDirectory, TrustFile};
use serde_json::json;
use testkit::TestKeys;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_350_000, 0).expect("the instant is in range")
}

fn trust(keys: &TestKeys) -> Trust {
    Trust::new(&keys.directory().trust_path())
}

fn member_claims() -> Claims {
    let id = || uuid_v7(now());
    Claims::member(
        AccountId::from_uuid(id()),
        MemberId::from_uuid(id()),
        SessionId::from_uuid(id()),
        "benefits",
        now(),
    )
}

fn refused(keys: &TestKeys, token: &str) -> TokenError {
    verify(&trust(keys), token, "benefits", now()).expect_err("the token must be refused")
}

fn parts(token: &str) -> Vec<String> {
    token.split('.').map(str::to_owned).collect()
}

fn encoded(value: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[test]
fn identity_speaks_for_a_member_and_a_service_for_itself() {
    let keys = testkit::keys();
    let member = sign(&keys.signing_key("identity"), &member_claims());
    let found = verify(&trust(&keys), &member, "benefits", now()).expect("identity may speak for members");
    assert_eq!(found.kind, CallerKind::Member);

    let service = sign(
        &keys.signing_key("portal"),
        &Claims::service("portal", "benefits", now()),
    );
    let found = verify(&trust(&keys), &service, "benefits", now()).expect("a service may speak for itself");
    assert_eq!((found.kind, found.sub.as_str()), (CallerKind::Service, "portal"));
}

#[test]
fn a_service_cannot_speak_as_a_member_an_agent_an_app_or_another_service() {
    let keys = testkit::keys();
    let account = AccountId::from_uuid(uuid_v7(now()));
    let session = SessionId::from_uuid(uuid_v7(now()));
    for principal in ["portal", "membership", "benefits", "documents", "notifications"] {
        let key = keys.signing_key(principal);
        let attempts = [
            member_claims(),
            Claims::agent(account, Vec::new(), session, "benefits", now()),
            Claims::app(
                "client",
                vec!["membership.roster.import".to_owned()],
                "benefits",
                now(),
            ),
            Claims::service("identity", "benefits", now()),
        ];
        for claims in attempts {
            let error = refused(&keys, &sign(&key, &claims));
            assert!(
                matches!(error, TokenError::NotEntitled),
                "{principal} as {:?}: {error}",
                claims.kind
            );
        }
    }
}

#[test]
fn the_operators_key_signs_no_internal_token() {
    let keys = testkit::keys();
    let key = keys.signing_key("tadamon-cli");
    for claims in [
        Claims::service("tadamon-cli", "benefits", now()),
        Claims::app(
            "tadamon-cli",
            vec!["membership.roster.import".to_owned()],
            "benefits",
            now(),
        ),
    ] {
        assert!(matches!(
            refused(&keys, &sign(&key, &claims)),
            TokenError::NotEntitled
        ));
    }
}

#[test]
fn a_key_of_another_installation_is_not_known() {
    let keys = testkit::keys();
    let foreign = testkit::keys();
    let token = sign(&foreign.signing_key("identity"), &member_claims());
    assert!(matches!(refused(&keys, &token), TokenError::UnknownKey));
}

#[test]
fn a_foreign_key_under_a_known_key_id_does_not_verify() {
    let keys = testkit::keys();
    let foreign = testkit::keys();
    let ours = keys.signing_key("identity").kid().to_owned();
    // The forger knows our key id, which is public, and puts it on a key of their own.
    let path = foreign.directory().trust_path();
    let text = std::fs::read_to_string(&path).expect("the trust file is readable");
    let mut file: TrustFile = serde_json::from_str(&text).expect("the trust file is JSON");
    for key in &mut file.keys {
        if key.issuer == "identity" {
            key.kid.clone_from(&ours);
        }
    }
    std::fs::write(&path, serde_json::to_string(&file).expect("it was JSON")).expect("the folder is ours");
    let forged =
        SigningKey::open(&KeyDirectory::open(foreign.path()), "identity").expect("the forger has a key");
    assert!(matches!(
        refused(&keys, &sign(&forged, &member_claims())),
        TokenError::Malformed
    ));
}

#[test]
fn a_token_without_a_signature_or_with_another_algorithm_is_refused() {
    let keys = testkit::keys();
    let token = sign(&keys.signing_key("identity"), &member_claims());
    let [header, payload, signature] = parts(&token).try_into().expect("a token has three parts");
    let kid = keys.signing_key("identity").kid().to_owned();

    let none = encoded(&json!({ "alg": "none", "typ": "JWT", "kid": kid }));
    assert!(matches!(
        refused(&keys, &format!("{none}.{payload}.")),
        TokenError::Malformed
    ));
    assert!(matches!(
        refused(&keys, &format!("{none}.{payload}.{signature}")),
        TokenError::Malformed
    ));

    // The classic confusion: the public key, which everybody may read, taken as a shared secret.
    let hmac = encoded(&json!({ "alg": "HS256", "typ": "JWT", "kid": kid }));
    assert!(matches!(
        refused(&keys, &format!("{hmac}.{payload}.{signature}")),
        TokenError::Malformed
    ));

    let no_kid = encoded(&json!({ "alg": "EdDSA", "typ": "JWT" }));
    assert!(matches!(
        refused(&keys, &format!("{no_kid}.{payload}.{signature}")),
        TokenError::Malformed
    ));
    assert!(matches!(
        refused(&keys, &format!("{header}.{payload}.")),
        TokenError::Malformed
    ));
    assert!(matches!(refused(&keys, ""), TokenError::Malformed));
    assert!(matches!(refused(&keys, "a.b.c.d"), TokenError::Malformed));
}

#[test]
fn a_header_that_points_to_a_key_elsewhere_is_not_followed() {
    let keys = testkit::keys();
    let foreign = testkit::keys();
    let token = sign(&foreign.signing_key("identity"), &member_claims());
    let [_, payload, signature] = parts(&token).try_into().expect("a token has three parts");
    let ours = keys.signing_key("identity").kid().to_owned();
    for (kid, unknown) in [
        ("../../keys/identity", true),
        ("http://127.0.0.1:1/keys.json", true),
        ("identity' OR '1'='1", true),
        ("", true),
        (ours.as_str(), false),
    ] {
        let header = json!({
            "alg": "EdDSA", "typ": "JWT", "kid": kid, "jku": "http://127.0.0.1:1/keys.json", "x5u": "http://127.0.0.1:1/chain.pem",
            "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        });
        let error = refused(&keys, &format!("{}.{payload}.{signature}", encoded(&header)));
        assert_eq!(matches!(error, TokenError::UnknownKey), unknown, "{kid}: {error}");
        assert!(
            unknown || matches!(error, TokenError::Malformed),
            "{kid}: {error}"
        );
    }
}

#[test]
fn a_changed_claim_breaks_the_signature() {
    let keys = testkit::keys();
    let token = sign(&keys.signing_key("identity"), &member_claims());
    let [header, payload, signature] = parts(&token).try_into().expect("a token has three parts");
    let bytes = URL_SAFE_NO_PAD.decode(payload).expect("the payload is base64url");
    let mut claims: serde_json::Value = serde_json::from_slice(&bytes).expect("the payload is JSON");
    claims["member_id"] = json!(uuid_v7(now() + TimeDelta::seconds(1)));
    let changed = format!("{header}.{}.{signature}", encoded(&claims));
    assert!(matches!(refused(&keys, &changed), TokenError::Malformed));
}

#[test]
fn a_token_is_for_one_audience_and_for_a_minute() {
    let keys = testkit::keys();
    let key = keys.signing_key("identity");
    let good = member_claims();
    let stretched = Claims {
        exp: good.iat + LIFETIME + 1,
        ..good.clone()
    };
    let other = Claims {
        aud: "documents".to_owned(),
        ..good.clone()
    };
    let old = Claims {
        iat: good.iat - 3600,
        exp: good.exp - 3600,
        ..good.clone()
    };
    let early = Claims {
        iat: good.iat + 3600,
        exp: good.exp + 3600,
        ..good.clone()
    };
    for (name, claims) in [
        ("too long", stretched),
        ("another audience", other),
        ("expired", old),
        ("from the future", early),
    ] {
        let error = refused(&keys, &sign(&key, &claims));
        assert!(matches!(error, TokenError::NotNow), "{name}: {error}");
    }
    assert!(verify(&trust(&keys), &sign(&key, &good), "benefits", now()).is_ok());
}

#[test]
fn a_partners_token_is_for_partnerships_and_five_minutes_and_nobody_elses_is() {
    let keys = testkit::keys();
    let key = keys.signing_key("identity");
    let partner = Claims::partner("partner-x", vec!["cards.verify".to_owned()], now());
    let at = |seconds| now() + TimeDelta::seconds(seconds);
    let token = sign(&key, &partner);
    let found =
        verify(&trust(&keys), &token, "partnerships", at(PARTNER_LIFETIME)).expect("it lives five minutes");
    assert_eq!(
        (found.kind, found.sub.as_str()),
        (CallerKind::Partner, "partner-x")
    );
    assert!(verify(&trust(&keys), &token, "partnerships", at(PARTNER_LIFETIME + 6)).is_err());
    assert!(verify(&trust(&keys), &token, "benefits", now()).is_err());
    // Nobody gets the partner's longer life by another name.
    for kind in [CallerKind::Member, CallerKind::Agent, CallerKind::App] {
        let other = Claims {
            kind,
            ..partner.clone()
        };
        assert!(
            verify(&trust(&keys), &sign(&key, &other), "partnerships", now()).is_err(),
            "{kind}"
        );
    }
}

#[test]
fn an_agents_token_is_dead_a_minute_after_it_was_made_even_where_clocks_differ() {
    let keys = testkit::keys();
    let id = || uuid_v7(now());
    let (account, session) = (AccountId::from_uuid(id()), SessionId::from_uuid(id()));
    let claims = Claims::agent(account, Vec::new(), session, "benefits", now());
    let token = sign(&keys.signing_key("identity"), &claims);
    let dead = |seconds| {
        verify(
            &trust(&keys),
            &token,
            "benefits",
            now() + TimeDelta::seconds(seconds),
        )
        .is_err()
    };
    assert!(!dead(50) && dead(61));
}

#[test]
fn another_kind_of_signed_text_is_not_a_token() {
    let keys = testkit::keys();
    // Documents may sign receipts; a receipt must not open a door, whatever it says.
    let as_receipt = auth::token::sign_json(
        &keys.signing_key("documents"),
        "receipt",
        &Claims::service("documents", "benefits", now()),
    );
    assert!(matches!(refused(&keys, &as_receipt), TokenError::Malformed));
}

fn partner_token(keys: &TestKeys) -> String {
    let claims = Claims::partner("gate-system", vec!["cards.verify".to_owned()], now());
    sign(&keys.signing_key("identity"), &claims)
}

#[test]
fn a_token_that_was_believed_is_judged_again_each_time_but_for_its_signature() {
    let keys = testkit::keys();
    let believed = Believed::new(trust(&keys));
    let token = partner_token(&keys);
    let verify = |audience: &str, after: i64| {
        believed
            .verify(&token, audience, now() + TimeDelta::seconds(after))
            .map(|claims| claims.sub.clone())
    };
    for _ in 0..2 {
        assert_eq!(verify("partnerships", 0).expect("it is good"), "gate-system");
    }
    assert!(
        matches!(verify("benefits", 0), Err(TokenError::NotNow)),
        "another audience"
    );
    assert_eq!(
        verify("partnerships", PARTNER_LIFETIME).expect("its last second"),
        "gate-system"
    );
    assert!(matches!(
        verify("partnerships", PARTNER_LIFETIME + 6),
        Err(TokenError::NotNow)
    ));
    // Too old is not forgotten with it.
    assert!(matches!(
        verify("partnerships", PARTNER_LIFETIME + 6),
        Err(TokenError::NotNow)
    ));
}

#[test]
fn a_token_that_only_resembles_a_believed_one_is_refused() {
    let keys = testkit::keys();
    let believed = Believed::new(trust(&keys));
    let token = partner_token(&keys);
    believed
        .verify(&token, "partnerships", now())
        .expect("it is good");
    let parts = parts(&token);
    let other = parts_of_another_key(&keys);
    for forged in [
        format!("{}.{}.{}", parts[0], parts[1], other[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{token}A"),
        format!("{}.{}.{}", other[0], parts[1], parts[2]),
    ] {
        assert!(
            believed.verify(&forged, "partnerships", now()).is_err(),
            "{forged}"
        );
    }
}

fn parts_of_another_key(keys: &TestKeys) -> Vec<String> {
    let claims = Claims::partner("gate-system", vec!["cards.verify".to_owned()], now());
    parts(&sign(&keys.signing_key("portal"), &claims))
}

#[tokio::test]
async fn a_key_that_leaves_the_trust_file_takes_the_tokens_along_that_were_believed() {
    let keys = testkit::keys();
    let believed = Believed::new(trust(&keys));
    let token = partner_token(&keys);
    believed
        .verify(&token, "partnerships", now())
        .expect("it is good");
    let path = keys.directory().trust_path();
    let mut file = TrustFile::read(&path).expect("the trust file");
    file.keys.retain(|key| key.issuer != "identity");
    std::fs::write(&path, serde_json::to_string(&file).expect("it was JSON")).expect("the folder is ours");
    // The file is looked at every few seconds.
    let error = testkit::eventually(async || believed.verify(&token, "partnerships", now()).err()).await;
    assert!(matches!(error, TokenError::UnknownKey), "{error}");
}
