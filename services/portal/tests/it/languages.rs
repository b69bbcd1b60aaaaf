//! Two languages: chosen by the browser on the first page, by the address on every other.

use reqwest::StatusCode;

use crate::routes;
use crate::support::TestApp;
use crate::world::air_transport::TRIP;
use crate::world::benefits::DRAFT;
use crate::world::office::REVIEW;
use crate::world::{AGENT, KHADIJA};

#[tokio::test]
async fn the_first_address_answers_in_the_language_of_the_browser_without_a_redirect() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (asked, lang, dir) in [
        ("fr-FR,fr;q=0.9", "fr", "ltr"),
        ("ar-MA,fr;q=0.5", "ar", "rtl"),
        ("de-DE", "ar", "rtl"),
        ("", "ar", "rtl"),
    ] {
        let page = browser.get_in("/", asked).await;
        assert_eq!(page.status, StatusCode::OK, "{asked}");
        assert!(
            page.body
                .contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\">")),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn the_switch_leads_to_the_same_page_in_the_other_language() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for route in routes::all()
        .iter()
        .filter(|route| route.method == "GET" && route.path.starts_with("/{locale}/"))
    {
        let page = browser.get(&route.address("fr")).await;
        if page.body.contains("<html") {
            let other = route.address("ar");
            let link = page.body.contains(&format!("class=\"lang\" href=\"{other}\""));
            let button = page
                .body
                .contains(&format!("form=\"page-form\" formaction=\"{other}\""));
            assert!(link || button, "{other} is not linked from {}", route.path);
            assert_eq!(
                button,
                page.body.contains("id=\"page-form\""),
                "{}: a form keeps what was typed, and only a form does",
                route.path
            );
        }
    }
}

#[tokio::test]
async fn what_is_typed_and_not_sent_survives_the_switch_of_the_language_and_is_not_executed() {
    let app = TestApp::start().await;
    let stranger = app.browser();
    let typed = [("matricule", "90012345"), ("password", "une phrase")];
    let page = stranger.get("/fr/sign-in?next=/fr/inbox").await;
    let arabic = page.switch_language(&stranger, "/sign-in", &typed).await;
    assert_eq!(arabic.status, StatusCode::OK);
    assert!(arabic.body.contains("<html lang=\"ar\""));
    assert!(arabic.body.contains("value=\"90012345\"") && !arabic.body.contains("une phrase"));
    assert!(
        !arabic.body.contains("id=\"problems\""),
        "nothing was asked for yet"
    );
    assert_eq!(arabic.hidden("next"), "/ar/inbox", "where it leads, too");
    assert_eq!(app.world.calls("sign_in"), 0);

    let member = app.signed_in(KHADIJA).await;
    for (step, typed, kept) in [
        (
            "reason",
            ("reason", "not_covered"),
            "value=\"not_covered\" checked",
        ),
        ("account", ("choice", "not_mine"), "value=\"not_mine\" checked"),
        (
            "person",
            ("person", "member"),
            "value=\"member\" id=\"person-0\" checked",
        ),
    ] {
        let page = member.get(&format!("/ar/applications/{DRAFT}/{step}")).await;
        let french = page.switch_language(&member, &format!("/{step}"), &[typed]).await;
        assert_eq!(french.status, StatusCode::OK, "{step}");
        assert!(
            french.body.contains("<html lang=\"fr\"") && french.body.contains(kept),
            "{step}: {}",
            french.body
        );
        assert_eq!(
            french.hidden("key"),
            page.hidden("key"),
            "the same form, so that it is taken once"
        );
        // And it can be sent from there.
        let taken = french.submit(&member, &format!("/{step}"), &[typed]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{step}");
    }
    assert_eq!(
        app.world.calls("save_answer"),
        3,
        "once each, by the button of the form"
    );
    let page = member
        .get(&format!("/fr/applications/{TRIP}/details/ticket"))
        .await;
    let arabic = page
        .switch_language(&member, "/details/ticket", &[("q-price", "mille")])
        .await;
    assert!(arabic.body.contains("value=\"mille\""), "{}", arabic.body);
    assert_eq!(app.world.calls("save_answer"), 3);
}

#[tokio::test]
async fn what_an_agent_typed_survives_the_switch_of_the_language_too() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let desk = agent.get("/fr/office/desk").await;
    let arabic = desk
        .switch_language(&agent, "/office/desk", &[("matricule", KHADIJA)])
        .await;
    assert!(
        arabic.body.contains("<html lang=\"ar\"") && arabic.body.contains(&format!("value=\"{KHADIJA}\"")),
        "{}",
        arabic.body
    );
    // The page of a file has several forms: the script sends the one that was begun.
    let page = agent
        .get(&format!("/fr/office/files/{REVIEW}?queue=examination"))
        .await;
    let token = page.hidden("form_token");
    let typed = [
        ("form_token", token.as_str()),
        ("switch", "language"),
        ("action", "note"),
        ("version", "0"),
        ("note", "Rappeler lundi"),
    ];
    let arabic = agent
        .post(&format!("/ar/office/files/{REVIEW}?queue=examination"), &typed)
        .await;
    assert_eq!(arabic.status, StatusCode::OK);
    assert!(
        arabic.body.contains("<html lang=\"ar\"") && arabic.body.contains(">Rappeler lundi</textarea>"),
        "{}",
        arabic.body
    );
    assert_eq!(app.world.calls("add_note"), 0);
}

#[tokio::test]
async fn a_switch_without_the_form_s_token_is_refused_like_any_form() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let forged = [("switch", "language"), ("reason", "not_covered")];
    let answer = member
        .post(&format!("/fr/applications/{DRAFT}/reason"), &forged)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_third_language_is_a_page_that_does_not_exist() {
    let app = TestApp::start().await;
    for path in ["/de", "/de/home", "/xx/account"] {
        assert_eq!(
            app.browser().get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_page_says_its_own_language_and_shows_no_key() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let key = regex_lite::Regex::new(r">\s*[a-z]+(-[a-z]+)+\s*<").unwrap();
    for locale in ["ar", "fr"] {
        for route in routes::all().iter().filter(|route| route.method == "GET") {
            let page = browser.get(&route.address(locale)).await;
            if page.body.contains("<html") && route.path != "/" {
                assert!(
                    page.body.contains(&format!("<html lang=\"{locale}\"")),
                    "{}",
                    route.path
                );
                assert!(
                    !key.is_match(&page.body),
                    "{:?} in {}",
                    key.find(&page.body).map(|found| found.as_str()),
                    route.path
                );
            }
        }
    }
}
