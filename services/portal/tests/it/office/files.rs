//! The page of a file: what each duty sees of it, who has it, what is asked and what is not whole.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::world::office::REVIEW;
use crate::world::{AGENT, REVIEWER, VALIDATOR};

pub(super) async fn open(browser: &Browser) -> Page {
    let page = browser
        .get(&format!("/fr/office/files/{REVIEW}?queue=examination"))
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

pub(super) async fn send(page: &Page, browser: &Browser, form: &str, typed: &[(&str, &str)]) -> Page {
    page.submit_where(
        browser,
        &format!("/office/files/{REVIEW}?queue=examination"),
        ("action", form),
        typed,
    )
    .await
}

#[tokio::test]
async fn a_case_officer_sees_a_neutral_label_and_no_paper() {
    let app = TestApp::start().await;
    let page = open(&app.signed_in(AGENT).await).await;
    assert!(page.body.contains("Motif A"));
    assert!(
        page.body
            .contains("2 pièces, réservées au médecin qui donne l’avis"),
        "{}",
        page.body
    );
    for hidden in [
        "Frais au-delà",
        "rapport-specimen",
        "Ouvrir la pièce",
        "open_paper",
    ] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    assert!(page.body.contains("Khadija Ben Idir") && page.body.contains("Hassan Aït Bella"));
    assert!(
        page.body.contains("26\u{202F}400,00"),
        "the retained cost: {}",
        page.body
    );
}

#[tokio::test]
async fn each_duty_has_its_own_form_and_no_other() {
    let app = TestApp::start().await;
    for (login, has, lacks) in [
        (AGENT, ["propose", "ask", "note"], ["opinion", "validate"]),
        (
            REVIEWER,
            ["opinion", "ask", "open_paper"],
            ["propose", "validate"],
        ),
        (VALIDATOR, ["validate", "note", "release"], ["opinion", "propose"]),
    ] {
        let page = open(&app.signed_in(login).await).await;
        for form in has {
            let mark = format!("name=\"action\" value=\"{form}\"");
            assert!(page.body.contains(&mark), "{login} lacks {form}");
        }
        for form in lacks {
            let mark = format!("name=\"action\" value=\"{form}\"");
            assert!(!page.body.contains(&mark), "{login} has {form}");
        }
    }
}

#[tokio::test]
async fn a_second_opener_is_told_who_has_the_file_and_may_take_it_over_knowingly() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    app.world.state().office.free = true;
    let page = open(&agent).await;
    assert!(page.body.contains("Prenez d’abord le dossier"));
    {
        let mut state = app.world.state();
        state.office.free = false;
        state.office.taken = true;
    }
    let late = send(&page, &agent, "assign", &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.body.contains("Agent 0009 a ce dossier depuis"),
        "{}",
        late.body
    );
    assert!(!late.body.contains("value=\"propose\""));
    let taken = send(&late, &agent, "take_over", &[]).await;
    assert!(taken.leads_to().ends_with("done=take_over"));
    assert_eq!(app.world.state().office.changes, ["assign true"]);
}

#[tokio::test]
async fn waiting_for_a_member_who_does_not_answer_can_be_ended() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    app.world.state().office.waiting = true;
    let page = open(&agent).await;
    assert!(
        page.body
            .contains("le dossier revient quand l’adhérent a répondu"),
        "{}",
        page.body
    );
    let done = send(&page, &agent, "stop_waiting", &[]).await;
    assert!(done.leads_to().ends_with("done=stop_waiting"), "{}", done.body);
    assert!(
        agent
            .get(done.leads_to())
            .await
            .body
            .contains("Le dossier est examiné tel quel.")
    );
    assert_eq!(app.world.state().office.changes, ["stop waiting"]);
}

#[tokio::test]
async fn a_file_that_is_not_whole_says_what_is_missing_and_a_whole_one_nothing() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let warning = "Ce dossier n’est plus complet";
    assert!(!open(&agent).await.body.contains(warning));
    app.world.state().office.missing = vec!["person_concerned".to_owned(), "papers".to_owned()];
    let page = open(&agent).await;
    assert!(
        page.body
            .contains("Ce dossier n’est plus complet\u{a0}: Personne concernée · Pièces."),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn a_health_reviewer_sees_no_account_and_is_told_to_open_a_paper_first() {
    let app = TestApp::start().await;
    for (login, sees) in [(AGENT, true), (VALIDATOR, true), (REVIEWER, false)] {
        let page = open(&app.signed_in(login).await).await;
        for words in ["4831", "Compte confirmé"] {
            assert_eq!(page.body.contains(words), sees, "{login} {words}");
        }
    }
    let reviewer = app.signed_in(REVIEWER).await;
    let page = open(&reviewer).await;
    assert!(page.body.contains("après en avoir ouvert une"), "{}", page.body);
    app.world.refuse(
        "record_medical_opinion",
        Code::FailedPrecondition,
        "PAPER_NOT_OPENED",
    );
    let typed = [("opinion", "favourable"), ("retained_cost", "1 250,00")];
    let refused = send(&page, &reviewer, "opinion", &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Ouvrez d’abord une pièce") && refused.body.contains("value=\"1 250,00\""),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn the_answers_of_a_trip_stand_in_the_order_of_the_form() {
    let app = TestApp::start().await;
    app.world.state().office.trip = true;
    let page = open(&app.signed_in(AGENT).await).await;
    let place = |words: &str| {
        page.body
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {}", page.body))
    };
    let labels = [
        "Le billet est-il un aller-retour",
        "Date du vol aller",
        "Date du vol retour",
        "aéroport de départ",
        "aéroport d’arrivée",
    ];
    assert!(labels.map(place).is_sorted(), "{}", page.body);
}

#[tokio::test]
async fn a_decision_names_the_agent_who_took_it() {
    let app = TestApp::start().await;
    app.world.state().office.decided = true;
    let page = open(&app.signed_in(AGENT).await).await;
    assert!(
        page.body.contains("Agent 0003, le 22\u{A0}novembre\u{A0}2026"),
        "{}",
        page.body
    );
    let own = open(&app.signed_in(VALIDATOR).await).await;
    assert!(
        own.body.contains("vous, le 22\u{A0}novembre\u{A0}2026"),
        "{}",
        own.body
    );
    assert!(
        !own.body.contains("Personne n’a pris ce dossier"),
        "it is decided"
    );
}

#[tokio::test]
async fn the_list_that_a_file_was_opened_from_survives_a_service_that_is_away() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let address = format!("/fr/office/files/{REVIEW}?queue=examination&age=14");
    let page = open(&agent).await;
    let written = address.replace('&', "&#38;");
    app.world.state().away.insert("benefits");
    let away = agent.get(&address).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        away.body.contains(&format!("href=\"{written}\"")),
        "{}",
        away.body
    );
    let sent = send(&page, &agent, "note", &[("note", "Rappeler lundi")]).await;
    assert_eq!(sent.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        sent.body.contains(&format!(
            "href=\"/fr/office/files/{REVIEW}?queue=examination&#38;kept="
        )),
        "{}",
        sent.body
    );
    app.world.state().away.clear();
    let switched = agent.get(&address).await;
    assert!(
        switched
            .body
            .contains(&format!("/ar/office/files/{REVIEW}?queue=examination&#38;age=14")),
        "the other language keeps the list: {}",
        switched.body
    );
}

#[tokio::test]
async fn an_infected_paper_is_marked_opens_to_nobody_and_is_chosen_to_be_asked_for_again() {
    let app = TestApp::start().await;
    app.world.state().office.infected = true;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = open(&reviewer).await;
    assert!(page.body.contains("refusé par l’antivirus"), "{}", page.body);
    let (first, second) = (
        page.body
            .find("value=\"01930000-0000-7000-8000-0000000000d1\" disabled"),
        page.body
            .find("value=\"01930000-0000-7000-8000-0000000000d2\" disabled"),
    );
    assert!(first.is_some() && second.is_none(), "{}", page.body);
    for chosen in [
        "name=\"ask_p_medical_file\" value=\"on\" checked",
        "<option value=\"unsafe_file\" selected>",
    ] {
        assert_eq!(page.body.matches(chosen).count(), 1, "{chosen}: {}", page.body);
    }
    send(
        &page,
        &reviewer,
        "ask",
        &[
            ("ask_p_medical_file", "on"),
            ("cause_p_medical_file", "unsafe_file"),
        ],
    )
    .await;
    let changes = app.world.state().office.changes.clone();
    assert!(
        changes.iter().any(|change| change.contains("medical_file:5:")),
        "{changes:?}"
    );
}

#[tokio::test]
async fn a_member_who_died_is_named_so_in_the_queue_and_on_the_file() {
    let app = TestApp::start().await;
    app.world.state().office.died = true;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    assert!(page.body.contains("L’adhérent est décédé"), "{}", page.body);
    let queue = agent.get("/ar/office/queues/examination").await;
    assert!(queue.body.contains("منخرط متوفى"), "{}", queue.body);
}
