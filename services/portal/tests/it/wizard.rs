//! The guide's way from "Demander" to the number, without scripts.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::upload::send_paper;
use crate::world::air_transport::TRIP;
use crate::world::benefits::{DRAFT, SENT};
use crate::world::{BENEFIT, BRAHIM, KHADIJA};

/// A fresh draft of the member: its id.
async fn begin(app: &TestApp, browser: &Browser) -> String {
    app.world.state().files.clear();
    let page = browser.get(&format!("/fr/services/{BENEFIT}")).await;
    let answer = page.submit(browser, BENEFIT, &[]).await;
    let led = answer.leads_to().to_owned();
    led.trim_start_matches("/fr/applications/")
        .trim_end_matches("/account")
        .to_owned()
}

async fn step(browser: &Browser, id: &str, name: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.get(&format!("/fr/applications/{id}/{name}")).await;
    assert_eq!(page.status, StatusCode::OK, "{name}");
    page.submit(browser, &format!("/{name}"), typed).await
}

async fn answer_all(browser: &Browser, id: &str) {
    let at = |name: &str| format!("/fr/applications/{id}/{name}");
    assert_eq!(
        step(browser, id, "account", &[("choice", "confirmed")])
            .await
            .leads_to(),
        at("person")
    );
    assert_eq!(
        step(browser, id, "person", &[("person", "member")])
            .await
            .leads_to(),
        at("reason")
    );
    assert_eq!(
        step(browser, id, "reason", &[("reason", "excess_costs")])
            .await
            .leads_to(),
        at("consent")
    );
    assert_eq!(
        step(browser, id, "consent", &[("agreed", "yes")])
            .await
            .leads_to(),
        at("papers")
    );
    assert_eq!(
        send_paper(browser, id, b"%PDF-1.7 specimen".to_vec())
            .await
            .leads_to(),
        at("papers")
    );
    let page = browser.get(&at("papers")).await;
    assert!(page.body.contains("Reçue"), "{}", page.body);
    assert_eq!(
        page.submit(browser, "/papers", &[]).await.leads_to(),
        at("summary")
    );
}

#[tokio::test]
async fn the_summary_counts_the_steps_that_are_left_and_says_of_the_consent_whether_it_was_given() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let id = begin(&app, &browser).await;
    let address = format!("/fr/applications/{id}/summary");
    for (name, typed) in [
        ("account", ("choice", "confirmed")),
        ("person", ("person", "member")),
        ("reason", ("reason", "excess_costs")),
    ] {
        step(&browser, &id, name, &[typed]).await;
    }
    let page = browser.get(&address).await;
    assert!(
        page.body.contains("Il reste 2 étapes à compléter"),
        "{}",
        page.body
    );
    assert!(page.body.contains(&format!("/fr/applications/{id}/consent")));
    step(&browser, &id, "consent", &[("agreed", "yes")]).await;
    let page = browser.get(&address).await;
    assert!(
        page.body.contains("Il reste une étape à compléter"),
        "{}",
        page.body
    );
    assert!(page.body.contains("<span>Donné</span>"), "{}", page.body);
    let arabic = browser.get(&format!("/ar/applications/{id}/summary")).await;
    assert!(arabic.body.contains("بقيت مرحلة واحدة"), "{}", arabic.body);
}

#[tokio::test]
async fn a_member_goes_from_demander_to_a_number_without_scripts() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let id = begin(&app, &browser).await;
    answer_all(&browser, &id).await;
    let summary = browser.get(&format!("/fr/applications/{id}/summary")).await;
    assert!(
        summary.body.contains("Terminer")
            && summary.body.contains("•••• 4831")
            && summary.body.contains("Surcoût de frais médicaux")
    );
    assert!(!summary.body.contains("999190"), "never a whole account");
    let answer = summary.submit(&browser, "/summary", &[]).await;
    assert_eq!(answer.leads_to(), format!("/fr/applications/{id}/sent"));
    let sent = browser.get(answer.leads_to()).await;
    assert!(sent.body.contains("13/Aid_X/2026") && sent.body.contains("Votre dossier a été créé"));
    assert!(
        browser
            .get(&format!("/fr/applications/{id}/receipt"))
            .await
            .body
            .contains("13/Aid_X/2026")
    );
    assert!(
        browser
            .get(&format!("/fr/services/{BENEFIT}/history"))
            .await
            .body
            .contains("Envoyée")
    );
}

#[tokio::test]
async fn terminer_pressed_twice_and_back_give_one_file() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let id = begin(&app, &browser).await;
    answer_all(&browser, &id).await;
    let summary = browser.get(&format!("/fr/applications/{id}/summary")).await;
    let (first, second) = tokio::join!(
        summary.submit(&browser, "/summary", &[]),
        summary.submit(&browser, "/summary", &[])
    );
    assert_eq!(first.leads_to(), second.leads_to());
    let third = summary.submit(&browser, "/summary", &[]).await;
    assert_eq!(third.leads_to(), first.leads_to(), "Back and Terminer again");
    assert_eq!(app.world.state().files.len(), 1);
    assert_eq!(app.world.state().files[0].1.request_number, "13/Aid_X/2026");
    let late = browser.get(&format!("/fr/applications/{id}/reason")).await;
    assert_eq!(
        late.leads_to(),
        format!("/fr/applications/{id}"),
        "a step of a sent file leads to the file"
    );
}

#[tokio::test]
async fn what_is_sent_is_what_was_read_though_another_device_changed_an_answer() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let id = begin(&app, &browser).await;
    answer_all(&browser, &id).await;
    let read = browser.get(&format!("/fr/applications/{id}/summary")).await;
    let reason = browser.get(&format!("/fr/applications/{id}/reason")).await;
    reason.submit(&browser, "/reason", &[("reason", "cancer")]).await;
    let refused = read.submit(&browser, "/summary", &[]).await;
    // A page of its own answers: Back leads to it, and sends nothing again.
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    let refused = browser.get(refused.leads_to()).await;
    assert_eq!(refused.status, StatusCode::OK);
    assert!(refused.body.contains("Une réponse a changé"));
    assert_eq!(app.world.calls("submit_application"), 0);
    let again = refused.submit(&browser, "/summary", &[]).await;
    assert_eq!(again.leads_to(), format!("/fr/applications/{id}/sent"));
}

#[tokio::test]
async fn back_and_another_choice_is_taken_although_the_form_has_its_old_key() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&format!("/fr/applications/{DRAFT}/reason")).await;
    assert_eq!(
        page.submit(&browser, "/reason", &[("reason", "cancer")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    // Back asks for the page anew; the key is the one that was used.
    let was = browser
        .get(&format!("/fr/applications/{DRAFT}/reason"))
        .await
        .hidden("was");
    assert_eq!(
        page.submit(&browser, "/reason", &[("was", &was), ("reason", "not_covered")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert!(
        browser
            .get(&format!("/fr/applications/{DRAFT}/reason"))
            .await
            .body
            .contains("value=\"not_covered\" checked")
    );
}

#[tokio::test]
async fn a_second_window_is_told_before_it_writes_over_what_the_first_one_saved() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (id, step, first, second, kept) in [
        (
            DRAFT,
            "reason",
            ("reason", "cancer"),
            ("reason", "not_covered"),
            "value=\"not_covered\" checked",
        ),
        (
            DRAFT,
            "person",
            ("person", "spouse:01930000-0000-7000-8000-000000000001"),
            ("person", "member"),
            "value=\"member\" id=\"person-0\" checked",
        ),
        (
            TRIP,
            "details/ticket",
            ("q-price", "1850,50"),
            ("q-price", "990,00"),
            "value=\"990,00\"",
        ),
    ] {
        let address = format!("/fr/applications/{id}/{step}");
        let end = format!("/{step}");
        let (one, two) = (browser.get(&address).await, browser.get(&address).await);
        assert_eq!(
            one.submit(&browser, &end, &[first]).await.status,
            StatusCode::SEE_OTHER
        );
        let saved = app.world.calls("save_answer");
        let told = two.submit(&browser, &end, &[second]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{step}");
        assert!(
            told.body.contains("dans une autre fenêtre") && told.body.contains(kept),
            "{step}: {}",
            told.body
        );
        assert_eq!(
            app.world.calls("save_answer"),
            saved,
            "{step}: nothing is written over"
        );
        // Retour is no way around it.
        let back = two.submit(&browser, &end, &[second, ("going", "back")]).await;
        assert!(back.status.is_client_error(), "{step}: {}", back.status);
        assert_eq!(app.world.calls("save_answer"), saved, "{step}");
        // Whoever knows it may go on, and the same answer from both windows is no conflict.
        assert_eq!(
            told.submit(&browser, &end, &[second]).await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            two.submit(&browser, &end, &[second]).await.status,
            StatusCode::SEE_OTHER
        );
    }
}

#[tokio::test]
async fn an_account_that_is_not_mine_leads_to_where_the_proof_is_lodged_and_keeps_the_draft() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let answer = step(&browser, DRAFT, "account", &[("choice", "not_mine")]).await;
    assert_eq!(
        answer.leads_to(),
        format!("/fr/applications/{DRAFT}/account/lodge")
    );
    let page = browser.get(answer.leads_to()).await;
    assert!(
        page.body.contains("attestation de RIB")
            && page.body.contains("Guichet")
            && page.body.contains("Votre brouillon est gardé")
    );
    assert!(browser.get("/fr/applications").await.body.contains("Brouillon"));
}

#[tokio::test]
async fn no_account_is_confirmed_before_somebody_says_so() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let id = begin(&app, &browser).await;
    let page = browser.get(&format!("/fr/applications/{id}/account")).await;
    assert!(!page.body.contains(" checked"), "{}", page.body);
    let unsaid = page.submit(&browser, "/account", &[]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.world.calls("save_answer"), 0);
    step(&browser, &id, "account", &[("choice", "confirmed")]).await;
    let said = browser.get(&format!("/fr/applications/{id}/account")).await;
    assert!(said.body.contains("value=\"confirmed\" checked"));
}

#[tokio::test]
async fn a_ceiling_that_is_used_up_is_told_on_the_service_and_beside_the_person() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().files.clear();
    app.world.state().used_up = vec![benefits_proto::v1::UsedUpCeiling {
        relation: "member".to_owned(),
        person_id: String::new(),
        year: 2026,
        year_of_an_answer: false,
    }];
    let page = browser.get(&format!("/fr/services/{BENEFIT}")).await;
    assert!(
        page.body
            .contains("Le plafond de l’année 2026 est atteint pour Khadija"),
        "{}",
        page.body
    );
    let led = page.submit(&browser, BENEFIT, &[]).await.leads_to().to_owned();
    let person = browser.get(&led.replace("/account", "/person")).await;
    assert_eq!(
        person.body.matches("plafond 2026 atteint").count(),
        1,
        "{}",
        person.body
    );
    let arabic = browser.get(&format!("/ar/services/{BENEFIT}")).await;
    assert!(arabic.body.contains("استنفد سقف سنة"), "{}", arabic.body);
}

#[tokio::test]
async fn who_has_no_account_on_file_and_no_child_declared_finds_a_way_out() {
    let app = TestApp::start().await;
    let browser = app.signed_in(BRAHIM).await;
    let page = browser.get(&format!("/fr/services/{BENEFIT}")).await;
    let led = page.submit(&browser, BENEFIT, &[]).await.leads_to().to_owned();
    let account = browser.get(&led).await;
    assert!(account.body.contains("Aucun compte bancaire") && account.body.contains("Où déposer mon RIB"));
    let lodge = account.submit(&browser, "/account", &[]).await;
    assert!(lodge.leads_to().ends_with("/account/lodge"));
    let person = browser.get(&led.replace("/account", "/person")).await;
    assert!(person.body.contains("Aucun enfant n’est déclaré") && person.body.contains("Aucun conjoint"));
}

#[tokio::test]
async fn a_step_without_an_answer_says_what_to_choose() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (name, typed, field) in [
        ("account", ("choice", ""), "choice-confirmed"),
        ("person", ("person", "cousin:1"), "person-0"),
        ("reason", ("reason", "boredom"), "reason-0"),
        ("consent", ("agreed", ""), "agreed"),
    ] {
        let answer = step(&browser, DRAFT, name, &[typed]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{name}");
        assert!(
            answer.body.contains(&format!("id=\"{field}\"")),
            "{name}: the line leads somewhere"
        );
    }
    assert_eq!(app.world.calls("save_answer"), 0);
}

#[tokio::test]
async fn a_summary_whose_condition_is_broken_offers_no_sending_and_its_refusal_leads_to_the_condition() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let address = format!("/fr/applications/{DRAFT}/summary");
    let read = browser.get(&address).await;
    assert!(read.body.contains("Terminer</button>"));
    for (_, file) in &mut app.world.state().files {
        if let Some(condition) = file.conditions.first_mut() {
            condition.held = false;
        }
    }
    let page = browser.get(&address).await;
    assert!(page.body.contains("ne peut pas être envoyée"), "{}", page.body);
    assert!(!page.body.contains("Terminer</button>"));
    // Read before the condition broke.
    app.world
        .refuse("submit_application", Code::FailedPrecondition, "NOT_ELIGIBLE");
    let refused = read.submit(&browser, "/summary", &[]).await;
    let page = browser.get(refused.leads_to()).await;
    assert!(
        page.body.contains("<li><a href=\"#cnd\">") && page.body.contains("id=\"cnd\""),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn a_refused_submission_keeps_the_draft_and_says_why() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (reason, sentence) in [
        ("OPEN_REQUEST_EXISTS", "déjà ouverte"),
        ("NOT_ELIGIBLE", "condition"),
        ("PAPER_NOT_USABLE", "ne peut plus servir"),
    ] {
        app.world
            .refuse("submit_application", Code::FailedPrecondition, reason);
        let answer = step(&browser, DRAFT, "summary", &[]).await;
        let address = answer.leads_to();
        assert!(
            address.starts_with(&format!("/fr/applications/{DRAFT}/summary?kept="))
                && !address.contains(reason),
            "{reason}: {address}"
        );
        for _ in 0..2 {
            let page = browser.get(address).await;
            assert!(
                page.status == StatusCode::OK && page.body.contains(sentence),
                "{reason}"
            );
        }
        // Sealed for its reader: to anybody else it is the summary, and says nothing.
        let forged = address.replace("kept=", "kept=A");
        assert!(
            !browser.get(&forged).await.body.contains("problems-heading"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn papers_cannot_be_sent_before_consent() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let id = begin(&app, &browser).await;
    assert!(
        browser
            .get(&format!("/fr/applications/{id}/papers"))
            .await
            .leads_to()
            .ends_with("/consent")
    );
    let answer = send_paper(&browser, &id, b"%PDF-1.7".to_vec()).await;
    assert!(answer.leads_to().ends_with("/consent"));
    assert_eq!(app.world.calls("upload_document"), 0);
}

#[tokio::test]
async fn another_members_file_is_a_page_that_does_not_exist() {
    let app = TestApp::start().await;
    let browser = app.signed_in(BRAHIM).await;
    for path in [
        "",
        "/sent",
        "/receipt",
        "/withdraw",
        "/account",
        "/summary",
        "/discard",
    ] {
        for id in [SENT, DRAFT, "01930000-0000-7000-8000-0000000000ff", "1", "..%2f"] {
            let answer = browser.get(&format!("/fr/applications/{id}{path}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}{path}");
        }
    }
}

#[tokio::test]
async fn a_request_is_withdrawn_and_a_draft_thrown_away_only_after_a_question() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let question = browser.get(&format!("/fr/applications/{SENT}/withdraw")).await;
    assert_eq!(app.world.calls("withdraw_application"), 0);
    let answer = question.submit(&browser, "/withdraw", &[]).await;
    assert_eq!(answer.leads_to(), format!("/fr/applications/{SENT}"));
    assert!(browser.get(answer.leads_to()).await.body.contains("Annulée"));
    let stranger = app.signed_in(BRAHIM).await;
    let own_token = stranger.get("/fr/profile").await.hidden("form_token");
    for id in [DRAFT, "01930000-0000-7000-8000-0000000000ff"] {
        let answer = stranger
            .post(
                &format!("/fr/applications/{id}/discard"),
                &[("form_token", &own_token)],
            )
            .await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "another's is as good as none"
        );
    }
    let question = browser.get(&format!("/fr/applications/{DRAFT}/discard")).await;
    assert_eq!(
        question.submit(&browser, "/discard", &[]).await.leads_to(),
        "/fr/applications"
    );
    assert_eq!(
        question.submit(&browser, "/discard", &[]).await.leads_to(),
        "/fr/applications",
        "twice is once"
    );
    assert_eq!(
        browser.get(&format!("/fr/applications/{DRAFT}")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn retour_keeps_an_answer_that_was_chosen_and_not_yet_sent() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let at = |name: &str| format!("/fr/applications/{DRAFT}/{name}");
    let back = [("reason", "cancer"), ("going", "back")];
    let answer = step(&browser, DRAFT, "reason", &back).await;
    assert_eq!(answer.leads_to(), at("person"));
    let page = browser.get(&at("reason")).await;
    assert!(page.body.contains("value=\"cancer\" checked"));
    assert!(page.body.contains("name=\"going\" value=\"back\""));
    // Nothing chosen, or nothing that is possible: Retour leads back all the same, and the draft stays as it was.
    for odd in ["", "boredom"] {
        let answer = step(&browser, DRAFT, "reason", &[("reason", odd), ("going", "back")]).await;
        assert_eq!(answer.leads_to(), at("person"), "{odd}");
    }
    assert!(
        browser
            .get(&at("reason"))
            .await
            .body
            .contains("value=\"cancer\" checked")
    );
}
