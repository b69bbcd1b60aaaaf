//! The desk prints a code; its member opens the account with it.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Page, TestApp};
use crate::world::agents::PRINTED_CODE;
use crate::world::{AGENT, DECEASED, KHADIJA};

const PASSWORD: &str = "une nouvelle phrase assez longue";

#[tokio::test]
async fn a_member_is_found_identified_and_given_a_code_that_can_be_printed_once() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let desk = agent.get("/fr/office/desk").await;
    let found = desk.submit(&agent, "/desk", &[("matricule", "٩٠٠١٢٣٤٥")]).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("Khadija Ben Idir"), "{}", found.body);
    let lacking = found.submit_where(&agent, "/desk", ("step", "issue"), &[]).await;
    assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        lacking.body.contains("href=\"#identification-identity_card\"")
            && lacking.body.contains("href=\"#cause-no_address\"")
    );
    let typed = [("identification", "passport"), ("cause", "no_address")];
    let code = lacking
        .submit_where(&agent, "/desk", ("step", "issue"), &typed)
        .await;
    assert_eq!(code.status, StatusCode::OK);
    assert_eq!(code.body.matches(PRINTED_CODE).count(), 1);
    // Whoever takes the sheet home may read the other language than the agent.
    for words in [
        "lang=\"ar\" dir=\"rtl\"",
        "/ar/activate",
        "رمز التفعيل",
        "خديجة",
        "lang=\"fr\" dir=\"ltr\"",
        "/fr/activate",
        "Code d’activation",
        "Khadija Ben Idir",
    ] {
        assert!(code.body.contains(words), "{words}: {}", code.body);
    }
    assert_eq!(app.world.state().office.accounts, ["code passport no_address"]);
    assert!(!agent.get("/fr/office/desk").await.body.contains(PRINTED_CODE));
}

#[tokio::test]
async fn a_number_of_nobody_and_a_number_that_is_none_are_said_at_the_field() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let desk = agent.get("/fr/office/desk").await;
    for (typed, sentence) in [
        ("90099999", "Personne n’a ce matricule"),
        ("", "Tapez le matricule"),
        ("abc", "Tapez le matricule"),
        ("123456789", "Tapez le matricule"),
    ] {
        let answer = desk.submit(&agent, "/desk", &[("matricule", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(answer.body.contains(sentence), "{typed}: {}", answer.body);
    }
    let found = desk.submit(&agent, "/desk", &[("matricule", KHADIJA)]).await;
    for (reason, sentence) in [
        ("MEMBER_HAS_ADDRESS", "Une adresse est au dossier"),
        ("OWN_ACCOUNT", "Personne ne change son propre compte"),
    ] {
        app.world
            .refuse("issue_activation_code", Code::FailedPrecondition, reason);
        let typed = [("identification", "passport"), ("cause", "no_address")];
        let answer = found
            .submit_where(&agent, "/desk", ("step", "issue"), &typed)
            .await;
        assert!(answer.status.is_client_error(), "{reason}");
        assert!(answer.body.contains(sentence), "{reason}: {}", answer.body);
        assert!(answer.body.contains("value=\"passport\" checked"));
    }
}

#[tokio::test]
async fn the_first_of_two_identifications_is_said_to_be_recorded_and_not_refused() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let desk = agent.get("/fr/office/desk").await;
    let found = desk.submit(&agent, "/desk", &[("matricule", KHADIJA)]).await;
    app.world.refuse(
        "issue_activation_code",
        Code::FailedPrecondition,
        "SECOND_AGENT_NEEDED",
    );
    let typed = [("identification", "passport"), ("cause", "no_address")];
    let answer = found
        .submit_where(&agent, "/desk", ("step", "issue"), &typed)
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("La première identification est enregistrée"));
    assert!(!answer.body.contains("Ce n’est pas possible"), "{}", answer.body);
    assert!(
        !answer.body.contains("name=\"identification\""),
        "this agent's part is done"
    );
}

#[tokio::test]
async fn who_died_is_shown_as_such_and_no_code_is_made_for_them() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let desk = agent.get("/fr/office/desk").await;
    let found = desk.submit(&agent, "/desk", &[("matricule", DECEASED)]).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("Un décès est enregistré"), "{}", found.body);
    assert!(!found.body.contains("name=\"identification\""), "{}", found.body);
    // A form that was drawn for somebody else, or made up.
    let forged = [
        ("matricule", DECEASED),
        ("step", "issue"),
        ("identification", "passport"),
        ("cause", "no_address"),
    ];
    let answer = desk.submit(&agent, "/desk", &forged).await;
    assert!(answer.body.contains("Un décès est enregistré") && !answer.body.contains(PRINTED_CODE));
    assert_eq!(app.world.calls("issue_activation_code"), 0);
}

async fn redeem(app: &TestApp, typed: &[(&str, &str)]) -> Page {
    let browser = app.browser();
    let page = browser.get("/fr/activate").await;
    page.submit(&browser, "/activate", typed).await
}

#[tokio::test]
async fn a_printed_code_opens_the_account_and_leads_to_the_sign_in() {
    let app = TestApp::start().await;
    let typed = [
        ("matricule", KHADIJA),
        ("secret_activation", PRINTED_CODE),
        ("new_password", PASSWORD),
        ("again_password", PASSWORD),
        ("answer", "7"),
    ];
    let done = redeem(&app, &typed).await;
    assert_eq!(
        done.leads_to(),
        "/fr/sign-in?notice=password-set",
        "{}",
        done.body
    );
}

#[tokio::test]
async fn a_code_that_is_not_taken_keeps_the_number_and_shows_neither_code_nor_password() {
    let app = TestApp::start().await;
    let wrong = redeem(
        &app,
        &[
            ("matricule", KHADIJA),
            ("secret_activation", "WRONG-CODE-HERE"),
            ("new_password", PASSWORD),
            ("again_password", PASSWORD),
            ("answer", "7"),
        ],
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("ne vont pas ensemble") && wrong.body.contains("href=\"#secret_activation\"")
    );
    assert!(wrong.body.contains(&format!("value=\"{KHADIJA}\"")));
    assert!(!wrong.body.contains("WRONG-CODE") && !wrong.body.contains(PASSWORD));
    let empty = redeem(&app, &[]).await;
    for field in ["matricule", "secret_activation", "new_password", "answer"] {
        assert!(empty.body.contains(&format!("href=\"#{field}\"")), "{field}");
    }
    assert_eq!(app.world.calls("redeem_activation_code"), 1);
}
