//! A member whose own facts rule a service out learns it on the service's page, before a question is asked and a paper taken.

use reqwest::StatusCode;

use crate::support::{Page, TestApp};
use crate::upload::send_paper;
use crate::world::benefits::DRAFT;
use crate::world::{BENEFIT, BRAHIM, KHADIJA};

const CONDITION: &str = "Vous êtes en activité, détaché(e), mis(e) à disposition ou retraité(e)";
const CONDITION_AR: &str = "أنتم في حالة نشاط أو إلحاق";

fn says_why_and_where_to_go(page: &Page) {
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "Ce service ne vous est pas ouvert",
        CONDITION,
        "guichet",
        "mailto:",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(
        !page.body.contains("pour l’instant"),
        "nothing says that it will pass by itself"
    );
}

#[tokio::test]
async fn the_page_of_a_service_that_is_not_open_to_the_reader_says_why_and_has_no_demander() {
    let app = TestApp::start().await;
    app.world.state().survivors.insert(BRAHIM.to_owned());
    let browser = app.signed_in(BRAHIM).await;
    let page = browser.get(&format!("/fr/services/{BENEFIT}")).await;
    says_why_and_where_to_go(&page);
    assert!(!page.body.contains("Demander</button>"), "{}", page.body);
    assert!(
        !page.body.contains("Environ cinq minutes"),
        "nothing invites to begin"
    );

    let arabic = browser.get(&format!("/ar/services/{BENEFIT}")).await;
    assert!(arabic.body.contains("هذه الخدمة غير متاحة لكم") && arabic.body.contains(CONDITION_AR));

    for path in ["/fr/home", "/fr/services"] {
        let tiles = browser.get(path).await;
        assert!(tiles.body.contains("Pas ouvert pour vous"), "{path}");
    }
    // A page that was open before, or a form made by hand: refused with the same words.
    let forced = browser
        .post(
            &format!("/fr/services/{BENEFIT}"),
            &[
                ("form_token", &page.hidden("form_token")),
                ("key", &page.hidden("key")),
            ],
        )
        .await;
    assert_eq!(forced.status, StatusCode::CONFLICT);
    assert!(forced.body.contains(CONDITION));
    assert!(app.world.state().files.iter().all(|(owner, _)| owner != BRAHIM));
}

#[tokio::test]
async fn to_others_the_service_stays_as_it_is() {
    let app = TestApp::start().await;
    app.world.state().survivors.insert(BRAHIM.to_owned());
    app.world.state().files.clear();
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&format!("/fr/services/{BENEFIT}")).await;
    assert!(page.body.contains("Demander</button>"));
    assert!(!page.body.contains("Ce service ne vous est pas ouvert"));
}

#[tokio::test]
async fn a_draft_of_a_service_that_closed_to_its_member_says_so_at_every_step_and_takes_no_paper() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    // The page with the upload form was open when the position changed.
    let upload = browser.get(&format!("/fr/applications/{DRAFT}/papers")).await;
    assert_eq!(upload.status, StatusCode::OK);
    app.world.state().survivors.insert(KHADIJA.to_owned());

    let own_page = format!("/fr/applications/{DRAFT}");
    for step in ["account", "person", "reason", "consent", "papers", "summary"] {
        let page = browser.get(&format!("{own_page}/{step}")).await;
        assert_eq!(page.leads_to(), own_page, "{step}");
    }
    let page = browser.get(&own_page).await;
    says_why_and_where_to_go(&page);
    assert!(page.body.contains("/discard"), "it can be let go of");
    assert!(!page.body.contains("Reprendre"), "{}", page.body);

    let sent = send_paper(&browser, DRAFT, b"%PDF-1.7 specimen".to_vec()).await;
    assert_eq!(sent.leads_to(), own_page);
    assert_eq!(app.world.calls("upload_document"), 0, "documents is not asked");

    let home = browser.get("/fr/home").await;
    assert!(
        !home.body.contains("une demande n’est pas encore envoyée"),
        "a draft that cannot be sent is nothing to do"
    );
}
