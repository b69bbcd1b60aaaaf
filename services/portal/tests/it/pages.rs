//! The pages as they are written, as snapshots: what changes shows in the review. What differs each time is hidden after its shape was checked.

use reqwest::StatusCode;

use crate::routes;
use crate::support::TestApp;
use crate::world::air_transport::TRIP;
use crate::world::benefits::SENT;
use crate::world::benefits::decided::due;
use crate::world::{AGENT, AIR, AUDITOR, BENEFIT, BRAHIM, FRESH_AGENT, KHADIJA, NEWCOMER, now, stamp};

/// Tokens, keys and hashed names differ each time.
fn steady(body: &str, lock: &str) -> String {
    let token = regex_lite::Regex::new(r#"name="form_token" value="[A-Za-z0-9_-]{80,}""#).expect("a pattern");
    let key = regex_lite::Regex::new(r#"name="key" value="[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}""#)
        .expect("a pattern");
    let asset = regex_lite::Regex::new(r"/assets/([a-z0-9-]+)\.[0-9a-f]{16}\.").expect("a pattern");
    let body = token.replace_all(body, "name=\"form_token\" value=\"[token]\"");
    let body = key.replace_all(&body, "name=\"key\" value=\"[key]\"");
    let body = asset.replace_all(&body, "/assets/$1.[hash].");
    assert!(!body.contains("value=\"\" id=\"form"), "{lock}");
    // The head and the icons are the same everywhere: only what the page says is kept.
    let icons = regex_lite::Regex::new(r"<svg[^>]*>.*?</svg>").expect("a pattern");
    let main = body.find("<main").map_or(&*body, |start| {
        &body[start..body.find("</main>").map_or(body.len(), |end| end + 7)]
    });
    icons.replace_all(main, "<svg/>").trim().to_owned()
}

#[tokio::test]
async fn every_page_is_as_it_was_reviewed() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let newcomer = app.signed_in(NEWCOMER).await;
    let agent = app.signed_in(AGENT).await;
    let auditor = app.signed_in(AUDITOR).await;
    let fresh_agent = app.with_password(FRESH_AGENT).await;
    let stranger = app.browser();
    for route in routes::all().iter().filter(|route| route.method == "GET") {
        let browser = match route.access.as_str() {
            "member" | "person" => &member,
            "before_terms" => &newcomer,
            "agent" if route.path.ends_with("/openings") => &auditor,
            "agent" => &agent,
            "second_factor" => &fresh_agent,
            _ => &stranger,
        };
        for locale in ["ar", "fr"] {
            let page = browser.get(&route.address(locale)).await;
            if !page.body.contains("<html") || route.path == "/" {
                continue;
            }
            let name = format!(
                "{}.{locale}",
                route
                    .path
                    .trim_start_matches("/{locale}")
                    .trim_matches('/')
                    .replace(['/', '{', '}'], "_")
            );
            insta::assert_snapshot!(name, steady(&page.body, &route.path));
        }
    }
}

#[tokio::test]
async fn who_has_nothing_yet_is_told_what_to_do_next() {
    let app = TestApp::start().await;
    let browser = app.signed_in(BRAHIM).await;
    for path in [
        "/fr/home",
        "/fr/applications",
        "/fr/inbox",
        "/fr/services/exceptional_health_aid/history",
    ] {
        let page = browser.get(path).await;
        assert!(
            page.body.contains("Aucun") || page.body.contains("pas encore"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn names_and_file_names_are_written_not_run() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (_, file) in &mut app.world.state().files {
        if let Some(answers) = &mut file.answers {
            for paper in &mut answers.papers {
                paper.file_name = "<img src=x onerror=alert(1)>.pdf".to_owned();
            }
        }
    }
    for route in routes::all()
        .iter()
        .filter(|route| route.method == "GET" && route.path.contains("applications"))
    {
        assert!(
            !browser.get(&route.address("fr")).await.body.contains("<img"),
            "{}",
            route.path
        );
    }
}

#[tokio::test]
async fn a_message_is_marked_as_read_only_by_its_button() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let inbox = browser.get("/fr/inbox").await;
    browser.get("/fr/inbox").await;
    assert_eq!(app.world.calls("mark_read"), 0);
    assert!(inbox.body.contains("Un message non lu"));
    let token = inbox.hidden("form_token");
    assert_eq!(
        browser
            .post("/fr/inbox", &[("form_token", &token)])
            .await
            .leads_to(),
        "/fr/inbox"
    );
    assert!(browser.get("/fr/inbox").await.body.contains("Tout est lu"));
}

#[tokio::test]
async fn changing_the_password_names_the_field_that_is_wrong() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get("/fr/password").await;
    let new = "une autre phrase assez longue";
    let wrong = page
        .submit(
            &browser,
            "/password",
            &[
                ("current_password", "non"),
                ("new_password", new),
                ("again_password", new),
            ],
        )
        .await;
    assert!(wrong.body.contains("href=\"#current_password\"") && !wrong.body.contains(new));
    let differs = page
        .submit(
            &browser,
            "/password",
            &[
                ("current_password", "x"),
                ("new_password", new),
                ("again_password", "autre"),
            ],
        )
        .await;
    assert!(differs.body.contains("href=\"#again_password\""));
    let good = page
        .submit(
            &browser,
            "/password",
            &[
                ("current_password", crate::world::PASSWORD),
                ("new_password", new),
                ("again_password", new),
            ],
        )
        .await;
    assert_eq!(good.leads_to(), "/fr/password?done=1");
}

#[tokio::test]
async fn the_language_of_messages_is_set_and_the_page_follows() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get("/fr/profile").await;
    assert_eq!(
        page.submit(&browser, "/profile", &[("language", "ar")])
            .await
            .leads_to(),
        "/ar/profile?saved=language"
    );
    assert_eq!(app.world.calls("set_locale"), 1);
}

/// Brahim gets as many sent files, sent so many days ago.
fn give_files(app: &TestApp, count: usize, days_ago: i64) {
    let mut state = app.world.state();
    let (_, model) = state
        .files
        .iter()
        .find(|(_, file)| file.application_id == SENT)
        .cloned()
        .expect("the world has a sent file");
    for at in 0..count {
        let mut file = model.clone();
        file.application_id = format!("01930000-0000-7000-8000-{at:012x}");
        file.submitted_at = stamp(now() - chrono::TimeDelta::days(days_ago));
        file.answer_due = due(days_ago);
        state.files.push((BRAHIM.to_owned(), file));
    }
}

#[tokio::test]
async fn the_list_of_files_is_whole_up_to_its_bound() {
    let app = TestApp::start().await;
    let browser = app.signed_in(BRAHIM).await;
    for (added, shown) in [(450, 450), (800, 1_000)] {
        give_files(&app, added, 6);
        let list = browser.get("/fr/applications").await.body;
        assert_eq!(list.matches("class=\"file file--cols\"").count(), shown);
    }
}

#[tokio::test]
async fn a_sent_request_says_who_acts_and_by_when_and_says_so_when_it_is_late() {
    let app = TestApp::start().await;
    let browser = app.signed_in(BRAHIM).await;
    give_files(&app, 1, 30);
    let address = "/applications/01930000-0000-7000-8000-000000000000";
    let file = browser.get(&format!("/fr{address}")).await.body;
    let until = "au plus tard le 22\u{A0}novembre\u{A0}2026";
    assert!(file.contains(&format!("La fondation répond {until}")), "{file}");
    let file = browser.get(&format!("/ar{address}")).await.body;
    assert!(file.contains("تجيب المؤسسة في أجل أقصاه"), "{file}");
    app.world.state().files.retain(|(owner, _)| owner != BRAHIM);
    give_files(&app, 1, 31);
    let file = browser.get(&format!("/fr{address}")).await.body;
    assert!(file.contains("n’est pas encore arrivée"), "{file}");
}

#[tokio::test]
async fn who_is_signed_in_is_led_home_from_the_door_and_a_failure_of_ours_is_no_page_by_name() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for door in ["/fr", "/fr/sign-in", "/fr/sign-in?notice=ended&next=/fr/profile"] {
        assert_eq!(browser.get(door).await.leads_to(), "/fr/home", "{door}");
    }
    for (kind, status) in [
        ("500", StatusCode::NOT_FOUND),
        ("503", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        assert_eq!(
            app.browser().get(&format!("/fr/error/{kind}")).await.status,
            status
        );
    }
}

#[tokio::test]
async fn the_page_of_a_service_says_all_of_it_before_a_draft_is_begun() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().files.clear();
    let page = browser.get(&format!("/fr/services/{BENEFIT}")).await.body;
    for words in [
        "Vous-même · votre conjoint · vos enfants déclarés",
        "Plafond\u{A0}: 20\u{202F}000,00\u{A0}DH par personne et par année civile",
        "Surcoût de frais médicaux",
        "Dossier médical",
        "réunis en un seul fichier",
        ">Demander</button>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let trips = browser.get(&format!("/fr/services/{AIR}")).await.body;
    assert!(trips.contains("Plafond\u{A0}: 4 fois par personne"), "{trips}");
    assert_eq!(app.world.calls("start_application"), 0);
}

#[tokio::test]
async fn what_the_card_gives_is_open_and_leads_to_the_card() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let list = browser.get("/fr/services").await.body;
    let tile = list
        .split("<li")
        .find(|tile| tile.contains("coach_reduction"))
        .unwrap();
    assert!(
        tile.contains("Avec votre carte") && !tile.contains("Prévu") && !tile.contains("tile--planned"),
        "{tile}"
    );
    let page = browser.get("/fr/services/coach_reduction").await.body;
    assert!(
        page.contains("href=\"/fr/card\"") && page.contains("rien à demander"),
        "{page}"
    );
    assert!(
        !page.contains("pas encore ouvert") && !page.contains(">Demander</button>"),
        "{page}"
    );
}

#[tokio::test]
async fn a_page_that_answers_a_form_names_an_address_that_shows_it_again() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let again = |body: &str| {
        let start = body.find("data-again=\"").expect("an address") + "data-again=\"".len();
        body[start..start + body[start..].find('"').unwrap()].replace("&#38;", "&")
    };
    let address = format!("/fr/applications/{TRIP}/details/ticket");
    let page = browser.get(&address).await;
    assert!(!page.body.contains("data-again"), "its own address shows it");
    let wrong = page
        .submit(&browser, "/details/ticket", &[("q-price", "bientôt")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = browser.get(&again(&wrong.body)).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("value=\"bientôt\""), "{}", shown.body);
    // Passwords are not in it, and where one wanted to go is.
    let stranger = app.browser();
    let door = stranger.get("/fr/sign-in?next=/fr/inbox").await;
    let typed = [
        ("matricule", "90012345"),
        ("password", "une phrase secrete"),
        ("answer", "7"),
    ];
    let refused = door.submit(&stranger, "/sign-in", &typed).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert_eq!(again(&refused.body), "/fr/sign-in?next=%2Ffr%2Finbox");
    assert_eq!(
        stranger.get(&again(&refused.body)).await.hidden("next"),
        "/fr/inbox"
    );
}

#[tokio::test]
async fn a_page_of_the_inbox_that_does_not_exist_has_a_sentence() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.refuse(
        "list_messages",
        tonic::Code::InvalidArgument,
        "PAGE_TOKEN_UNKNOWN",
    );
    let page = browser.get("/fr/inbox?page=zzz").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body.contains("Cette page de la liste n’existe plus"),
        "{}",
        page.body
    );
}
