//! Opening an account: rules at the field, one page for all.

use reqwest::StatusCode;

use crate::support::{Browser, Page, TestApp};
use crate::world::LINK;

async fn send(browser: &Browser, change: &[(&str, &str)]) -> Page {
    let mut typed = vec![
        ("matricule", "90000077"),
        ("cin", "ZZ100001"),
        ("position", "active"),
        ("email", "nadia.zerrouk@finances.example"),
        ("answer", "7"),
    ];
    for (name, value) in change {
        typed.retain(|(known, _)| known != name);
        typed.push((name, value));
    }
    browser
        .get("/fr/account")
        .await
        .submit(browser, "/account", &typed)
        .await
}

#[tokio::test]
async fn a_good_form_leads_everybody_to_the_same_page_that_names_the_desk() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let answer = send(&browser, &[("matricule", " ٩٠ ٠٠ ٠٠ ٧٧ "), ("cin", "zz-100001")]).await;
    assert_eq!(answer.leads_to(), "/fr/account/sent");
    let request = app.world.state().last_link_request.clone().unwrap();
    assert_eq!(
        (
            request.matricule.as_str(),
            request.cin.as_str(),
            request.position.as_str()
        ),
        ("90000077", "ZZ100001", "active")
    );
    let sent = browser.get("/fr/account/sent").await;
    assert!(sent.body.contains("Guichet des œuvres sociales"));
    assert!(sent.body.contains("dix minutes"));
}

#[tokio::test]
async fn each_field_says_what_to_type_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (name, value) in [
        ("matricule", "123456789"),
        ("matricule", "12A"),
        ("cin", "123"),
        ("cin", "ABC1"),
        ("position", "minister"),
        ("email", "nadia"),
        ("email", "nadia@private.example"),
        ("answer", ""),
    ] {
        let answer = send(&browser, &[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        assert!(
            answer.body.contains(&format!("href=\"#{name}\"")),
            "{name}={value} has a line in the summary"
        );
        assert!(
            answer.body.contains("value=\"90000077\"") || name == "matricule",
            "typed values come back"
        );
    }
    assert_eq!(app.world.calls("request_link"), 0);
}

#[tokio::test]
async fn a_retiree_must_give_a_pension_number_and_may_give_a_private_address() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let retired = [("position", "retired"), ("email", "x@private.example")];
    let answer = send(&browser, &retired).await;
    assert!(answer.body.contains("href=\"#pension_number\""));
    let answer = send(&browser, &[retired[0], retired[1], ("pension_number", "p 12 34")]).await;
    assert_eq!(answer.leads_to(), "/fr/account/sent");
    assert_eq!(
        app.world
            .state()
            .last_link_request
            .clone()
            .unwrap()
            .pension_number,
        "P1234"
    );
    let answer = send(
        &browser,
        &[
            ("position", "seconded"),
            ("email", "x@private.example"),
            ("pension_number", "IGNORED"),
        ],
    )
    .await;
    assert_eq!(answer.leads_to(), "/fr/account/sent");
    assert_eq!(
        app.world
            .state()
            .last_link_request
            .clone()
            .unwrap()
            .pension_number,
        "",
        "only a retiree's is sent on"
    );
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_looks_expired_afterwards() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let address = format!("/ar/account/link/{LINK}");
    let short = browser
        .get(&address)
        .await
        .submit(
            &browser,
            LINK,
            &[("new_password", "court"), ("again_password", "court")],
        )
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed = [
        ("new_password", "une phrase assez longue"),
        ("again_password", "une phrase assez longue"),
    ];
    let page = browser.get(&address).await;
    assert_eq!(
        page.submit(&browser, LINK, &typed).await.leads_to(),
        "/ar/sign-in?notice=password-set"
    );
    assert_eq!(browser.get(&address).await.status, StatusCode::GONE);
    assert_eq!(
        page.submit(&browser, LINK, &typed).await.status,
        StatusCode::GONE,
        "Back and again"
    );
    assert_eq!(
        browser.get("/fr/account/link/never-was").await.status,
        StatusCode::GONE
    );
}

#[tokio::test]
async fn the_summary_of_a_retiree_names_the_fields_in_the_order_of_the_form() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let answer = send(&browser, &[("position", "retired"), ("email", "nadia")]).await;
    let at = |field: &str| answer.body.find(&format!("href=\"#{field}\"")).unwrap();
    assert!(at("pension_number") < at("email"));
}
