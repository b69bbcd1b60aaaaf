//! The first page of the office and its queues.

use platform::status::Problem;
use reqwest::StatusCode;
use tonic::Code;

use crate::support::TestApp;
use crate::world::office::REVIEW;
use crate::world::{AGENT, AUDITOR, REVIEWER, VALIDATOR};

#[tokio::test]
async fn the_first_page_shows_counts_and_the_oldest_age_of_the_own_queues() {
    let app = TestApp::start().await;
    for (login, name) in [
        (AGENT, "À instruire"),
        (REVIEWER, "Avis médical"),
        (VALIDATOR, "À valider"),
    ] {
        let agent = app.signed_in(login).await;
        let page = agent.get("/fr/office").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.body.contains(name) && page.body.contains(">48<"),
            "{}",
            page.body
        );
        assert!(page.body.contains("depuis 43 jours"), "{}", page.body);
    }
    let auditor = app.signed_in(AUDITOR).await.get("/fr/office").await;
    assert!(auditor.body.contains("/fr/office/openings"));
    assert!(!auditor.body.contains("À instruire"));
}

#[tokio::test]
async fn a_queue_has_twenty_rows_and_more_each_a_link_with_its_age_and_who_has_it() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = agent.get("/fr/office/queues/examination").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.matches("class=\"cover\"").count() >= 20);
    assert!(page.body.contains("?queue=examination"));
    assert!(page.body.contains("jours, hors délai"));
    let arabic = agent.get("/ar/office/queues/examination").await;
    assert!(arabic.body.contains("يوما، تجاوز الأجل"), "{}", arabic.body);
    assert!(page.body.contains("Ahmed Aït Moussa") && page.body.contains("Agent 0009"));
    assert!(page.body.contains("Page suivante"));
    let second = agent.get("/fr/office/queues/examination?from=25").await;
    assert!(second.body.contains("Première page") && !second.body.contains("Page suivante"));
}

#[tokio::test]
async fn filters_stand_in_the_address_and_in_the_links_of_the_rows() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let narrowed = agent
        .get("/fr/office/queues/examination?benefit=air_transport_support&assigned=nobody&age=14")
        .await;
    let body = &narrowed.body;
    assert!(
        body.contains("?queue=examination&#38;benefit=air_transport_support&#38;assigned=nobody&#38;age=14"),
        "{body}"
    );
    assert!(!body.contains("Agent 0009"));
    assert!(body.contains("Sans filtre"));
    let none = agent
        .get("/fr/office/queues/examination?number=99/Aid_X/1999")
        .await;
    assert!(none.body.contains("Aucun dossier ne correspond"));
}

#[tokio::test]
async fn the_filter_names_services_of_which_files_exist_and_no_other() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = agent.get("/fr/office/queues/examination").await.body;
    assert!(
        page.contains("<option value=\"air_transport_support\">"),
        "{page}"
    );
    for other in ["closed_refund", "Remboursement d’analyses", "coach_reduction"] {
        assert!(!page.contains(other), "{other}");
    }
}

#[tokio::test]
async fn an_agent_who_finds_nothing_or_may_not_is_told_so_in_an_agent_s_words() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    for (path, status, words) in [
        (
            "/fr/office/files/nothing",
            StatusCode::NOT_FOUND,
            "par leur numéro, depuis le bureau",
        ),
        (
            "/fr/office/openings",
            StatusCode::FORBIDDEN,
            "d’une autre fonction",
        ),
    ] {
        let page = agent.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.body.contains(words), "{path}: {}", page.body);
        let main = &page.body[page.body.find("<main").unwrap()..];
        for members in ["Vos dossiers", "href=\"/fr/home\"", "href=\"/fr/contact\""] {
            let main = &main[..main.find("</main>").unwrap()];
            assert!(!main.contains(members), "{path} {members}: {main}");
        }
    }
}

#[tokio::test]
async fn odd_addresses_of_a_queue_break_nothing() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    assert_eq!(
        agent.get("/fr/office/queues/nonsense").await.status,
        StatusCode::NOT_FOUND
    );
    let long = "9".repeat(3_000);
    for query in [
        "age=-1",
        "age=abc",
        "assigned=everybody",
        "benefit=%3Cscript%3E",
        &format!("number={long}"),
        "queue=opinion&queue=all",
        "from=%00",
    ] {
        let page = agent.get(&format!("/fr/office/queues/examination?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(!page.body.contains("<script>"), "{query}");
    }
    let malformed = Problem::new(Code::InvalidArgument, "REQUEST_MALFORMED").field(
        "request_number",
        "REQUEST_NUMBER",
        "a number as in 13/Aid_X/2026",
    );
    app.world
        .state()
        .refusals
        .insert("list_queue_files", malformed.into_status());
    let bad = agent.get("/fr/office/queues/examination?number=xx").await;
    assert_eq!(bad.status, StatusCode::OK);
    assert!(bad.body.contains("Aucun dossier ne correspond"));
}

#[tokio::test]
async fn a_queue_of_another_duty_is_explained_and_names_may_be_missing() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    app.world
        .refuse("list_queue_files", Code::PermissionDenied, "NOT_YOUR_QUEUE");
    let other = agent.get("/fr/office/queues/opinion").await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    assert!(other.body.contains("d’une autre fonction"));
    app.world
        .refuse("batch_get_member_labels", Code::Unavailable, "TRY_AGAIN");
    let page = agent.get("/fr/office/queues/examination").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("Ahmed") && page.body.contains("12/Aid_X/2026"));
}

#[tokio::test]
async fn pages_of_another_duty_are_closed() {
    let app = TestApp::start().await;
    let validator = app.signed_in(VALIDATOR).await;
    for path in [
        "/fr/office/desk",
        "/fr/office/agents",
        "/fr/office/agents/new",
        "/fr/office/openings",
    ] {
        assert_eq!(validator.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let auditor = app.signed_in(AUDITOR).await;
    for path in [
        format!("/fr/office/files/{}", crate::world::office::REVIEW),
        "/fr/office/desk".to_owned(),
        "/fr/office/agents/new".to_owned(),
        "/fr/office/queues/examination".to_owned(),
    ] {
        let status = auditor.get(&path).await.status;
        if path.ends_with("examination") {
            // Benefits says which queue an auditor may read; the double lets every one through.
            assert_eq!(status, StatusCode::OK);
        } else {
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        }
    }
}

/// A file as the queue links it.
fn from_the_queue() -> String {
    format!("/fr/office/files/{REVIEW}?queue=examination")
}

#[tokio::test]
async fn next_and_previous_follow_the_list_that_the_file_was_opened_from() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = agent.get(&from_the_queue()).await;
    assert!(page.body.contains("data-next") && !page.body.contains("data-previous"));
    let alone = agent.get(&format!("/fr/office/files/{REVIEW}")).await;
    assert!(!alone.body.contains("data-next"));
}

#[tokio::test]
async fn next_leads_on_from_a_file_far_down_a_long_list() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    // The last of the files that one look brings, and one beyond them.
    for before in [199, 230] {
        app.world.state().office.before = before;
        let page = agent.get(&from_the_queue()).await;
        let next = page.body.split("data-next").next().unwrap_or_default();
        let href = next.rsplit("<a ").next().unwrap_or_default();
        assert!(
            href.contains("01930000-0000-7000-8000-00000000ce09"),
            "{before}: {href}"
        );
    }
}
