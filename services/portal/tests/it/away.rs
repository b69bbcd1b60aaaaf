//! What was typed is never lost: a service away, a session that ended, a double press, Back.

use reqwest::StatusCode;

use crate::support::TestApp;
use crate::world::benefits::DRAFT;
use crate::world::{BRAHIM, KHADIJA, PASSWORD};

#[tokio::test]
async fn a_form_whose_service_is_away_comes_back_filled_when_it_is_tried_again() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let address = format!("/fr/applications/{DRAFT}/reason");
    let page = browser.get(&address).await;
    app.world.state().away.insert("benefits");
    let answer = page.submit(&browser, "/reason", &[("reason", "cancer")]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers.contains_key("retry-after"));
    assert!(answer.body.contains("Vos réponses sont gardées"));
    let start = answer
        .body
        .find(&format!("{address}?kept="))
        .expect("the way back carries the answers");
    let back = &answer.body[start..start + answer.body[start..].find('"').unwrap()];
    app.world.state().away.clear();
    let again = browser.get(back).await;
    assert!(again.body.contains("value=\"cancer\" checked"), "{}", again.body);
    assert_eq!(
        again.hidden("key"),
        page.hidden("key"),
        "the same form, so that it is taken once"
    );
    assert_eq!(
        again
            .submit(&browser, "/reason", &[("reason", "cancer")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_is_restored_to_its_member_only() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let address = format!("/fr/applications/{DRAFT}/reason");
    let page = browser.get(&address).await;
    app.world.state().sessions.clear();
    let ended = page
        .submit(&browser, "/reason", &[("reason", "not_covered")])
        .await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
    let start = ended.body.find("/fr/sign-in?").expect("a way to sign in again");
    let sign_in = ended.body[start..start + ended.body[start..].find('"').unwrap()]
        .replace("&amp;", "&")
        .replace("&#38;", "&");
    assert_eq!(app.world.calls("save_answer"), 0);

    let form = browser.get(&sign_in).await;
    let answer = form
        .submit(
            &browser,
            "/sign-in",
            &[("matricule", KHADIJA), ("password", PASSWORD), ("answer", "7")],
        )
        .await;
    assert!(
        answer.leads_to().starts_with(&format!("{address}?kept=")),
        "{}",
        answer.leads_to()
    );
    assert!(
        browser
            .get(answer.leads_to())
            .await
            .body
            .contains("value=\"not_covered\" checked")
    );

    let other = app.browser();
    let form = other.get(&sign_in).await;
    let answer = form
        .submit(
            &other,
            "/sign-in",
            &[("matricule", BRAHIM), ("password", PASSWORD), ("answer", "7")],
        )
        .await;
    assert_eq!(
        answer.leads_to(),
        address,
        "somebody else gets the page without the answers"
    );
}

#[tokio::test]
async fn sign_in_and_account_forms_keep_what_was_typed_while_identity_is_away() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    app.world.state().away.insert("identity");
    let answer = page
        .submit(
            &browser,
            "/sign-in",
            &[("matricule", KHADIJA), ("password", PASSWORD), ("answer", "7")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains(&format!("value=\"{KHADIJA}\"")));
    assert!(!answer.body.contains(PASSWORD));
    assert_eq!(
        browser.get("/fr/sign-in").await.status,
        StatusCode::OK,
        "the page itself is shown"
    );
    app.world.state().away.clear();
    let page = browser.get("/fr/account").await;
    app.world.state().away.insert("identity");
    let typed = [
        ("matricule", "90000077"),
        ("cin", "ZZ100001"),
        ("position", "seconded"),
        ("email", "x@y.example"),
        ("answer", "7"),
    ];
    let answer = page.submit(&browser, "/account", &typed).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.body.contains("value=\"ZZ100001\"") && answer.body.contains("value=\"seconded\" selected")
    );
}

#[tokio::test]
async fn the_header_does_without_inbox_and_name_when_their_services_are_away() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().away.extend(["notifications", "membership"]);
    assert_eq!(browser.get("/fr/home").await.status, StatusCode::OK);
    assert_eq!(
        browser.get("/fr/inbox").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        browser.get("/fr/profile").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    app.world.state().away.insert("benefits");
    assert_eq!(browser.get("/fr/home").await.status, StatusCode::OK);
    assert_eq!(
        browser.get("/fr/applications").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn public_pages_open_while_everything_is_away() {
    let app = TestApp::start().await;
    app.world
        .state()
        .away
        .extend(["identity", "membership", "benefits", "documents", "notifications"]);
    for path in [
        "/fr",
        "/ar",
        "/fr/account",
        "/fr/privacy",
        "/ar/accessibility",
        "/fr/contact",
        "/fr/account/sent",
    ] {
        assert_eq!(app.browser().get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(
        app.browser().get("/fr/terms").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn nobody_is_told_that_answers_are_kept_where_nothing_is() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let kept = "Vos réponses sont gardées";
    let new = "une autre phrase assez longue";
    let page = browser.get("/fr/password").await;
    app.world.state().away.insert("identity");
    let typed = [
        ("current_password", PASSWORD),
        ("new_password", new),
        ("again_password", new),
    ];
    let answer = page.submit(&browser, "/password", &typed).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.body.contains(kept), "a password is never kept");
    app.world.state().away.clear();

    let page = browser.get(&format!("/fr/applications/{DRAFT}/reason")).await;
    app.world.state().files.clear();
    let answer = page.submit(&browser, "/reason", &[("reason", "cancer")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.body.contains(kept), "the draft was thrown away");
}
