//! What an opening grant can do: benefits alone signs one, it serves documents alone, and for a minute.

use auth::grant::{Grant, Verifier, sign};
use auth::token::TokenError;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::{AccountId, ApplicationId, DocumentId};
use platform::ids::uuid_v7;
use testkit::TestKeys;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_350_000, 0).expect("the instant is in range")
}

fn grant() -> Grant {
    let id = || uuid_v7(now());
    Grant {
        document_id: DocumentId::from_uuid(id()),
        application_id: ApplicationId::from_uuid(id()),
        agent: AccountId::from_uuid(id()),
        reason: "assessment".to_owned(),
    }
}

fn verifier(keys: &TestKeys) -> Verifier {
    Verifier::new(&keys.directory().trust_path())
}

#[test]
fn a_grant_of_benefits_is_believed_for_a_minute() {
    let keys = testkit::keys();
    let grant = grant();
    let text = sign(&keys.signing_key("benefits"), &grant, now());
    let at = |seconds| verifier(&keys).verify(&text, now() + TimeDelta::seconds(seconds));
    assert_eq!(at(0).expect("a grant"), grant);
    assert_eq!(at(60).expect("a grant"), grant);
    assert!(matches!(at(66), Err(TokenError::NotNow)));
    assert!(matches!(at(-6), Err(TokenError::NotNow)));
}

#[test]
fn nobody_but_benefits_grants_an_opening() {
    let keys = testkit::keys();
    for other in ["documents", "identity", "portal", "membership", "tadamon-cli"] {
        let text = sign(&keys.signing_key(other), &grant(), now());
        let answer = verifier(&keys).verify(&text, now());
        assert!(
            matches!(answer, Err(TokenError::NotEntitled)),
            "{other}: {answer:?}"
        );
    }
    let foreign = sign(&testkit::keys().signing_key("benefits"), &grant(), now());
    assert!(matches!(
        verifier(&keys).verify(&foreign, now()),
        Err(TokenError::UnknownKey)
    ));
}

#[test]
fn another_signed_text_of_benefits_opens_nothing() {
    let keys = testkit::keys();
    let key = keys.signing_key("benefits");
    let claims = |audience: &str, life: i64| {
        let mut claims = serde_json::to_value(grant()).expect("a grant is JSON");
        claims["aud"] = audience.into();
        claims["iat"] = now().timestamp().into();
        claims["exp"] = (now().timestamp() + life).into();
        claims
    };
    let typed = |typ, audience, life| auth::token::sign_json(&key, typ, &claims(audience, life));
    let verify = |text: String| verifier(&keys).verify(&text, now());
    assert!(verify(typed("tadamon-opening", "documents", 60)).is_ok());
    assert!(matches!(
        verify(typed("tadamon-receipt", "documents", 60)),
        Err(TokenError::Malformed)
    ));
    assert!(matches!(
        verify(typed("tadamon-opening", "benefits", 60)),
        Err(TokenError::NotNow)
    ));
    assert!(matches!(
        verify(typed("tadamon-opening", "documents", 3_600)),
        Err(TokenError::NotNow)
    ));
    for text in ["", "x", "a.b.c"] {
        assert!(verify(text.to_owned()).is_err());
    }
}
