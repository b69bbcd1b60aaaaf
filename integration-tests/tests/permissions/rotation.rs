//! A signing key is replaced as docs/operations/rotate.md says, and at no moment is a token refused that runs.

use auth::token::{Claims, SigningKey, TokenError, sign, verify};
use auth::trust::Trust;
use chrono::{DateTime, TimeDelta, Utc};
use platform::keys::KeyError;
use platform::keys::rotation::{announce, retire, switch};
use testkit::TestKeys;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_350_000, 0).expect("the instant is in range")
}

/// What a service that starts now signs.
fn signed(keys: &TestKeys, now: DateTime<Utc>) -> String {
    sign(
        &keys.signing_key("benefits"),
        &Claims::service("benefits", "membership", now),
    )
}

/// As a service that reads the trust file now.
fn believed(keys: &TestKeys, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
    verify(
        &Trust::new(&keys.directory().trust_path()),
        token,
        "membership",
        now,
    )
}

#[test]
fn no_running_token_is_refused_at_any_step_of_a_rotation() {
    let keys = testkit::keys();
    let first = keys.signing_key("benefits").kid().to_owned();
    let before = signed(&keys, start());

    let second = announce(keys.path(), "benefits", start()).expect("a new key is announced");
    // A pod that starts in between still has the old file, and must sign under the old id.
    assert_eq!(keys.signing_key("benefits").kid(), first);
    for token in [&before, &signed(&keys, start())] {
        believed(&keys, token, start()).expect("the old key is believed");
    }

    let later = start() + TimeDelta::minutes(3);
    let last_of_old = signed(&keys, later);
    assert_eq!(
        switch(keys.path(), "benefits", later, false).expect("the new key signs"),
        second
    );
    assert_eq!(keys.signing_key("benefits").kid(), second);
    for token in [&last_of_old, &signed(&keys, later)] {
        believed(&keys, token, later).expect("both keys are believed");
    }

    let much_later = later + TimeDelta::hours(1);
    let retired = retire(keys.path(), "benefits", much_later, false).expect("the old key goes");
    assert_eq!(retired.gone, [first]);
    believed(&keys, &signed(&keys, much_later), much_later).expect("the new key is believed");
    assert!(matches!(
        believed(&keys, &last_of_old, later).expect_err("the old key is gone"),
        TokenError::UnknownKey
    ));
}

#[test]
fn a_service_whose_key_nobody_believes_does_not_start() {
    let keys = testkit::keys();
    announce(keys.path(), "portal", start()).expect("a new key is announced");
    switch(keys.path(), "portal", start(), true).expect("it signs at once");
    let other = testkit::keys();
    std::fs::copy(
        keys.path().join("portal.signing.pem"),
        other.path().join("portal.signing.pem"),
    )
    .expect("the folder is ours");
    let error = SigningKey::open(&other.directory(), "portal").expect_err("its public half is nowhere");
    assert!(matches!(error, KeyError::NotTrusted(_)), "{error}");
    assert!(error.to_string().contains("docs/operations/rotate.md"), "{error}");
}
