//! Signing in and out, and what a stranger's site cannot do.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::TestApp;
use crate::world::{KHADIJA, PASSWORD};

#[tokio::test]
async fn a_wrong_password_keeps_the_matricule_and_never_shows_the_password() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    let answer = page
        .submit(
            &browser,
            "/sign-in",
            &[
                ("matricule", KHADIJA),
                ("password", "pas la bonne"),
                ("answer", "7"),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("ne correspond pas"));
    assert!(answer.body.contains(&format!("value=\"{KHADIJA}\"")));
    assert!(!answer.body.contains("pas la bonne"));
}

#[tokio::test]
async fn a_wrong_answer_to_the_question_brings_a_new_question() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/ar/sign-in").await;
    let answer = page
        .submit(
            &browser,
            "/sign-in",
            &[("matricule", KHADIJA), ("password", PASSWORD), ("answer", "8")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("href=\"#answer\""));
    assert_eq!(answer.hidden("question_challenge"), "question");
}

#[tokio::test]
async fn a_sign_in_without_a_proof_asks_nobody() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    let answer = page
        .submit(
            &browser,
            "/sign-in",
            &[("matricule", KHADIJA), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.world.calls("sign_in"), 0);
}

#[tokio::test]
async fn too_many_tries_say_how_long_to_wait() {
    let app = TestApp::start().await;
    let refusal = platform::status::Problem::new(Code::ResourceExhausted, "SLOW_DOWN")
        .retry_after(std::time::Duration::from_secs(130));
    app.world
        .state()
        .refusals
        .insert("sign_in", refusal.into_status());
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    let answer = page
        .submit(
            &browser,
            "/sign-in",
            &[("matricule", KHADIJA), ("password", PASSWORD), ("answer", "7")],
        )
        .await;
    assert!(answer.body.contains("Attendez 3 minutes"), "{}", answer.body);
}

#[tokio::test]
async fn too_many_challenges_for_one_address_say_how_long_to_wait_and_the_page_still_opens() {
    let app = TestApp::start().await;
    let slow_down = || {
        platform::status::Problem::new(Code::ResourceExhausted, "SLOW_DOWN")
            .retry_after(std::time::Duration::from_secs(130))
            .into_status()
    };
    let refuse = || app.world.state().refusals.insert("issue_challenge", slow_down());
    let browser = app.browser();
    refuse();
    let page = browser.get("/fr/sign-in").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Attendez 3 minutes"), "{}", page.body);
    refuse();
    let puzzle = browser.get("/fr/challenge/sign-in").await;
    assert_eq!(puzzle.status, StatusCode::UNPROCESSABLE_ENTITY);

    // What identity counts by is the reader's address.
    for path in ["/fr/sign-in", "/fr/challenge/sign-in", "/ar/account"] {
        app.world.state().last_challenge = None;
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
        let asked = app.world.state().last_challenge.take();
        assert_eq!(asked.unwrap().client_address, "127.0.0.1", "{path}");
    }
}

#[tokio::test]
async fn the_wanted_page_opens_after_signing_in_and_a_foreign_address_never_does() {
    let app = TestApp::start().await;
    for (wanted, led) in [
        ("/fr/inbox", "/fr/inbox"),
        ("//evil.example", "/fr/home"),
        ("/\\evil.example", "/fr/home"),
        ("https://evil.example/fr/", "/fr/home"),
        ("javascript:alert(1)", "/fr/home"),
    ] {
        let browser = app.browser();
        let page = browser.get("/fr/sign-in").await;
        let typed = [
            ("matricule", KHADIJA),
            ("password", PASSWORD),
            ("answer", "7"),
            ("next", wanted),
        ];
        assert_eq!(
            page.submit(&browser, "/sign-in", &typed).await.leads_to(),
            led,
            "{wanted}"
        );
    }
}

#[tokio::test]
async fn a_form_without_its_token_or_with_another_browsers_token_is_refused() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let stranger = app.browser();
    let foreign = stranger.get("/fr/sign-in").await.hidden("form_token");
    for token in ["", "x", foreign.as_str()] {
        let answer = browser
            .post("/fr/profile", &[("form_token", token), ("language", "ar")])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token}");
    }
    assert_eq!(app.world.calls("set_locale"), 0);
}

#[tokio::test]
async fn a_post_that_another_site_started_is_refused_even_with_a_good_token() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let token = browser.get("/fr/profile").await.hidden("form_token");
    let request = browser
        .client
        .post(format!("{}/fr/profile", browser.base))
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("form_token={token}&language=ar"));
    assert_eq!(browser.read(request).await.status, StatusCode::FORBIDDEN);
    let json = browser
        .client
        .post(format!("{}/fr/profile", browser.base))
        .header("content-type", "application/json")
        .body("{}");
    assert_eq!(
        browser.read(json).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn a_session_that_was_signed_out_opens_nothing_any_more() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let home = browser.get("/fr/home").await;
    assert_eq!(
        home.submit(&browser, "/sign-out", &[]).await.leads_to(),
        "/fr/signed-out"
    );
    assert!(app.world.state().sessions.is_empty());
    assert!(
        browser
            .get("/fr/home")
            .await
            .leads_to()
            .starts_with("/fr/sign-in?notice=ended&next=/fr/home")
    );
}

#[tokio::test]
async fn a_form_of_a_megabyte_is_cut_off() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let long = "a".repeat(1_000_000);
    assert_eq!(
        browser.post("/fr/sign-in", &[("password", &long)]).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_proof_that_nobody_spent_is_not_asked_for_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    // The question is answered, the password forgotten: nobody was asked.
    let answer = page
        .submit(&browser, "/sign-in", &[("matricule", KHADIJA), ("answer", "7")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.hidden("robot_solution"), "7");
    assert!(answer.body.contains("id=\"robot\" checked"));
    let typed = [("matricule", KHADIJA), ("password", PASSWORD)];
    let signed_in = answer.submit(&browser, "/sign-in", &typed).await;
    assert_eq!(signed_in.leads_to(), "/fr/home", "{}", signed_in.body);

    // A proof that was taken is spent: a wrong password asks for a new one.
    let other = app.browser();
    let page = other.get("/fr/sign-in").await;
    let wrong = [("matricule", KHADIJA), ("password", "non"), ("answer", "7")];
    let answer = page.submit(&other, "/sign-in", &wrong).await;
    assert_eq!(answer.hidden("robot_solution"), "");
    assert!(answer.body.contains("name=\"question_challenge\""));
}

#[tokio::test]
async fn a_wrong_answer_in_words_is_not_answered_with_tick_the_box() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    let typed = [("matricule", KHADIJA), ("password", PASSWORD), ("answer", "8")];
    let answer = page.submit(&browser, "/sign-in", &typed).await;
    assert!(answer.body.contains("Répondez à la nouvelle question"));
    assert!(
        !answer
            .body
            .contains("Cochez à nouveau, ou répondez à la nouvelle question")
    );
}

#[tokio::test]
async fn the_other_language_keeps_where_the_sign_in_leads_and_why_it_is_asked() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser
        .get("/fr/sign-in?notice=ended&next=/fr/inbox&kept=abc&utm=x")
        .await;
    let link = "formaction=\"/ar/sign-in?notice=ended&#38;kept=abc&#38;next=%2Far%2Finbox\"";
    assert!(page.body.contains(link), "{}", page.body);
    let arabic = browser
        .get("/ar/sign-in?notice=ended&kept=abc&next=%2Far%2Finbox")
        .await;
    assert_eq!(arabic.hidden("next"), "/ar/inbox");
}

#[tokio::test]
async fn an_address_that_is_no_text_is_a_designed_page() {
    let app = TestApp::start().await;
    for path in ["/ar/account/link/%ff", "/fr/applications/%ff", "/fr/%c3%28"] {
        let page = app.browser().get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.body.contains("<main"), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn the_icon_that_browsers_look_for_by_habit_is_found() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let answer = browser.get("/favicon.ico").await;
    assert_eq!(answer.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(browser.get(answer.leads_to()).await.status, StatusCode::OK);
}
