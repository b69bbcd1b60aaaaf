//! The pages of typed questions that a service asks of its own, and its several papers, without scripts.

use platform::status::Problem;
use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::upload::send_paper_as;
use crate::world::air_transport::TRIP;
use crate::world::{AIR, BRAHIM, KHADIJA};

const ANSWERS: [(&str, &str); 5] = [
    ("q-is_return", "yes"),
    ("q-outward_on", "2026-11-02"),
    ("q-return_on", "2026-11-05"),
    ("q-from_province", "MA-LAA"),
    ("q-to_province", "MA-CAS"),
];

fn at(id: &str, step: &str) -> String {
    format!("/fr/applications/{id}/{step}")
}

async fn answer(browser: &Browser, id: &str, step: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.get(&at(id, step)).await;
    assert_eq!(page.status, StatusCode::OK, "{step}");
    page.submit(browser, &format!("/{step}"), typed).await
}

#[tokio::test]
async fn a_question_that_may_be_left_is_marked_and_the_others_are_not() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let ticket = browser.get(&at(TRIP, "details/ticket")).await;
    assert!(
        ticket.body.contains(">Nombre de bagages (facultatif)</label>"),
        "{}",
        ticket.body
    );
    assert_eq!(ticket.body.matches("(facultatif)").count(), 1);
    let arabic = browser
        .get(&format!("/ar/applications/{TRIP}/details/ticket"))
        .await;
    assert_eq!(arabic.body.matches("(اختياري)").count(), 1);
}

#[tokio::test]
async fn a_member_goes_from_demander_to_a_number_over_pages_of_typed_questions_and_two_papers() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().files.clear();
    let page = browser.get(&format!("/fr/services/{AIR}")).await;
    let led = page.submit(&browser, AIR, &[]).await.leads_to().to_owned();
    let id = led
        .trim_start_matches("/fr/applications/")
        .trim_end_matches("/account")
        .to_owned();
    for (step, typed, next) in [
        ("account", vec![("choice", "confirmed")], "person"),
        ("person", vec![("person", "member")], "details/trip"),
        ("details/trip", ANSWERS.to_vec(), "details/ticket"),
        ("details/ticket", vec![("q-price", "1 850,50 DH")], "papers"),
    ] {
        assert_eq!(
            answer(&browser, &id, step, &typed).await.leads_to(),
            at(&id, next),
            "{step}"
        );
    }
    let papers = browser.get(&at(&id, "papers")).await;
    assert!(papers.body.contains("Ajoutez les pièces nécessaires"));
    send_paper_as(&browser, &id, "boarding_pass", b"%PDF-1.7 specimen".to_vec()).await;
    let missing = answer(&browser, &id, "papers", &[]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        missing.body.contains("href=\"#file-payment_proof\"")
            && !missing.body.contains("href=\"#file-boarding_pass\"")
    );
    send_paper_as(&browser, &id, "payment_proof", b"%PDF-1.7 specimen".to_vec()).await;
    assert_eq!(
        answer(&browser, &id, "papers", &[]).await.leads_to(),
        at(&id, "summary")
    );

    let summary = browser.get(&at(&id, "summary")).await;
    for text in [
        "Date du vol aller",
        "2\u{A0}novembre\u{A0}2026",
        "1\u{202F}850,50\u{A0}DH",
        "Laâyoune",
        "boarding_pass.pdf",
        "payment_proof.pdf",
        "Demandes encore possibles pour cette personne en 2026\u{A0}: 3 sur 4",
    ] {
        assert!(summary.body.contains(text), "{text}: {}", summary.body);
    }
    assert!(
        !summary.body.contains("Motif"),
        "a service without reasons asks for none"
    );
    let sent = summary.submit(&browser, "/summary", &[]).await;
    assert_eq!(sent.leads_to(), at(&id, "sent"));
    let sent = browser.get(sent.leads_to()).await;
    assert!(sent.body.contains("13/Tr_A/2026") && sent.body.contains("Date du vol retour"));
}

#[tokio::test]
async fn what_was_typed_stays_in_the_field_and_each_error_leads_to_it() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let trip = answer(
        &browser,
        TRIP,
        "details/trip",
        &[
            ("q-outward_on", "02/11/2026"),
            ("q-return_on", "bientôt"),
            ("q-from_province", "MA-XXX"),
        ],
    )
    .await;
    assert_eq!(trip.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["q-is_return", "q-return_on", "q-from_province"] {
        assert!(trip.body.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(trip.body.contains(&format!("id=\"{field}\"")), "{field}");
    }
    assert!(!trip.body.contains("href=\"#q-outward_on\""));
    // The lines on top name their questions, the sentences at the fields need not.
    assert_eq!(
        trip.body.matches("Date du vol retour — Tapez une date").count(),
        1
    );
    // A readable day goes back as the browser's own field understands it.
    assert!(trip.body.contains("value=\"2026-11-02\"") && trip.body.contains("value=\"bientôt\""));
    let price = answer(&browser, TRIP, "details/ticket", &[("q-price", "cher <b>")]).await;
    assert!(
        price.body.contains("value=\"cher &#60;b&#62;\""),
        "{}",
        price.body
    );
    assert!(price.body.contains("Tapez un montant en dirhams"));
    let empty = answer(&browser, TRIP, "details/ticket", &[("q-price", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.world.calls("save_answer"), 0);
}

#[tokio::test]
async fn a_rule_that_an_answer_breaks_is_said_at_its_field_with_the_bound() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (step, field, reason, sentence) in [
        (
            "details/trip",
            "outward_on",
            "FIELD_TOO_LATE",
            "au plus tard la date d’aujourd’hui",
        ),
        (
            "details/trip",
            "outward_on",
            "FIELD_TOO_EARLY",
            "à partir du 1er\u{A0}janvier\u{A0}2020",
        ),
        (
            "details/trip",
            "return_on",
            "FIELD_TOO_EARLY",
            "précéder\u{A0}: Date du vol aller",
        ),
        (
            "details/trip",
            "to_province",
            "FIELD_SAME",
            "la même que : Préfecture ou province de l’aéroport de départ",
        ),
        (
            "details/ticket",
            "price",
            "FIELD_TOO_SMALL",
            "0,01\u{A0}DH au moins",
        ),
        (
            "details/ticket",
            "price",
            "FIELD_TOO_LARGE",
            "100\u{202F}000,00\u{A0}DH au plus",
        ),
        ("details/ticket", "price", "FIELD_KIND", "forme attendue"),
    ] {
        let refusal = Problem::new(Code::InvalidArgument, "ANSWER_REFUSED")
            .field(field, reason, "")
            .into_status();
        app.world.state().refusals.insert("save_answer", refusal);
        let typed: Vec<(&str, &str)> = if step == "details/trip" {
            ANSWERS.to_vec()
        } else {
            vec![("q-price", "12")]
        };
        let page = answer(&browser, TRIP, step, &typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(page.body.contains(&format!("href=\"#q-{field}\"")), "{reason}");
        assert!(page.body.contains(sentence), "{reason}: {}", page.body);
    }
}

#[tokio::test]
async fn an_optional_question_may_be_left_empty_and_an_answer_taken_back() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let bags = |app: &TestApp| {
        let state = app.world.state();
        let (_, draft) = state
            .files
            .iter()
            .find(|(_, file)| file.application_id == TRIP)
            .expect("the draft");
        let answers = draft.answers.clone().expect("answers");
        answers.fields.iter().any(|field| field.field_code == "bags")
    };
    for (typed, kept) in [("٢", true), ("", false)] {
        let page = answer(
            &browser,
            TRIP,
            "details/ticket",
            &[("q-price", "1850"), ("q-bags", typed)],
        )
        .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        assert_eq!(bags(&app), kept, "{typed}");
    }
}

#[tokio::test]
async fn answers_are_shown_again_and_an_unknown_page_or_another_s_draft_does_not_exist() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&at(TRIP, "details/trip")).await.body;
    assert!(
        page.contains("value=\"2026-11-02\"") && page.contains("value=\"yes\" id=\"q-is_return\" checked")
    );
    assert!(page.contains("value=\"MA-LAA\" selected"));
    assert!(
        page.contains("max=\"2026-11-22\""),
        "the browser's calendar ends today"
    );
    assert_eq!(
        browser.get(&at(TRIP, "details/hotel")).await.status,
        StatusCode::NOT_FOUND
    );
    let stranger = app.signed_in(BRAHIM).await;
    assert_eq!(
        stranger.get(&at(TRIP, "details/trip")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_page_of_arabic_questions_runs_right_to_left_with_its_amounts_left_to_right() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser
        .get(&format!("/ar/applications/{TRIP}/details/ticket"))
        .await
        .body;
    for text in [
        "dir=\"rtl\"",
        "ثمن التذكرة بالدرهم",
        "input--money",
        "<span>درهم</span>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let sent = browser
        .get(&format!("/ar/applications/{TRIP}/details/ticket"))
        .await
        .submit(&browser, "/details/ticket", &[("q-price", "١٨٥٠٫٥٠ درهم")])
        .await;
    assert_eq!(sent.leads_to(), format!("/ar/applications/{TRIP}/papers"));
}
