//! Papers: passed on as they come, cut at the limit, a sentence for each refusal.

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::world::KHADIJA;
use crate::world::benefits::DRAFT;

/// As a browser without scripts sends it: the page's own hidden fields, then the file.
pub(crate) async fn send_paper(browser: &Browser, id: &str, content: Vec<u8>) -> Page {
    let page = browser.get(&format!("/fr/applications/{id}/papers")).await;
    let token = match page.hidden("form_token") {
        token if token.is_empty() => browser.get("/fr/profile").await.hidden("form_token"),
        token => token,
    };
    send(browser, id, &token, content, "rapport spécimen.pdf", "text/html").await
}

/// The same for one of several papers.
pub(crate) async fn send_paper_as(browser: &Browser, id: &str, code: &str, content: Vec<u8>) -> Page {
    let page = browser.get(&format!("/fr/applications/{id}/papers")).await;
    let token = page.hidden("form_token");
    let name = format!("{code}.pdf");
    send_as(browser, id, code, &token, content, &name, "text/html").await
}

async fn send(browser: &Browser, id: &str, token: &str, content: Vec<u8>, name: &str, accept: &str) -> Page {
    send_as(browser, id, "medical_file", token, content, name, accept).await
}

async fn send_as(
    browser: &Browser,
    id: &str,
    code: &str,
    token: &str,
    content: Vec<u8>,
    name: &str,
    accept: &str,
) -> Page {
    let file = Part::bytes(content)
        .file_name(name.to_owned())
        .mime_str("application/pdf")
        .expect("a type");
    let form = Form::new()
        .text("form_token", token.to_owned())
        // One page sends many files.
        .text("key", "01930000-0000-7000-8000-00000000ab01")
        .text("paper", code.to_owned())
        .part("file", file);
    let address = format!("/fr/applications/{id}/papers/upload");
    browser
        .read(
            browser
                .client
                .post(format!("{}{address}", browser.base))
                .header("accept", accept)
                .multipart(form),
        )
        .await
}

#[tokio::test]
async fn a_paper_is_passed_on_whole_and_shown_with_a_tick() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let mut content = b"%PDF-1.7".to_vec();
    content.resize(3_000_000, b' ');
    assert_eq!(
        send_paper(&browser, DRAFT, content).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(app.world.state().uploaded, (3_000_000, true));
    let page = browser.get(&format!("/fr/applications/{DRAFT}/papers")).await;
    assert!(page.body.contains("rapport spécimen.pdf") && page.body.contains("Reçue"));
}

#[tokio::test]
async fn fifty_megabytes_are_cut_at_the_limit_and_never_reach_their_end_at_documents() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let mut content = b"%PDF-1.7".to_vec();
    content.resize(50 * 1024 * 1024, b' ');
    let answer = send_paper(&browser, DRAFT, content).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Le fichier est trop grand"));
    let (bytes, ended) = app.world.state().uploaded;
    assert!(bytes <= 10 * 1024 * 1024, "{bytes}");
    assert!(!ended, "the call was cancelled: documents keeps nothing");
}

#[tokio::test]
async fn ten_megabytes_exactly_are_taken_and_one_byte_more_is_not() {
    let app = TestApp::with(|settings| settings.upload.max_bytes = 2_000_000).await;
    let browser = app.signed_in(KHADIJA).await;
    let of = |size: usize| {
        let mut content = b"%PDF-1.7".to_vec();
        content.resize(size, b' ');
        content
    };
    assert_eq!(
        send_paper(&browser, DRAFT, of(2_000_000)).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        send_paper(&browser, DRAFT, of(2_000_001)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn each_refusal_of_documents_has_its_sentence_at_the_card_and_as_json() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let token = browser.get("/fr/profile").await.hidden("form_token");
    for (reason, sentence) in [
        ("FILE_EMPTY", "vide"),
        ("FILE_TYPE_NOT_ACCEPTED", "pas un PDF"),
        ("FILE_PASSWORD_PROTECTED", "mot de passe"),
        ("FILE_ACTIVE_CONTENT", "programme"),
        ("FILE_DAMAGED", "abîmé"),
        ("FILE_INFECTED", "antivirus"),
        ("FILE_TOO_LARGE", "trop grand"),
    ] {
        app.world.refuse("upload_document", Code::InvalidArgument, reason);
        let page = send_paper(&browser, DRAFT, b"%PDF-1.7".to_vec()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(
            page.body.contains(sentence) && page.body.contains("upload--refused"),
            "{reason}"
        );
        app.world.refuse("upload_document", Code::InvalidArgument, reason);
        let answer = send(
            &browser,
            DRAFT,
            &token,
            b"%PDF-1.7".to_vec(),
            "a.pdf",
            "application/json",
        )
        .await;
        let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(json["message"].as_str().unwrap().contains(sentence), "{reason}");
    }
}

#[tokio::test]
async fn a_picture_renamed_and_an_empty_file_are_refused_and_keep_the_draft() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let picture = send_paper(&browser, DRAFT, b"\x89PNG\r\n\x1a\n".to_vec()).await;
    assert!(picture.body.contains("Ce n’est pas un PDF"));
    let empty = send_paper(&browser, DRAFT, Vec::new()).await;
    assert!(empty.body.contains("vide"));
    assert!(browser.get("/fr/applications").await.body.contains("Brouillon"));
}

#[tokio::test]
async fn nothing_is_passed_on_without_the_forms_token_or_for_an_unknown_paper() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let answer = send(
        &browser,
        DRAFT,
        "forged",
        b"%PDF-1.7".to_vec(),
        "a.pdf",
        "text/html",
    )
    .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let token = browser.get("/fr/profile").await.hidden("form_token");
    let file = Part::bytes(b"%PDF-".to_vec()).file_name("a.pdf");
    let form = Form::new()
        .text("form_token", token)
        .text("paper", "passport")
        .part("file", file);
    let address = format!("/fr/applications/{DRAFT}/papers/upload");
    let answer = browser
        .read(
            browser
                .client
                .post(format!("{}{address}", browser.base))
                .multipart(form),
        )
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.world.calls("upload_document"), 0);
}

#[tokio::test]
async fn a_paper_comes_down_as_an_attachment_of_its_owner() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let route = crate::routes::all()
        .into_iter()
        .find(|route| route.access == "member" && route.path.ends_with("/papers/{document}"))
        .unwrap();
    let answer = browser.get(&route.address("fr")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let other = app.signed_in(crate::world::BRAHIM).await;
    assert_eq!(
        other.get(&route.address("fr")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_paper_that_took_longer_than_a_token_lives_is_attached_all_the_same() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().uploads_outlast_tokens = true;
    let answer = send_paper(&browser, DRAFT, b"%PDF-1.7".to_vec()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(app.world.calls("save_answer"), 1);
}

#[tokio::test]
async fn after_a_half_success_another_file_goes_up_from_the_same_page() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let token = browser.get("/fr/profile").await.hidden("form_token");
    let paper = || b"%PDF-1.7".to_vec();
    app.world
        .refuse("save_answer", Code::FailedPrecondition, "PAPER_NOT_USABLE");
    let half = send(&browser, DRAFT, &token, paper(), "a.pdf", "text/html").await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    let whole = send(&browser, DRAFT, &token, paper(), "b.pdf", "text/html").await;
    assert_eq!(whole.status, StatusCode::SEE_OTHER, "{}", whole.body);
}

#[tokio::test]
async fn a_field_that_nobody_asked_for_is_not_read_to_its_end() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let token = browser.get("/fr/profile").await.hidden("form_token");
    let address = format!("{}/fr/applications/{DRAFT}/papers/upload", browser.base);
    let long = Form::new()
        .text("form_token", token.clone())
        .text("note", "x".repeat(100_000));
    let answer = browser.read(browser.client.post(&address).multipart(long)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many = (0..100).fold(Form::new().text("form_token", token), |form, at| {
        form.text(format!("note-{at}"), "x")
    });
    let answer = browser.read(browser.client.post(&address).multipart(many)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_after_the_time_that_a_slow_line_needs() {
    let app = TestApp::with(|settings| settings.upload.max_seconds = 1).await;
    let browser = app.signed_in(KHADIJA).await;
    let address = format!("{}/fr/applications/{DRAFT}/papers/upload", browser.base);
    let start = b"--b\r\nContent-Disposition: form-data; name=\"paper\"\r\n\r\n".to_vec();
    let start = futures::stream::once(async { Ok::<_, std::io::Error>(start) });
    let endless = futures::StreamExt::chain(start, futures::stream::pending());
    let request = browser
        .client
        .post(address)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(reqwest::Body::wrap_stream(endless));
    assert_eq!(browser.read(request).await.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_paper_sent_from_a_stale_page_is_not_taken_and_the_card_says_why() {
    let app = TestApp::start().await;
    let first = app.signed_in(KHADIJA).await;
    let token = first.get("/fr/profile").await.hidden("form_token");
    // The same member in a session of later: the cookie is another.
    let browser = app.signed_in(KHADIJA).await;
    let paper = b"%PDF-1.7".to_vec();
    let answer = send(&browser, DRAFT, &token, paper, "a.pdf", "text/html").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("le fichier n’a pas été pris"));
    assert_eq!(app.world.calls("upload_document"), 0);
}

#[tokio::test]
async fn after_a_refusal_without_scripts_reloading_and_the_other_language_lead_to_the_papers() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let refused = send_paper(&browser, DRAFT, Vec::new()).await;
    let other = format!("class=\"lang\" href=\"/ar/applications/{DRAFT}/papers\"");
    assert!(refused.body.contains(&other));
    let again = browser
        .get(&format!("/fr/applications/{DRAFT}/papers/upload"))
        .await;
    assert_eq!(again.leads_to(), format!("/fr/applications/{DRAFT}/papers"));
}

#[tokio::test]
async fn a_paper_sent_after_the_session_ended_leads_to_the_papers_by_way_of_the_sign_in() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let token = browser.get("/fr/profile").await.hidden("form_token");
    app.world.state().sessions.clear();
    let wanted = format!("/fr/sign-in?notice=ended&next=/fr/applications/{DRAFT}/papers");
    let paper = || b"%PDF-1.7".to_vec();
    let script = send(&browser, DRAFT, &token, paper(), "a.pdf", "application/json").await;
    assert_eq!(script.status, StatusCode::UNAUTHORIZED);
    let json: serde_json::Value = serde_json::from_str(&script.body).unwrap();
    assert_eq!(json["href"], wanted);
    assert_eq!(json["label"], "Se reconnecter");
    let plain = send(&browser, DRAFT, &token, paper(), "a.pdf", "text/html").await;
    assert_eq!(plain.leads_to(), wanted);
}

#[tokio::test]
async fn a_second_window_is_told_before_its_paper_takes_the_place_of_another() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (_, file) in &mut app.world.state().files {
        if let Some(answers) = &mut file.answers {
            answers.papers.clear();
        }
    }
    let address = format!("/fr/applications/{DRAFT}/papers");
    let page = browser.get(&address).await;
    let (token, was) = (page.hidden("form_token"), page.hidden("was"));
    assert_eq!(was, "none", "{}", page.body);
    let sent = send_after(&browser, &token, &was, b"%PDF-1.7 premier".to_vec()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let uploads = app.world.calls("upload_document");
    let told = send_after(&browser, &token, &was, b"%PDF-1.7 second".to_vec()).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.body.contains("dans une autre fenêtre"), "{}", told.body);
    assert_eq!(
        app.world.calls("upload_document"),
        uploads,
        "no byte of it is passed on"
    );
    // The page that says so shows the paper that is there, and takes another in its place.
    let fresh = told.hidden("was");
    assert_ne!(fresh, was);
    let replaced = send_after(&browser, &token, &fresh, b"%PDF-1.7 second".to_vec()).await;
    assert_eq!(replaced.status, StatusCode::SEE_OTHER, "{}", replaced.body);
}

/// As the page's own form sends it: with the paper that was there when it was drawn.
async fn send_after(browser: &Browser, token: &str, was: &str, content: Vec<u8>) -> Page {
    let file = Part::bytes(content)
        .file_name("rapport.pdf")
        .mime_str("application/pdf")
        .expect("a type");
    let form = Form::new()
        .text("form_token", token.to_owned())
        .text("paper", "medical_file")
        .text("was", was.to_owned())
        .part("file", file);
    let address = format!("{}/fr/applications/{DRAFT}/papers/upload", browser.base);
    browser
        .read(
            browser
                .client
                .post(address)
                .header("accept", "text/html")
                .multipart(form),
        )
        .await
}
