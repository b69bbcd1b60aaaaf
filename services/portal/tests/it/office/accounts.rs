//! Agents' accounts in the administrator's hands.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::TestApp;
use crate::world::agents::COLLEAGUE;
use crate::world::office::account_of;
use crate::world::{AGENT, AUDITOR};

#[tokio::test]
async fn a_new_agent_gets_a_link_that_is_shown_once() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let form = agent.get("/fr/office/agents/new").await;
    let typed = [
        ("login", "99000020"),
        ("email", "agent@finances.example"),
        ("language", "ar"),
        ("no_membership", "on"),
        ("role_case_officer", "on"),
        ("role_front_desk", "on"),
    ];
    let link = form.submit(&agent, "/agents/new", &typed).await;
    assert_eq!(link.status, StatusCode::OK);
    assert!(link.body.contains("/account/link/one-time") && link.body.contains("Affiché cette seule fois"));
    let mut mailed = typed.to_vec();
    mailed[1] = ("email", "mailed@finances.example");
    let mailed = form.submit(&agent, "/agents/new", &mailed).await;
    assert!(
        mailed.body.contains("n’est montré à personne d’autre") && !mailed.body.contains("/account/link/")
    );
    let later = agent.get(&format!("/fr/office/agents/{COLLEAGUE}")).await;
    assert!(!later.body.contains("one-time"));
}

#[tokio::test]
async fn what_is_wrong_with_a_new_agent_is_said_at_the_field_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let form = agent.get("/fr/office/agents/new").await;
    let typed = [("login", "abc"), ("email", "nobody"), ("matricule", "x")];
    let answer = form.submit(&agent, "/agents/new", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["login", "email", "matricule", "roles"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}");
    }
    assert!(answer.body.contains("value=\"abc\"") && answer.body.contains("value=\"nobody\""));
    let good = [
        ("login", "99000020"),
        ("email", "agent@finances.example"),
        ("no_membership", "on"),
    ];
    for (matricule, no_membership, said) in [
        ("", "", "cochez qu’il n’est pas adhérent"),
        ("90000001", "on", "pas les deux"),
    ] {
        let typed = [
            ("login", "99000020"),
            ("email", "agent@finances.example"),
            ("role_finance", "on"),
            ("matricule", matricule),
            ("no_membership", no_membership),
        ];
        let answer = form.submit(&agent, "/agents/new", &typed).await;
        assert!(answer.body.contains(said) && answer.body.contains("href=\"#matricule\""));
    }
    let mut both = good.to_vec();
    both.extend([("role_validator", "on"), ("role_finance", "on")]);
    let excluded = form.submit(&agent, "/agents/new", &both).await;
    assert!(
        excluded.body.contains("Deux de ces fonctions s’excluent")
            && excluded.body.contains("href=\"#roles\"")
    );
    let mut one = good.to_vec();
    one.push(("role_finance", "on"));
    app.world
        .refuse("create_agent", Code::AlreadyExists, "LOGIN_TAKEN");
    let taken = form.submit(&agent, "/agents/new", &one).await;
    assert!(taken.body.contains("Cet identifiant est déjà pris") && taken.body.contains("href=\"#login\""));
    assert!(app.world.state().office.accounts.is_empty());
}

#[tokio::test]
async fn roles_links_factors_and_closings_each_have_a_form() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let path = format!("/fr/office/agents/{COLLEAGUE}");
    let page = agent.get(&path).await;
    let end = format!("/agents/{COLLEAGUE}");
    let none = page.submit_where(&agent, &end, ("action", "roles"), &[]).await;
    assert!(none.body.contains("Cochez au moins une fonction"));
    let roles = [("role_validator", "on")];
    let done = page.submit_where(&agent, &end, ("action", "roles"), &roles).await;
    assert_eq!(done.leads_to(), format!("{path}?done=roles"));
    let unsaid = page
        .submit_where(&agent, &end, ("action", "membership"), &[])
        .await;
    assert!(unsaid.body.contains("href=\"#matricule\""));
    let member = [("matricule", "90000001")];
    let noted = page
        .submit_where(&agent, &end, ("action", "membership"), &member)
        .await;
    assert_eq!(noted.leads_to(), format!("{path}?done=membership"));
    let link = page.submit_where(&agent, &end, ("action", "link"), &[]).await;
    assert!(link.body.contains("/account/link/another"));
    // Pressed again on the page that was left open, it forgets nothing that was enrolled since.
    for _ in 0..2 {
        let done = page.submit_where(&agent, &end, ("action", "factor"), &[]).await;
        assert_eq!(done.leads_to(), format!("{path}?done=factor"));
    }
    let unsaid = page
        .submit_where(&agent, &end, ("action", "disable"), &[("closing", "bored")])
        .await;
    assert!(unsaid.body.contains("href=\"#closing\""));
    page.submit_where(&agent, &end, ("action", "disable"), &[("closing", "left")])
        .await;
    assert_eq!(
        app.world.state().office.accounts,
        [
            "roles validator",
            "membership 90000001false",
            &format!("link {COLLEAGUE}"),
            "reset",
            "disable left"
        ]
    );
    let odd = page.hidden("form_token");
    for action in ["", "promote"] {
        let answer = agent
            .post(&path, &[("form_token", &odd), ("action", action)])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let said = agent
        .get(&format!("/fr/office/agents/{}", account_of("99000010")))
        .await;
    assert!(!said.body.contains("value=\"membership\""), "{}", said.body);
    assert!(said.body.contains("seul l’exploitant de la plateforme"));
    let unknown = agent
        .get("/fr/office/agents/01930000-0000-7000-8000-00000000ffff")
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_changes_their_own_account_and_the_auditor_changes_none() {
    let app = TestApp::start().await;
    let agent = app.signed_in(AGENT).await;
    let own = agent
        .get(&format!("/fr/office/agents/{}", account_of(AGENT)))
        .await;
    assert!(own.body.contains("C’est votre propre compte") && !own.body.contains("value=\"disable\""));
    let auditor = app.signed_in(AUDITOR).await;
    let list = auditor.get("/fr/office/agents").await;
    assert!(list.body.contains("99000001") && !list.body.contains("/agents/new"));
    let page = auditor.get(&format!("/fr/office/agents/{COLLEAGUE}")).await;
    assert!(page.body.contains("n’y change rien") && !page.body.contains("value=\"disable\""));
    let token = page.hidden("form_token");
    let answer = auditor
        .post(
            &format!("/fr/office/agents/{COLLEAGUE}"),
            &[("form_token", &token), ("action", "factor")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(app.world.state().office.accounts.is_empty());
}
