//! The second factor: enrolled with the code of an application, each code and each recovery code taken once, guesses slowed.

use identity_proto::v1::verify_second_factor_request::Proof;
use identity_proto::v1::{RenewRecoveryCodesRequest, VerifySecondFactorRequest, VerifySecondFactorResponse};
use tonic::{Code, Status};

use crate::staff::Agent;
use crate::support::{PASSWORD, TestApp, reason};

fn code(text: &str) -> Proof {
    Proof::Code(text.to_owned())
}

fn recovery(text: &str) -> Proof {
    Proof::RecoveryCode(text.to_owned())
}

/// A code that is not the present one.
fn wrong(app: &TestApp, agent: &Agent) -> String {
    let right: u32 = app.code_of(&agent.secret).parse().unwrap();
    format!("{:06}", (right + 123_457) % 1_000_000)
}

/// Another session of the agent, with the password alone, a minute later.
async fn fresh_session(app: &TestApp, agent: &Agent) -> String {
    app.pass(90);
    app.sign_in(&agent.login, PASSWORD).await.unwrap().session_token
}

fn winners(outcomes: &[Result<VerifySecondFactorResponse, Status>]) -> usize {
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}

#[tokio::test]
async fn an_agent_enrols_by_the_qr_code_gets_ten_recovery_codes_and_a_session_of_two_factors() {
    let app = TestApp::start().await;
    let (agent, signed_in) = app.agent_with_password("99000001", &["auditor"]).await;
    assert_eq!(signed_in.session.unwrap().second_factor, "enrol");
    let begun = app.begin(&agent.session_token).await.unwrap();
    let secret = begun.secret.replace(' ', "");
    assert!(begun.uri.starts_with("otpauth://totp/Tadamon%20demo:") && begun.uri.contains(&secret));
    assert!(!begun.uri.contains(&agent.login), "the address names nobody");
    assert!(begun.qr_svg.starts_with("<svg ") && !begun.qr_svg.contains(&secret));

    let enrolled = app
        .confirm(&agent.session_token, &app.code_of(&secret))
        .await
        .unwrap();
    let session = enrolled.session.unwrap();
    assert_eq!(session.second_factor, "done");
    let mut codes = enrolled.recovery_codes.clone();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 10);
    assert!(codes.iter().all(|code| code.len() == 11 && &code[5..6] == "-"));
    // The session goes by another token: whoever saw the first has nothing.
    assert_ne!(enrolled.session_token, agent.session_token);
    assert_eq!(reason(app.access(&agent.session_token).await), "SESSION_ENDED");
    app.access(&enrolled.session_token).await.unwrap();
    assert_eq!(
        app.audit_of(&agent.account_id).await[3..],
        ["second_factor_begun", "second_factor_enrolled"]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_secret_begun_anew_replaces_the_one_before_and_a_confirmed_one_stays() {
    let app = TestApp::start().await;
    let (agent, _) = app.agent_with_password("99000001", &["auditor"]).await;
    assert_eq!(
        reason(app.confirm(&agent.session_token, "123456").await),
        "SECOND_FACTOR_NOT_ENROLLED"
    );
    assert_eq!(
        reason(app.verify(&agent.session_token, code("123456")).await),
        "SECOND_FACTOR_NOT_ENROLLED"
    );
    let first = app
        .begin(&agent.session_token)
        .await
        .unwrap()
        .secret
        .replace(' ', "");
    let second = app
        .begin(&agent.session_token)
        .await
        .unwrap()
        .secret
        .replace(' ', "");
    assert_ne!(first, second);
    assert_eq!(
        reason(app.confirm(&agent.session_token, &app.code_of(&first)).await),
        "SECOND_FACTOR_REFUSED"
    );
    assert_eq!(app.count("recovery_codes").await, 0);
    app.pass(2);
    let enrolled = app
        .confirm(&agent.session_token, &app.code_of(&second))
        .await
        .unwrap();
    for token in [&enrolled.session_token, &fresh_session(&app, &agent).await] {
        assert_eq!(reason(app.begin(token).await), "SECOND_FACTOR_ENROLLED");
        assert_eq!(
            reason(app.confirm(token, &app.code_of(&second)).await),
            "SECOND_FACTOR_ENROLLED"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_code_is_taken_in_its_step_and_the_one_before_and_after_and_no_other() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    for (early, taken) in [(-60_i64, false), (-30, true), (0, true), (30, true), (60, false)] {
        let session = fresh_session(&app, &agent).await;
        app.pass(600);
        let session_alive = app.access(&session).await;
        assert!(session_alive.is_ok());
        let other = app.clock.now() + chrono::Duration::seconds(early);
        let typed = app.code_at(&agent.secret, other);
        let outcome = app.verify(&session, code(&typed)).await;
        assert_eq!(outcome.is_ok(), taken, "{early} s: {outcome:?}");
        if let Err(refused) = outcome {
            assert_eq!(reason::<()>(Err(refused)), "SECOND_FACTOR_REFUSED");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_code_that_was_taken_opens_nothing_again_nor_does_an_older_one() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let (one, two) = (
        fresh_session(&app, &agent).await,
        fresh_session(&app, &agent).await,
    );
    let before = app.code_at(&agent.secret, app.clock.now() - chrono::Duration::seconds(30));
    let typed = app.code_of(&agent.secret);
    let verified = app.verify(&one, code(&typed)).await.unwrap();
    assert_eq!(verified.recovery_codes_left, 10);
    for again in [&typed, &before] {
        assert_eq!(
            reason(app.verify(&two, code(again)).await),
            "SECOND_FACTOR_REFUSED"
        );
        app.pass(4);
    }
    app.pass(30);
    app.verify(&two, code(&app.code_of(&agent.secret))).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_code_used_by_many_at_once_opens_once() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let mut sessions = Vec::new();
    for _ in 0..6 {
        sessions.push(fresh_session(&app, &agent).await);
    }
    let typed = app.code_of(&agent.secret);
    let calls = sessions.iter().map(|session| app.verify(session, code(&typed)));
    let outcomes = futures::future::join_all(calls).await;
    assert_eq!(winners(&outcomes), 1, "{outcomes:?}");
    let raised: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions WHERE assurance = 2")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(raised, 2, "the one that enrolled and the one that won");
    app.finish().await;
}

#[tokio::test]
async fn a_recovery_code_used_by_many_at_once_opens_once() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let mut sessions = Vec::new();
    for _ in 0..6 {
        sessions.push(fresh_session(&app, &agent).await);
    }
    let typed = agent.recovery_codes[3].to_lowercase().replace('-', " ");
    let calls = sessions
        .iter()
        .map(|session| app.verify(session, recovery(&typed)));
    let outcomes = futures::future::join_all(calls).await;
    assert_eq!(winners(&outcomes), 1, "{outcomes:?}");
    app.pass(5);
    let late = fresh_session(&app, &agent).await;
    assert_eq!(
        reason(app.verify(&late, recovery(&typed)).await),
        "SECOND_FACTOR_REFUSED"
    );
    app.pass(5);
    let verified = app
        .verify(&late, recovery(&agent.recovery_codes[4]))
        .await
        .unwrap();
    assert_eq!(verified.recovery_codes_left, 8);
    app.finish().await;
}

#[tokio::test]
async fn one_double_click_raises_the_session_once_and_loses_no_code() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let session = fresh_session(&app, &agent).await;
    let typed = app.code_of(&agent.secret);
    let (one, two) = tokio::join!(
        app.verify(&session, code(&typed)),
        app.verify(&session, code(&typed))
    );
    assert_eq!(winners(&[one, two]), 1);
    app.finish().await;
}

#[tokio::test]
async fn wrong_codes_slow_the_account_whatever_the_session_and_a_right_one_ends_it() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let (one, two) = (
        fresh_session(&app, &agent).await,
        fresh_session(&app, &agent).await,
    );
    let bad = wrong(&app, &agent);
    assert_eq!(
        reason(app.verify(&one, code(&bad)).await),
        "SECOND_FACTOR_REFUSED"
    );
    for session in [&one, &two] {
        let refused = app
            .verify(session, code(&app.code_of(&agent.secret)))
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        assert!(platform::status::retry_after(&refused).is_some());
    }
    // A day's worth of guesses: nobody goes on before midnight, not even with a recovery code.
    sqlx::query("UPDATE sign_in_failures SET count = 99, slow_until = last_at")
        .execute(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(
        reason(app.verify(&one, code(&bad)).await),
        "SECOND_FACTOR_REFUSED"
    );
    app.pass(20);
    assert_eq!(
        reason(app.verify(&two, recovery(&agent.recovery_codes[0])).await),
        "SLOW_DOWN"
    );
    sqlx::query("UPDATE sign_in_failures SET slow_until = last_at")
        .execute(&app.db.pool)
        .await
        .unwrap();
    app.verify(&two, recovery(&agent.recovery_codes[0]))
        .await
        .unwrap();
    assert_eq!(app.count("sign_in_failures").await, 0, "the count begins anew");
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_a_code_is_refused_like_a_wrong_one() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let session = fresh_session(&app, &agent).await;
    let long = "9".repeat(30_000);
    for proof in [
        code(""),
        code("12345"),
        code("1234567"),
        code("' OR 1=1"),
        code(&long),
        recovery(""),
        recovery("00000-00000"),
        recovery(&long),
        recovery("\u{0}\u{202e}"),
    ] {
        assert_eq!(reason(app.verify(&session, proof).await), "SECOND_FACTOR_REFUSED");
        app.pass(6);
    }
    let nothing = VerifySecondFactorRequest {
        session_token: session.clone(),
        proof: None,
    };
    assert_eq!(
        reason(app.second_factors().verify_second_factor(nothing).await),
        "SECOND_FACTOR_REFUSED"
    );
    app.pass(11);
    for token in ["", "x", &"A".repeat(43)] {
        assert_eq!(reason(app.verify(token, code("123456")).await), "SESSION_ENDED");
        assert_eq!(reason(app.begin(token).await), "SESSION_ENDED");
    }
    app.verify(&session, code(&app.code_of(&agent.secret)))
        .await
        .unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_member_is_asked_for_no_second_factor() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    assert_eq!(signed_in.session.unwrap().second_factor, "none");
    assert_eq!(
        reason(app.begin(&signed_in.session_token).await),
        "SECOND_FACTOR_NOT_ASKED"
    );
    assert_eq!(
        reason(app.verify(&signed_in.session_token, code("123456")).await),
        "SECOND_FACTOR_NOT_ASKED"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_agent_with_arabic_digits_and_spaces_gets_in() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let session = fresh_session(&app, &agent).await;
    let typed: String = app
        .code_of(&agent.secret)
        .chars()
        .map(|digit| char::from_u32(0x0660 + digit.to_digit(10).unwrap()).unwrap())
        .collect();
    let spaced = format!(" {} {}", &typed[..6], &typed[6..]);
    app.verify(&session, code(&spaced)).await.unwrap();
    app.finish().await;
}

async fn renew(app: &TestApp, session_token: &str, code: &str) -> Result<Vec<String>, Status> {
    let request = RenewRecoveryCodesRequest {
        session_token: session_token.to_owned(),
        code: code.to_owned(),
    };
    let answer = app.second_factors().renew_recovery_codes(request).await?;
    Ok(answer.into_inner().recovery_codes)
}

#[tokio::test]
async fn a_code_of_the_telephone_draws_new_recovery_codes_and_the_ones_before_are_of_no_use() {
    let app = TestApp::start().await;
    let agent = app.agent("99000001", &["auditor"]).await;
    let session = &agent.session_token;
    for refused in ["", "123", &wrong(&app, &agent), &agent.recovery_codes[0]] {
        assert_eq!(
            reason(renew(&app, session, refused).await),
            "SECOND_FACTOR_REFUSED",
            "{refused}"
        );
        // Wrong ones slow the account as they do at the door.
        app.pass(6);
    }
    let session = &fresh_session(&app, &agent).await;
    let typed = app.code_of(&agent.secret);
    let codes = renew(&app, session, &typed).await.unwrap();
    assert_eq!(codes.len(), 10);
    assert!(codes.iter().all(|code| !agent.recovery_codes.contains(code)));
    assert_eq!(
        reason(renew(&app, session, &typed).await),
        "SECOND_FACTOR_REFUSED",
        "one code, one sheet"
    );
    let session = &fresh_session(&app, &agent).await;
    let old = app.verify(session, recovery(&agent.recovery_codes[1])).await;
    assert_eq!(reason(old), "SECOND_FACTOR_REFUSED");
    let session = &fresh_session(&app, &agent).await;
    let new = app.verify(session, recovery(&codes[0])).await.unwrap();
    assert_eq!(new.recovery_codes_left, 9);
    let trail = app.audit_of(&agent.account_id).await;
    assert!(trail.contains(&"recovery_codes_renewed".to_owned()));
    app.finish().await;
}

#[tokio::test]
async fn recovery_codes_are_drawn_for_nobody_without_a_second_factor() {
    let app = TestApp::start().await;
    let (_, member) = app.member(1).await;
    let (agent, _) = app.agent_with_password("99000001", &["auditor"]).await;
    for (session, expected) in [
        (member.session_token.as_str(), "SECOND_FACTOR_NOT_ASKED"),
        (agent.session_token.as_str(), "SECOND_FACTOR_NOT_ENROLLED"),
        ("nobody's", "SESSION_ENDED"),
    ] {
        assert_eq!(reason(renew(&app, session, "123456").await), expected);
    }
    app.finish().await;
}
