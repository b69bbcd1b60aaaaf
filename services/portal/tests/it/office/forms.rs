//! The forms of a file's page: what each sends, what is refused, what was typed and stays.

use platform::status::Problem;
use reqwest::StatusCode;
use tonic::Code;

use super::files::{open, send};
use crate::support::TestApp;
use crate::world::office::{OWN, RELATIVES, REVIEW};
use crate::world::{AGENT, REVIEWER, VALIDATOR};

#[tokio::test]
async fn a_medical_opinion_is_a_word_and_an_amount_and_is_recorded_once() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = open(&reviewer).await;
    let typed = [("opinion", "favourable"), ("retained_cost", "١٢ 500,50")];
    let done = send(&page, &reviewer, "opinion", &typed).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(done.leads_to().ends_with("done=opinion"), "{}", done.leads_to());
    assert!(
        reviewer
            .get(done.leads_to())
            .await
            .body
            .contains("L’avis est enregistré")
    );
    let twice = send(&page, &reviewer, "opinion", &typed).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "a double press");
    assert_eq!(app.world.state().office.changes, ["opinion 1 1250050"]);
}

#[tokio::test]
async fn a_bad_amount_comes_back_with_what_was_typed() {
    let app = TestApp::start().await;
    let reviewer = app.signed_in(REVIEWER).await;
    let page = open(&reviewer).await;
    for amount in [
        "",
        "beaucoup",
        "-5",
        "0",
        "12,345",
        "100000000",
        "1e9",
        "<b>1</b>",
    ] {
        let typed = [("opinion", "favourable"), ("retained_cost", amount)];
        let answer = send(&page, &reviewer, "opinion", &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        assert!(answer.body.contains("href=\"#retained_cost\""), "{amount}");
        assert!(
            answer.body.contains("1\u{202F}000\u{202F}000,00\u{A0}DH au plus"),
            "the bound: {}",
            answer.body
        );
        assert!(answer.body.contains("value=\"favourable\" checked"), "{amount}");
        assert!(!answer.body.contains("<b>1"), "{amount}");
    }
    let nothing = send(&page, &reviewer, "opinion", &[]).await;
    assert!(nothing.body.contains("href=\"#opinion-favourable\""));
    assert!(app.world.state().office.changes.is_empty());
}

#[tokio::test]
async fn a_sentence_in_the_other_language_is_told_so_at_its_own_field() {
    let app = TestApp::start().await;
    let validator = app.signed_in(VALIDATOR).await;
    let page = open(&validator).await;
    let typed = [
        ("verdict", "refuse"),
        ("refusal_reason", "ceiling"),
        ("sentence_ar", "Le plafond de l’année est déjà épuisé."),
        ("sentence_fr", "استنفد السقف السنوي لهذا الشخص."),
    ];
    for (field, said) in [
        ("sentence_ar", "Écrivez en arabe la phrase en arabe"),
        ("sentence_fr", "Écrivez en français la phrase en français"),
    ] {
        let refusal =
            Problem::new(Code::InvalidArgument, "REFUSAL_REFUSED").field(field, "SENTENCE_REFUSED", "");
        app.world
            .state()
            .refusals
            .insert("validate_decision", refusal.into_status());
        let answer = send(&page, &validator, "validate", &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
        assert!(answer.body.contains(&format!("href=\"#{field}\"")));
        assert!(!answer.body.contains("10 à 600"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_button_that_came_too_late_speaks_of_nothing_that_was_typed() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    app.world.state().office.version = 9;
    let answer = send(&page, &agent, "release", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert!(answer.body.contains("Ce dossier a changé entre-temps"));
    assert!(!answer.body.contains("Ce que vous avez tapé"), "{}", answer.body);
}

#[tokio::test]
async fn what_was_typed_survives_a_file_that_changed_and_the_page_says_who_changed_it() {
    let app = TestApp::start().await;
    let validator = app.signed_in(VALIDATOR).await;
    let page = open(&validator).await;
    app.world.state().office.version = 9;
    let typed = [
        ("verdict", "refuse"),
        ("refusal_reason", "ceiling"),
        ("sentence_ar", "استنفد السقف السنوي لهذا الشخص."),
        ("sentence_fr", "Le plafond de l’année est déjà épuisé."),
    ];
    let answer = send(&page, &validator, "validate", &typed).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let body = &answer.body;
    assert!(
        body.contains("Ce dossier a changé pendant que vous écriviez"),
        "{body}"
    );
    assert!(body.contains("Agent 0009\u{A0}: Avis médical donné"), "{body}");
    assert!(body.contains("Le plafond de l’année est déjà épuisé."));
    assert!(body.contains("value=\"ceiling\"") && body.contains("value=\"refuse\" checked"));
    assert!(body.contains("name=\"version\" value=\"9\""));
    assert!(app.world.state().office.changes.is_empty());
    let again = send(&answer, &validator, "validate", &typed).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    assert_eq!(app.world.state().office.changes.len(), 1);
}

#[tokio::test]
async fn what_was_typed_into_a_form_that_is_gone_is_shown_to_be_copied_and_no_page_says_to_send_it_again() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    {
        let mut state = app.world.state();
        state.office.version = 9;
        state.office.taken = true;
    }
    let typed = [
        ("recommendation", "refuse"),
        ("refusal_reason", "ceiling"),
        ("note", "appelé <b>deux fois</b>"),
    ];
    let answer = send(&page, &agent, "propose", &typed).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let body = &answer.body;
    assert!(
        !body.contains("name=\"action\" value=\"propose\""),
        "another has the file"
    );
    assert!(body.contains("Ce que vous avez tapé, non enregistré"), "{body}");
    assert!(body.contains("De refuser") && body.contains("appelé &#60;b&#62;deux fois"));
    assert!(!body.contains("puis renvoyez"), "it cannot be sent from here");
    assert!(app.world.state().office.changes.is_empty());
}

#[tokio::test]
async fn the_member_is_asked_for_the_very_answer_or_paper_with_the_cause() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    let nothing = send(&page, &agent, "ask", &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("href=\"#asks\""));
    let odd = send(
        &page,
        &agent,
        "ask",
        &[("ask_p_invoice", "on"), ("cause_p_invoice", "other")],
    )
    .await;
    assert!(odd.body.contains("href=\"#cause_p_invoice\""));
    // Nothing is chosen for the agent, and choosing is required.
    assert!(!page.body.contains("<option value=\"incorrect\" selected"));
    let unsaid = send(
        &page,
        &agent,
        "ask",
        &[("ask_p_invoice", "on"), ("cause_p_invoice", "")],
    )
    .await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unsaid.body.matches("Choisissez pourquoi").count() > 1,
        "on top and at the field"
    );
    assert!(app.world.state().office.changes.is_empty());
    let typed = [
        ("ask_p_invoice", "on"),
        ("cause_p_invoice", "outdated"),
        ("note_p_invoice", "Facture de 2024"),
        ("ask_f_person_concerned", "on"),
        ("cause_f_person_concerned", "incorrect"),
    ];
    let done = send(&page, &agent, "ask", &typed).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(
        app.world.state().office.changes,
        ["ask person_concerned:1:,invoice:3:Facture de 2024"]
    );
}

#[tokio::test]
async fn a_proposal_and_each_verdict_reach_benefits_as_they_were_chosen() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    let missing = send(&page, &agent, "propose", &[("recommendation", "refuse")]).await;
    assert!(missing.body.contains("href=\"#refusal_reason\""));
    send(&page, &agent, "propose", &[("recommendation", "grant")]).await;
    let validator = app.signed_in(VALIDATOR).await;
    let page = open(&validator).await;
    assert!(page.body.contains("13\u{202F}200,00"), "{}", page.body);
    let short = [
        ("verdict", "refuse"),
        ("refusal_reason", "ceiling"),
        ("sentence_ar", "لا"),
        ("sentence_fr", "Non"),
    ];
    let refused = send(&page, &validator, "validate", &short).await;
    assert!(refused.body.contains("href=\"#sentence_ar\"") && refused.body.contains("href=\"#sentence_fr\""));
    let back = [("verdict", "send_back"), ("send_back_note", "")];
    let nowhere = send(&page, &validator, "validate", &back).await;
    assert!(
        nowhere.body.contains("href=\"#to-examination\"")
            && nowhere.body.contains("href=\"#send_back_note\"")
    );
    let done = send(&page, &validator, "validate", &[("verdict", "grant")]).await;
    assert!(done.leads_to().ends_with("done=grant"), "{}", done.body);
    let changes = app.world.state().office.changes.clone();
    assert_eq!(changes[0], "propose 1 ");
    assert!(changes[1].contains("amount_centimes: 1320000"), "{changes:?}");
    assert_eq!(changes.len(), 2);
    let after = validator.get(done.leads_to()).await;
    assert!(after.body.contains("La décision est prise") && !after.body.contains("value=\"validate\""));
}

#[tokio::test]
async fn a_note_is_kept_as_written_and_never_run() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    for (text, field) in [
        ("", true),
        (" \n ", true),
        (&*"x".repeat(1_001), true),
        ("Appelé le guichet.", false),
    ] {
        let answer = send(&page, &agent, "note", &[("note", text)]).await;
        assert_eq!(answer.body.contains("href=\"#note\""), field);
    }
    assert_eq!(app.world.state().office.changes, ["note Appelé le guichet."]);
}

#[tokio::test]
async fn a_duty_that_forbids_it_is_said_with_403_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let validator = app.signed_in(VALIDATOR).await;
    let page = open(&validator).await;
    app.world
        .refuse("validate_decision", Code::PermissionDenied, "PROPOSED_BEFORE");
    let answer = send(&page, &validator, "validate", &[("verdict", "grant")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Vous avez proposé cette décision"));
    assert!(answer.body.contains("value=\"grant\" checked"));
    for (id, sentence) in [
        (OWN, "C’est votre propre dossier"),
        (RELATIVES, "C’est le dossier d’un proche"),
    ] {
        let page = validator.get(&format!("/fr/office/files/{id}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains(sentence), "{}", page.body);
    }
}

#[tokio::test]
async fn what_was_typed_survives_a_service_that_is_away_and_a_session_that_ended() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    app.world.refuse("add_note", Code::Unavailable, "TRY_AGAIN");
    let away = send(&page, &agent, "note", &[("note", "Rappeler lundi")]).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(away.body.contains(">Rappeler lundi</textarea>"), "{}", away.body);
    app.world.state().sessions.clear();
    let ended = send(&page, &agent, "note", &[("note", "Rappeler lundi")]).await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
    assert!(ended.body.contains("Vos réponses sont gardées") && !ended.body.contains("Rappeler"));
}

#[tokio::test]
async fn a_form_that_is_none_of_ours_changes_nothing() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    let path = format!("/fr/office/files/{REVIEW}");
    let token = page.hidden("form_token");
    for fields in [
        vec![("form_token", token.as_str())],
        vec![("form_token", token.as_str()), ("action", "decide")],
        vec![
            ("form_token", token.as_str()),
            ("action", "validate"),
            ("verdict", "maybe"),
        ],
        vec![("action", "release")],
    ] {
        let answer = agent.post(&path, &fields).await;
        assert!(
            answer.status.is_client_error(),
            "{fields:?} gave {}",
            answer.status
        );
    }
    for id in ["x", "01930000-0000-7000-8000-00000000ffff", "%2e%2e"] {
        let missing = agent.get(&format!("/fr/office/files/{id}")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{id}");
    }
    assert!(app.world.state().office.changes.is_empty());
}

#[tokio::test]
async fn fields_that_no_form_has_change_nothing() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let page = open(&agent).await;
    let extra = [
        ("state", "approved"),
        ("amount", "99999999"),
        ("role", "validator"),
        ("roles", "administrator"),
        ("member_id", "member-2"),
        ("agent_id", "01930000-0000-7000-8000-000099000003"),
        ("recommendation", "grant"),
        ("retained_cost", "1"),
    ];
    let mut typed = vec![("note", "Une note")];
    typed.extend(extra);
    let done = send(&page, &agent, "note", &typed).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(app.world.state().office.changes, ["note Une note"]);
    let member = app.signed_in(crate::world::KHADIJA).await;
    let profile = member.get("/fr/profile").await;
    let mut typed = vec![("language", "fr")];
    typed.extend(extra);
    let saved = profile.submit(&member, "/profile", &typed).await;
    assert_eq!(saved.leads_to(), "/fr/profile?saved=language");
    assert_eq!(app.world.calls("set_locale"), 1);
    assert_eq!(app.world.state().office.changes.len(), 1);
}
