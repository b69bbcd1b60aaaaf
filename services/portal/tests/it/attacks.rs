//! What a link in a mail or a page of somebody else's site can make a signed-in browser do by looking alone, and what a session is worth that
//! somebody planted beforehand.

use std::collections::HashMap;

use reqwest::StatusCode;
use reqwest::header::COOKIE;

use crate::routes;
use crate::support::TestApp;
use crate::world::{AGENT, AUDITOR, KHADIJA, PASSWORD, REVIEWER, VALIDATOR};

/// Calls that read. A session is exchanged for a token at every page; a challenge is made for whoever opens a form; a paper that an agent looks
/// at is opened by a ticket that only a form of the same agent gives, and written down.
fn only_reads(method: &str) -> bool {
    let named = [
        "exchange_session",
        "inspect_link",
        "issue_challenge",
        "count_unread",
        "download_document",
    ];
    let verbs = ["get_", "list_", "find_", "batch_get_"];
    named.contains(&method) || verbs.iter().any(|verb| method.starts_with(verb))
}

#[tokio::test]
async fn a_page_that_is_only_looked_at_changes_nothing() {
    let app = TestApp::start().await;
    for person in [KHADIJA, AGENT, REVIEWER, VALIDATOR, AUDITOR] {
        let browser = app.signed_in(person).await;
        let before: HashMap<&'static str, usize> = app.world.state().calls.clone();
        for route in routes::all() {
            for locale in ["ar", "fr"] {
                // An address that only takes forms, and one that takes both, asked for by a link.
                let answer = browser.get(&route.address(locale)).await;
                assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", route.path);
            }
        }
        let changed: Vec<&'static str> = app
            .world
            .state()
            .calls
            .iter()
            .filter(|(method, times)| before.get(*method) != Some(times) && !only_reads(method))
            .map(|(method, _)| *method)
            .collect();
        assert_eq!(changed, Vec::<&str>::new(), "looking did something for {person}");
    }
}

#[tokio::test]
async fn a_session_that_was_planted_before_the_sign_in_is_worth_nothing_after_it() {
    let app = TestApp::start().await;
    let planted = "planted-by-somebody-who-waits-for-the-member";
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    let form_cookie = page.headers["set-cookie"].to_str().unwrap();
    let form_cookie = form_cookie.split(';').next().unwrap();
    let fields: Vec<(&str, String)> = vec![
        ("form_token", page.hidden("form_token")),
        ("question_challenge", page.hidden("question_challenge")),
        ("matricule", KHADIJA.to_owned()),
        ("password", PASSWORD.to_owned()),
        ("answer", "7".to_owned()),
    ];
    let body: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())))
        .finish();
    // A client without a cookie store sends exactly these two.
    let bare = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let cookies = format!("{form_cookie}; tadamon-session={planted}");
    let answer = bare
        .post(format!("{}/fr/sign-in", browser.base))
        .header("content-type", "application/x-www-form-urlencoded")
        .header(COOKIE, cookies)
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "signed in");
    let given: Vec<&str> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.strip_prefix("tadamon-session="))
        .collect();
    assert!(
        given.len() == 1 && !given[0].starts_with(planted),
        "a new session, not the one that was brought: {given:?}"
    );
    let home = bare
        .get(format!("{}/fr/home", browser.base))
        .header(COOKIE, format!("tadamon-session={planted}"))
        .send()
        .await
        .unwrap();
    assert_eq!(home.status(), StatusCode::SEE_OTHER);
    let leads_to = home.headers()["location"].to_str().unwrap();
    assert!(leads_to.starts_with("/fr/sign-in"), "{leads_to}");
}
