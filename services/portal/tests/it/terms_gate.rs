//! Until the terms are accepted, nothing opens but the named few.

use reqwest::StatusCode;

use crate::routes;
use crate::support::TestApp;
use crate::world::NEWCOMER;

#[tokio::test]
async fn before_the_terms_are_accepted_every_member_route_leads_to_them_and_calls_nobody() {
    let app = TestApp::start().await;
    let browser = app.signed_in(NEWCOMER).await;
    let token = browser.get("/fr/terms/accept").await.hidden("form_token");
    for route in routes::all().iter().filter(|route| route.access == "member") {
        let address = route.address("fr");
        let answer = match (route.method.as_str(), address.ends_with("/upload")) {
            ("GET", _) => browser.get(&address).await,
            (_, true) => {
                let form = reqwest::multipart::Form::new().text("form_token", token.clone());
                browser
                    .read(
                        browser
                            .client
                            .post(format!("{}{address}", browser.base))
                            .multipart(form),
                    )
                    .await
            }
            (_, false) => browser.post(&address, &[("form_token", &token)]).await,
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {address}", route.method);
        assert!(
            answer.leads_to().starts_with("/fr/terms/accept"),
            "{} {address} leads to {}",
            route.method,
            answer.leads_to()
        );
    }
    for method in [
        "get_own_record",
        "list_benefits",
        "list_applications",
        "count_unread",
        "save_answer",
        "submit_application",
        "upload_document",
    ] {
        assert_eq!(
            app.world.calls(method),
            0,
            "{method} was called before the terms were accepted"
        );
    }
}

#[tokio::test]
async fn accepting_opens_the_page_that_was_wanted() {
    let app = TestApp::start().await;
    let browser = app.signed_in(NEWCOMER).await;
    let led = browser.get("/fr/services").await;
    let gate = browser.get(led.leads_to()).await;
    assert!(gate.body.contains("Accepter"));
    let answer = gate.submit(&browser, "/terms/accept", &[]).await;
    assert_eq!(answer.leads_to(), "/fr/services");
    assert_eq!(browser.get("/fr/services").await.status, StatusCode::OK);
}

#[tokio::test]
async fn terms_that_changed_while_they_were_read_are_shown_again() {
    let app = TestApp::start().await;
    let browser = app.signed_in(NEWCOMER).await;
    let token = browser.get("/fr/terms/accept").await.hidden("form_token");
    let answer = browser
        .post("/fr/terms/accept", &[("form_token", &token), ("version", "0")])
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("Les conditions viennent de changer"));
}

#[tokio::test]
async fn signing_out_is_open_before_the_terms() {
    let app = TestApp::start().await;
    let browser = app.signed_in(NEWCOMER).await;
    let gate = browser.get("/fr/terms/accept").await;
    let answer = gate.submit(&browser, "/sign-out", &[]).await;
    assert_eq!(answer.leads_to(), "/fr/signed-out");
    assert!(
        browser
            .get("/fr/home")
            .await
            .leads_to()
            .starts_with("/fr/sign-in")
    );
}
