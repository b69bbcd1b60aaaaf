//! Every route gives every header, whoever asks.

use reqwest::StatusCode;

use crate::routes;
use crate::support::TestApp;
use crate::world::{AGENT, KHADIJA};

const EVERYWHERE: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

#[tokio::test]
async fn every_route_answers_with_every_security_header_and_is_never_stored() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let stranger = app.browser();
    let agent = app.signed_in(AGENT).await;
    for route in routes::all() {
        for browser in [&member, &agent, &stranger] {
            let address = route.address("fr");
            let answer = if route.method == "GET" {
                browser.get(&address).await
            } else {
                browser.post(&address, &[]).await
            };
            let framed = route.path.contains("/office/files/{id}/papers/");
            for (name, value) in EVERYWHERE {
                // A paper beside its file is shown in a frame of ours; nobody else's page may.
                let value = if framed && *name == "x-frame-options" {
                    "SAMEORIGIN"
                } else {
                    value
                };
                assert_eq!(
                    answer.headers.get(*name).and_then(|v| v.to_str().ok()),
                    Some(value),
                    "{name} of {} {address}",
                    route.method
                );
            }
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(
                policy.contains("default-src 'none'")
                    && policy.contains(if framed {
                        "frame-ancestors 'self'"
                    } else {
                        "frame-ancestors 'none'"
                    }),
                "{address}"
            );
            assert!(!policy.contains("unsafe"), "{address}");
            assert_eq!(answer.headers["cache-control"], "no-store", "{address}");
            assert!(
                answer.status != StatusCode::INTERNAL_SERVER_ERROR,
                "{address} fails"
            );
            for inline in ["<style", " style=\"", " onclick=", " onsubmit=", "javascript:"] {
                assert!(!answer.body.contains(inline), "{inline} in {address}");
            }
        }
    }
}

#[tokio::test]
async fn https_is_promised_and_cookies_bear_the_host_prefix_when_cookies_are_secure() {
    let app = TestApp::with(|settings| {
        settings.cookie.secure = true;
    })
    .await;
    let page = app.browser().get("/fr").await;
    assert!(
        page.headers["strict-transport-security"]
            .to_str()
            .unwrap()
            .starts_with("max-age=")
    );
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-tadamon-form="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert!(!cookie.contains("Domain"));
}

#[tokio::test]
async fn assets_are_kept_for_a_year_under_hashed_names() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr").await;
    let start = page.body.find("/assets/style.").unwrap();
    let style = &page.body[start..start + page.body[start..].find('"').unwrap()];
    let answer = browser.get(style).await;
    assert_eq!(
        answer.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
    assert!(
        answer.body.contains("/assets/tadamon-sans-arabic-400."),
        "fonts are named by their hashes"
    );
    assert_eq!(
        browser.get("/assets/style.css").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_first_page_weighs_less_than_a_hundred_kilobytes_with_all_it_loads() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for locale in ["ar", "fr"] {
        let compressed = |path: String| {
            let request = browser
                .client
                .get(format!("{}{path}", browser.base))
                .header("accept-encoding", "gzip");
            async move { request.send().await.unwrap().bytes().await.unwrap().len() }
        };
        let page = browser.get(&format!("/{locale}")).await;
        let mut weight = compressed(format!("/{locale}")).await;
        let mut names: Vec<String> = page
            .body
            .match_indices("/assets/")
            .map(|(at, _)| page.body[at..at + page.body[at..].find('"').unwrap()].to_owned())
            .collect();
        let style = browser
            .get(names.iter().find(|name| name.contains("style")).unwrap())
            .await
            .body;
        // At most all four fonts.
        names.extend(
            style
                .match_indices("/assets/tadamon")
                .map(|(at, _)| style[at..at + style[at..].find('"').unwrap()].to_owned()),
        );
        names.sort();
        names.dedup();
        for name in names {
            weight += compressed(name).await;
        }
        assert!(weight < 100_000, "{weight} bytes in {locale}");
    }
}
