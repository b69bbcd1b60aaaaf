//! Signing in: one refusal for every cause at the same cost, and a lock-out that slows strangers but not the member's own browser.

use std::time::Duration;

use identity_proto::v1::SignInRequest;
use platform::status::retry_after;
use tonic::Code;

use crate::queries;
use crate::support::{ADDRESS, Options, PASSWORD, TestApp, reason, wrong_fields};

#[tokio::test]
async fn unknown_wrong_and_not_yet_activated_are_one_refusal_at_the_same_cost() {
    let app = TestApp::start().await;
    let (known, _) = app.member(1).await;
    let invited = app.hire(2);
    app.request_link(&invited).await.unwrap();
    app.delivery(2).await;
    app.jobs_done().await;
    queries::watch();
    let mut costs = Vec::new();
    for matricule in [known.matricule.as_str(), "90009999", invited.matricule.as_str()] {
        for device_token in ["", "0190000000007000800000000000000a.AAAA"] {
            // Each login has a count of its own; a minute later the earlier attempt no longer slows.
            app.pass(60);
            let proof = app.proof(identity_proto::v1::Form::SignIn).await;
            let _earlier = queries::take();
            let hashes = app.work.hashes();
            let request = SignInRequest {
                matricule: matricule.to_owned(),
                password: "wrong on purpose".to_owned(),
                proof: Some(proof),
                device_token: device_token.to_owned(),
                client_address: ADDRESS.to_owned(),
                ..SignInRequest::default()
            };
            let status = app.sessions().sign_in(request).await.unwrap_err();
            let cost = (app.work.hashes() - hashes, queries::take());
            costs.push((
                device_token.is_empty(),
                status.code(),
                status.message().to_owned(),
                cost,
            ));
        }
    }
    for stranger in [true, false] {
        let same: Vec<_> = costs.iter().filter(|cost| cost.0 == stranger).collect();
        assert_eq!(same.len(), 3);
        assert!(same.windows(2).all(|pair| pair[0] == pair[1]), "{same:#?}");
        assert_eq!(same[0].3.0, 1, "one hash");
        assert!(!same[0].3.1.is_empty(), "statements were counted");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_empty_or_malformed_form_is_refused_at_its_fields() {
    let app = TestApp::start().await;
    let request = SignInRequest {
        matricule: "12a".to_owned(),
        ..SignInRequest::default()
    };
    let fields = wrong_fields(app.sessions().sign_in(request).await);
    let names: Vec<&str> = fields.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(names, ["MATRICULE_FORMAT", "PASSWORD_REQUIRED"]);
    app.finish().await;
}

#[tokio::test]
async fn a_matricule_typed_with_an_arabic_keyboard_signs_in() {
    let app = TestApp::start().await;
    let (person, _) = app.member(1).await;
    let arabic: String = person
        .matricule
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0x0660 - 0x30).unwrap())
        .collect();
    app.sign_in(&arabic, PASSWORD).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn wrong_passwords_slow_a_stranger_with_a_growing_wait_and_not_the_known_browser() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let mut waits = Vec::new();
    for _ in 0..12 {
        assert_eq!(
            reason(app.sign_in(&person.matricule, "a strangers guess").await),
            "SIGN_IN_REFUSED"
        );
        let early = app.sign_in(&person.matricule, PASSWORD).await.unwrap_err();
        assert_eq!(early.code(), Code::ResourceExhausted);
        let wait = retry_after(&early).unwrap();
        waits.push(wait.as_secs());
        app.clock.advance(wait);
    }
    assert_eq!(waits, [1, 1, 3, 3, 3, 3, 3, 3, 5, 5, 5, 5]);
    assert_eq!(
        reason(app.sign_in(&person.matricule, "a strangers guess").await),
        "SIGN_IN_REFUSED"
    );
    // The stranger waits; the member, from the browser used before, does not.
    assert_eq!(
        reason(app.sign_in(&person.matricule, PASSWORD).await),
        "SLOW_DOWN"
    );
    app.sign_in_from(ADDRESS, &person.matricule, PASSWORD, &signed_in.device_token)
        .await
        .unwrap();
    // And that did not free the stranger.
    assert_eq!(
        reason(app.sign_in(&person.matricule, PASSWORD).await),
        "SLOW_DOWN"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_login_is_slowed_like_a_known_one() {
    let app = TestApp::start().await;
    assert_eq!(
        reason(app.sign_in("90009999", "a strangers guess").await),
        "SIGN_IN_REFUSED"
    );
    assert_eq!(
        reason(app.sign_in("90009999", "a strangers guess").await),
        "SLOW_DOWN"
    );
    app.pass(1);
    assert_eq!(
        reason(app.sign_in("90009999", "a strangers guess").await),
        "SIGN_IN_REFUSED"
    );
    app.finish().await;
}

#[tokio::test]
async fn parallel_guesses_are_one_guess() {
    let app = TestApp::start().await;
    let (person, _) = app.member(1).await;
    let hashes = app.work.hashes();
    let guess = || app.sign_in(&person.matricule, "a strangers guess");
    let answers = tokio::join!(guess(), guess(), guess(), guess(), guess());
    let reasons = [
        reason(answers.0),
        reason(answers.1),
        reason(answers.2),
        reason(answers.3),
        reason(answers.4),
    ];
    assert_eq!(
        reasons
            .iter()
            .filter(|reason| *reason == "SIGN_IN_REFUSED")
            .count(),
        1,
        "{reasons:?}"
    );
    assert_eq!(app.work.hashes() - hashes, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_known_browser_has_a_count_of_its_own() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let before = app.count("devices").await;
    let known = |password: &'static str| {
        app.sign_in_from(ADDRESS, &person.matricule, password, &signed_in.device_token)
    };
    assert_eq!(reason(known("forgot it myself").await), "SIGN_IN_REFUSED");
    assert_eq!(reason(known(PASSWORD).await), "SLOW_DOWN");
    app.pass(1);
    let again = known(PASSWORD).await.unwrap();
    assert_eq!(
        again.device_token, signed_in.device_token,
        "the browser keeps its token"
    );
    assert_eq!(app.count("devices").await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_browser_token_serves_its_own_account_only_and_a_year_at_most() {
    let app = TestApp::start().await;
    let (victim, mine) = app.member(1).await;
    let (_, attacker) = app.member(2).await;
    assert_eq!(
        reason(app.sign_in(&victim.matricule, "a strangers guess").await),
        "SIGN_IN_REFUSED"
    );
    for token in [
        attacker.device_token.as_str(),
        "x.y",
        &mine.device_token.replace('.', ".A"),
    ] {
        let outcome = app
            .sign_in_from(ADDRESS, &victim.matricule, PASSWORD, token)
            .await;
        assert_eq!(reason(outcome), "SLOW_DOWN", "{token}");
    }
    app.clock.advance(Duration::from_secs(366 * 24 * 3600));
    assert_eq!(
        reason(app.sign_in(&victim.matricule, "a strangers guess").await),
        "SIGN_IN_REFUSED"
    );
    let outcome = app
        .sign_in_from(ADDRESS, &victim.matricule, PASSWORD, &mine.device_token)
        .await;
    assert_eq!(reason(outcome), "SLOW_DOWN");
    app.finish().await;
}

#[tokio::test]
async fn a_password_that_is_replaced_while_it_is_verified_opens_nothing() {
    let app = TestApp::start().await;
    let (person, first) = app.member(1).await;
    // Another transaction holds the account, as setting a password does, while the sign-in hashes.
    let mut tx = app.db.pool.begin().await.unwrap();
    sqlx::query("UPDATE accounts SET password_hash = '$argon2id$replaced'")
        .execute(&mut *tx)
        .await
        .unwrap();
    let verified = async {
        testkit::eventually(async || {
            let waiting: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            )
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
            (waiting > 0).then_some(())
        })
        .await;
        tx.commit().await.unwrap();
    };
    let before = app.count("sessions").await;
    let signing_in = app.sign_in_from(ADDRESS, &person.matricule, PASSWORD, &first.device_token);
    let (outcome, ()) = tokio::join!(signing_in, verified);
    assert_eq!(reason(outcome), "SIGN_IN_REFUSED");
    assert_eq!(app.count("sessions").await, before);
    app.finish().await;
}

#[tokio::test]
async fn one_address_that_gets_many_accounts_wrong_is_blocked_and_known_browsers_behind_it_are_not() {
    let options = Options {
        settings: Box::new(|settings| settings.sign_in.spray_accounts = 4),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let (person, signed_in) = app.member(1).await;
    for number in 0..4 {
        let outcome = app
            .sign_in_from(
                "198.51.100.9",
                &format!("9100000{number}"),
                "one password for all",
                "",
            )
            .await;
        assert_eq!(reason(outcome), "SIGN_IN_REFUSED");
    }
    let blocked = app
        .sign_in_from("198.51.100.9", &person.matricule, PASSWORD, "")
        .await
        .unwrap_err();
    assert!(retry_after(&blocked).unwrap() > Duration::from_secs(23 * 3600));
    assert_eq!(reason::<()>(Err(blocked)), "SLOW_DOWN");
    app.sign_in_from(
        "198.51.100.9",
        &person.matricule,
        PASSWORD,
        &signed_in.device_token,
    )
    .await
    .unwrap();
    app.sign_in_from("198.51.100.10", &person.matricule, PASSWORD, "")
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_many_members_share_is_not_blocked() {
    let options = Options {
        settings: Box::new(|settings| {
            settings.sign_in.spray_accounts = 2;
            settings.sign_in.shared_addresses = vec!["198.51.100.1".to_owned()];
        }),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    for number in 0..4 {
        let outcome = app
            .sign_in_from(
                "198.51.100.1",
                &format!("9100000{number}"),
                "one password for all",
                "",
            )
            .await;
        assert_eq!(reason(outcome), "SIGN_IN_REFUSED");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_session_browser_or_login_stands_in_the_clear_in_the_database() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    let mut rows: Vec<String> = Vec::new();
    for table in [
        "accounts",
        "sessions",
        "devices",
        "sign_in_failures",
        "audit",
        "outbox",
        "jobs",
        "account_requests",
    ] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT to_jsonb(t)::text FROM {table} t"));
        rows.extend(
            sqlx::query_scalar::<_, String>(sql)
                .fetch_all(&app.db.pool)
                .await
                .unwrap(),
        );
    }
    for secret in [
        &signed_in.session_token,
        &signed_in.device_token,
        &person.matricule,
        &person.cin,
        &person.email,
    ] {
        assert!(rows.iter().all(|row| !row.contains(secret.as_str())), "{secret}");
    }
    assert!(rows.iter().any(|row| row.contains("$argon2id$")));
    app.finish().await;
}
