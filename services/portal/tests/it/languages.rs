//! Two languages: chosen by the browser on the first page, by the address on every other.

use reqwest::StatusCode;

use crate::routes;
use crate::support::TestApp;
use crate::world::KHADIJA;

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
            assert!(
                page.body.contains(&format!("class=\"lang\" href=\"{other}\"")),
                "{other} is not linked from {}",
                route.path
            );
        }
    }
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
