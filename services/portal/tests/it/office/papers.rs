//! Papers are opened with a reason, shown in a frame of ours alone, and only to whom gave the reason.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::world::documents::DOCUMENT;
use crate::world::office::REVIEW;
use crate::world::{AGENT, REVIEWER};

async fn file(browser: &Browser) -> Page {
    browser.get(&format!("/fr/office/files/{REVIEW}")).await
}

async fn open(page: &Page, browser: &Browser, typed: &[(&str, &str)]) -> Page {
    page.submit_where(
        browser,
        &format!("/office/files/{REVIEW}"),
        ("action", "open_paper"),
        typed,
    )
    .await
}

/// Address inside the frame of a page.
fn frame(page: &Page) -> String {
    let start = page.body.find("<iframe").expect("a frame");
    let rest = &page.body[start..];
    let from = rest.find("src=\"").expect("an address") + 5;
    let address = &rest[from..from + rest[from..].find('"').expect("a closed attribute")];
    address.replace("&#38;", "&")
}

#[tokio::test]
async fn a_paper_is_shown_beside_the_forms_after_a_reason_was_given_and_never_before() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    assert!(!page.body.contains("<iframe"));
    assert_eq!(app.world.calls("open_paper"), 0);
    let led = open(
        &page,
        &reviewer,
        &[("document", DOCUMENT), ("reason", "quality_check")],
    )
    .await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    let beside = reviewer.get(led.leads_to()).await;
    assert!(beside.body.contains("contrôle de qualité"));
    assert!(
        beside.body.contains("name=\"action\" value=\"opinion\""),
        "beside the form"
    );
    let paper = reviewer.get(&frame(&beside)).await;
    assert_eq!(paper.status, StatusCode::OK);
    assert!(paper.body.starts_with("%PDF-"));
    assert_eq!(paper.headers["content-type"], "application/pdf");
    assert_eq!(paper.headers["content-disposition"], "inline");
    assert_eq!(paper.headers["cache-control"], "no-store");
    assert_eq!(paper.headers["x-frame-options"], "SAMEORIGIN");
    assert_eq!(app.world.state().office.grants, [(DOCUMENT.to_owned(), 4)]);
    assert!(
        !led.leads_to().contains("grant"),
        "the grant stays between services"
    );
}

#[tokio::test]
async fn a_page_that_is_drawn_again_opens_no_paper_again() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    let led = open(
        &page,
        &reviewer,
        &[("document", DOCUMENT), ("reason", "assessment")],
    )
    .await;
    let beside = reviewer.get(led.leads_to()).await;
    assert!(beside.body.contains("<iframe"));
    let address = led.leads_to().trim_end_matches("&show=now");
    let mistaken = beside
        .submit_where(&reviewer, address, ("action", "opinion"), &[])
        .await;
    assert_eq!(mistaken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!mistaken.body.contains("<iframe"), "nothing is loaded by itself");
    assert!(mistaken.body.contains("Afficher de nouveau"));
    let led = mistaken
        .submit_where(&reviewer, address, ("action", "open_paper"), &[])
        .await;
    assert!(reviewer.get(led.leads_to()).await.body.contains("<iframe"));
}

#[tokio::test]
async fn an_opening_without_a_good_reason_or_paper_is_asked_again() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    for typed in [
        [("document", DOCUMENT), ("reason", "")],
        [("document", DOCUMENT), ("reason", "curiosity")],
        [("document", "x"), ("reason", "assessment")],
    ] {
        let answer = open(&page, &reviewer, &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
        assert!(answer.body.contains("Choisissez la pièce et le motif"));
    }
    assert_eq!(app.world.calls("open_paper"), 0);
}

#[tokio::test]
async fn a_single_paper_is_chosen_already_and_a_chosen_reason_stays() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    let papers = page.body.matches("name=\"document\"").count();
    let chosen = format!("value=\"{DOCUMENT}\" checked");
    assert_eq!(page.body.contains(&chosen), papers == 1, "{papers} papers");
    let answer = open(&page, &reviewer, &[("document", "x"), ("reason", "assessment")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("value=\"assessment\" selected"),
        "{}",
        answer.body
    );
    let answer = open(&page, &reviewer, &[("document", DOCUMENT), ("reason", "")]).await;
    assert!(answer.body.contains(&chosen), "{}", answer.body);
}

#[tokio::test]
async fn a_ticket_opens_nothing_for_another_agent_paper_or_file() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    let led = open(
        &page,
        &reviewer,
        &[("document", DOCUMENT), ("reason", "assessment")],
    )
    .await;
    let address = frame(&reviewer.get(led.leads_to()).await);
    let other = app.signed_in(AGENT).await;
    // One ticket in sixty-four ends in an A already.
    let last = if address.ends_with('A') { "B" } else { "A" };
    let bad = [
        other.get(&address).await,
        reviewer
            .get(&address.replace(DOCUMENT, "01930000-0000-7000-8000-0000000000d2"))
            .await,
        reviewer.get(&address.replace("ce01", "ce04")).await,
        reviewer.get(address.split('?').next().expect("a path")).await,
        reviewer
            .get(&format!("{}{last}", &address[..address.len() - 1]))
            .await,
    ];
    for answer in bad {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        assert!(answer.body.contains("L’ouverture a expiré"));
    }
    assert_eq!(app.world.calls("open_paper"), 0);
}

#[tokio::test]
async fn a_paper_that_may_not_be_opened_says_why_inside_the_frame() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    let led = open(
        &page,
        &reviewer,
        &[("document", DOCUMENT), ("reason", "assessment")],
    )
    .await;
    let address = frame(&reviewer.get(led.leads_to()).await);
    for (method, code, reason, status, sentence) in [
        (
            "open_for_review",
            Code::FailedPrecondition,
            "PAPER_NOT_SCANNED",
            StatusCode::UNPROCESSABLE_ENTITY,
            "L’antivirus n’a pas encore contrôlé",
        ),
        (
            "open_paper",
            Code::PermissionDenied,
            "PAPER_NOT_YOURS_TO_READ",
            StatusCode::FORBIDDEN,
            "Seul le médecin",
        ),
        (
            "open_for_review",
            Code::Unavailable,
            "TRY_AGAIN",
            StatusCode::SERVICE_UNAVAILABLE,
            "ne répond pas",
        ),
    ] {
        app.world.refuse(method, code, reason);
        let answer = reviewer.get(&address).await;
        assert_eq!(answer.status, status, "{reason}");
        assert!(answer.body.contains(sentence), "{reason}");
        assert_eq!(answer.headers["x-frame-options"], "SAMEORIGIN", "{reason}");
    }
}

#[tokio::test]
async fn a_paper_that_cannot_be_opened_any_more_is_not_offered_again() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    let led = open(
        &page,
        &reviewer,
        &[("document", DOCUMENT), ("reason", "assessment")],
    )
    .await;
    let address = led.leads_to().replace("&show=now", "");
    assert!(reviewer.get(&address).await.body.contains("Afficher de nouveau"));
    app.world.state().office.taken = true;
    let held = reviewer.get(&address).await;
    assert!(
        held.body.contains("Prenez le dossier") && !held.body.contains("Afficher de nouveau"),
        "{}",
        held.body
    );
}

#[tokio::test]
async fn opening_a_paper_or_writing_a_note_keeps_what_stands_in_the_other_forms() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = file(&reviewer).await;
    assert!(!page.body.contains("data-typed"));
    // What the page's script adds.
    let begun = [
        ("typed_action", "opinion"),
        ("typed_opinion", "favourable"),
        ("typed_retained_cost", "1 234,00"),
    ];
    let reason = [("document", DOCUMENT), ("reason", "assessment")];
    let led = open(&page, &reviewer, &[&reason[..], &begun[..]].concat()).await;
    let opened = reviewer.get(led.leads_to()).await;
    assert!(opened.body.contains("<iframe"), "{}", opened.body);
    for kept in ["data-typed", "value=\"1 234,00\"", "value=\"favourable\" checked"] {
        assert!(opened.body.contains(kept), "{kept}: {}", opened.body);
    }
    // Refused for want of a reason: both forms are shown again.
    let refused = open(&page, &reviewer, &begun).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"1 234,00\""), "{}", refused.body);

    let officer = app.signed_in(AGENT).await;
    let page = file(&officer).await;
    let begun = [
        ("note", "vu avec le guichet"),
        ("typed_action", "propose"),
        ("typed_recommendation", "grant"),
    ];
    let path = format!("/office/files/{REVIEW}");
    let noted = page
        .submit_where(&officer, &path, ("action", "note"), &begun)
        .await;
    let after = officer.get(noted.leads_to()).await;
    assert!(after.body.contains("value=\"grant\" checked"), "{}", after.body);
    assert!(
        !after.body.contains("vu avec le guichet</textarea>"),
        "what was sent is not typed again"
    );
}
