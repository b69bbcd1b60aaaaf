//! Setting and changing the password through the contract. The rules themselves are tested beside them.

use identity_proto::v1::ChangePasswordRequest;

use crate::support::{PASSWORD, TestApp, reason, wrong_fields};

fn one(field: &str, reason: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), reason.to_owned())]
}

#[tokio::test]
async fn a_weak_password_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let person = app.hire(1);
    app.request_link(&person).await.unwrap();
    let token = app.link_token(&app.delivery(1).await).await;
    for (password, reason) in [
        ("", "PASSWORD_REQUIRED"),
        ("seven77", "PASSWORD_TOO_SHORT"),
        ("fourteen chars", "PASSWORD_TOO_SHORT"),
        ("motdepassemotdepasse", "PASSWORD_COMMON"),
        ("Tadamon-Fondation-2026", "PASSWORD_CONTEXT"),
        (&"figue comete jasmin ".repeat(7), "PASSWORD_TOO_LONG"),
    ] {
        assert_eq!(
            wrong_fields(app.set_password(&token, password).await),
            one("password", reason),
            "{password}"
        );
    }
    let own_matricule = format!("palmier {0} sable {0}", person.matricule);
    assert_eq!(
        wrong_fields(app.set_password(&token, &own_matricule).await),
        one("password", "PASSWORD_CONTEXT")
    );
    let spaces_and_signs = "🐫 tambour، فگیع é ñ 12";
    app.set_password(&token, spaces_and_signs).await.unwrap();
    app.sign_in(&person.matricule, spaces_and_signs).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn a_message_of_a_megabyte_is_refused_before_it_is_read() {
    let app = TestApp::start().await;
    assert!(app.set_password("x", &"a".repeat(1_000_000)).await.is_err());
    assert_eq!(app.work.hashes(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_forgets_the_other_browsers() {
    let app = TestApp::start().await;
    let (person, other) = app.member(1).await;
    accept_terms(&app, &other.session_token).await;
    let mine = app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    let change = ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: "tambour figue comete".to_owned(),
        session_token: mine.session_token.clone(),
    };
    let request = app.by(&mine.session_token, change).await;
    app.members_accounts().change_password(request).await.unwrap();
    assert_eq!(reason(app.access(&other.session_token).await), "SESSION_ENDED");
    app.access(&mine.session_token).await.unwrap();
    assert_eq!(app.count("devices").await, 1);
    app.pass(5);
    assert_eq!(
        reason(app.sign_in(&person.matricule, PASSWORD).await),
        "SIGN_IN_REFUSED"
    );
    app.pass(5);
    app.sign_in(&person.matricule, "tambour figue comete")
        .await
        .unwrap();
    let account = mine.session.unwrap().account_id;
    assert!(
        app.audit_of(&account)
            .await
            .contains(&"password_changed".to_owned())
    );
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_present_password_is_refused_at_its_field_and_slows_that_session_only() {
    let app = TestApp::start().await;
    let (person, signed_in) = app.member(1).await;
    accept_terms(&app, &signed_in.session_token).await;
    let wrong = ChangePasswordRequest {
        current_password: "not the present one".to_owned(),
        new_password: "tambour figue comete".to_owned(),
        session_token: signed_in.session_token.clone(),
    };
    let request = app.by(&signed_in.session_token, wrong.clone()).await;
    let refused = app.members_accounts().change_password(request).await;
    assert_eq!(
        wrong_fields(refused),
        one("current_password", "CURRENT_PASSWORD_WRONG")
    );
    let again = ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        ..wrong
    };
    let request = app.by(&signed_in.session_token, again).await;
    assert_eq!(
        reason(app.members_accounts().change_password(request).await),
        "SLOW_DOWN"
    );
    app.sign_in(&person.matricule, PASSWORD).await.unwrap();
    app.finish().await;
}

#[tokio::test]
async fn the_present_password_is_no_new_one() {
    let app = TestApp::start().await;
    let (_, signed_in) = app.member(1).await;
    accept_terms(&app, &signed_in.session_token).await;
    let same = ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: PASSWORD.to_owned(),
        session_token: signed_in.session_token.clone(),
    };
    let request = app.by(&signed_in.session_token, same).await;
    let refused = app.members_accounts().change_password(request).await;
    assert_eq!(wrong_fields(refused), one("new_password", "PASSWORD_UNCHANGED"));
    app.finish().await;
}

#[tokio::test]
async fn a_new_password_obeys_the_rules_and_the_session_must_be_the_callers() {
    let app = TestApp::start().await;
    let (_, mine) = app.member(1).await;
    let (_, theirs) = app.member(2).await;
    accept_terms(&app, &mine.session_token).await;
    let change = ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: "short".to_owned(),
        session_token: mine.session_token.clone(),
    };
    let request = app.by(&mine.session_token, change.clone()).await;
    let refused = app.members_accounts().change_password(request).await;
    assert_eq!(wrong_fields(refused), one("new_password", "PASSWORD_TOO_SHORT"));
    let foreign = ChangePasswordRequest {
        new_password: "tambour figue comete".to_owned(),
        session_token: theirs.session_token.clone(),
        ..change
    };
    let request = app.by(&mine.session_token, foreign).await;
    assert_eq!(
        reason(app.members_accounts().change_password(request).await),
        "SESSION_ENDED"
    );
    app.finish().await;
}

/// Changing a password is behind the terms, like everything else.
async fn accept_terms(app: &TestApp, session_token: &str) {
    crate::terms::accept_current(app, session_token).await;
}
