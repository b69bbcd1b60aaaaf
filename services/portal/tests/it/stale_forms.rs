//! Forms of ours that are no longer current: from a second tab, from before signing in again, of a browser whose cookie is gone. They are never
//! executed, and what was typed is not lost. Forged ones are refused (see `sign_in`).

use reqwest::StatusCode;

use crate::support::{Browser, TestApp};
use crate::world::benefits::DRAFT;
use crate::world::{BRAHIM, KHADIJA, PASSWORD};

/// Signs out and in again in the same browser: its session cookie is another.
async fn sign_in_again(browser: &Browser, matricule: &str) {
    let left = browser
        .get("/fr/home")
        .await
        .submit(browser, "/sign-out", &[])
        .await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    let page = browser.get("/fr/sign-in").await;
    let typed = [("matricule", matricule), ("password", PASSWORD), ("answer", "7")];
    let answer = page.submit(browser, "/sign-in", &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn a_form_from_before_signing_in_again_is_shown_filled_with_a_fresh_token_and_not_executed() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&format!("/fr/applications/{DRAFT}/reason")).await;
    sign_in_again(&browser, KHADIJA).await;
    let again = page
        .submit(&browser, "/reason", &[("reason", "not_covered")])
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(app.world.calls("save_answer"), 0);
    assert!(
        again.body.contains("value=\"not_covered\" checked"),
        "{}",
        again.body
    );
    assert!(again.body.contains("rien n’a été envoyé"));
    assert_eq!(
        again.hidden("key"),
        page.hidden("key"),
        "the same form, so that it is taken once"
    );
    let taken = again
        .submit(&browser, "/reason", &[("reason", "not_covered")])
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    assert_eq!(app.world.calls("save_answer"), 1);
}

#[tokio::test]
async fn a_form_of_one_member_is_neither_executed_nor_shown_in_the_session_of_another() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&format!("/fr/applications/{DRAFT}/reason")).await;
    sign_in_again(&browser, BRAHIM).await;
    let answer = page
        .submit(&browser, "/reason", &[("reason", "not_covered")])
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.world.calls("save_answer"), 0);
    assert!(answer.body.contains("Vos réponses sont gardées"));
    assert!(!answer.body.contains("not_covered"), "sealed for its owner");
}

#[tokio::test]
async fn a_public_form_whose_cookie_is_gone_comes_back_filled_without_its_password() {
    let app = TestApp::start().await;
    let page = app.browser().get("/fr/sign-in").await;
    let other = app.browser();
    let typed = [("matricule", KHADIJA), ("password", PASSWORD), ("answer", "7")];
    let again = page.submit(&other, "/sign-in", &typed).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(app.world.calls("sign_in"), 0);
    assert!(again.body.contains(&format!("value=\"{KHADIJA}\"")));
    assert!(!again.body.contains(PASSWORD));
    let taken = again.submit(&other, "/sign-in", &typed).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
}

#[tokio::test]
async fn signing_out_with_an_old_form_leads_home() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get("/fr/home").await;
    sign_in_again(&browser, KHADIJA).await;
    let answer = page.submit(&browser, "/sign-out", &[]).await;
    assert_eq!(answer.leads_to(), "/fr/home");
}
