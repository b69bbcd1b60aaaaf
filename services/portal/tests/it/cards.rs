//! The card: codes come by a button, look at nothing but themselves, and are nowhere kept; who checked is said.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::world::{BRAHIM, KHADIJA};

/// Presses the button of this page and reads the page to which it leads.
async fn ask(member: &Browser, page: &Page) -> Page {
    let answer = page.submit(member, "/fr/card", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    member.get(answer.leads_to()).await
}

#[tokio::test]
async fn codes_come_by_a_button_in_two_groups_and_who_has_none_is_told_why() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let page = member.get("/fr/card").await;
    assert_eq!(app.world.calls("issue_card_codes"), 0, "looking voids no code");
    let shown = ask(&member, &page).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("<bdi dir=\"ltr\">AB3CD 4EF5G</bdi>"));
    assert!(
        shown.body.contains("Hassan Aït Bella"),
        "the name is the record's"
    );
    assert!(shown.body.contains("A dépassé l’âge"), "the child without a code");
    assert!(shown.body.contains("30\u{a0}%"));
    // 13:12 UTC is 14:12 in Casablanca.
    assert!(shown.body.contains("14:12"), "until when");
    let again = ask(&member, &shown).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(app.world.calls("issue_card_codes"), 2);
}

#[tokio::test]
async fn a_reload_shows_the_codes_that_hold_and_asks_for_none() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let page = member.get("/fr/card").await;
    let answer = page.submit(&member, "/fr/card", &[]).await;
    let address = answer.leads_to();
    assert!(!address.contains("AB3CD"), "the address names no code");
    for _ in 0..2 {
        let read = member.get(address).await;
        assert!(read.body.contains("AB3CD 4EF5G"), "{}", read.body);
    }
    assert_eq!(app.world.calls("issue_card_codes"), 1);
    let other = app.signed_in(BRAHIM).await;
    assert!(
        !other.get(address).await.body.contains("AB3CD"),
        "sealed for the member"
    );
}

#[tokio::test]
async fn codes_that_newer_ones_replaced_are_not_said_to_be_valid() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let (one, other) = (member.get("/fr/card").await, member.get("/fr/card").await);
    let first = one.submit(&member, "/fr/card", &[]).await;
    let first = first.leads_to();
    let second = other.submit(&member, "/fr/card", &[]).await;
    let second = second.leads_to();
    let reloaded = member.get(first).await;
    assert_eq!(reloaded.status, StatusCode::OK);
    assert!(!reloaded.body.contains("AB3CD") && !reloaded.body.contains("14:12"));
    for said in ["Des codes plus récents ont remplacé", "Afficher les codes"] {
        assert!(reloaded.body.contains(said), "{said}: {}", reloaded.body);
    }
    let arabic = member.get(&first.replace("/fr/", "/ar/")).await;
    assert!(arabic.body.contains("صدرت رموز أحدث"), "{}", arabic.body);
    assert!(member.get(second).await.body.contains("AB3CD 4EF5G"));
    // Nobody can say so while partnerships is away; a code is then still worth showing.
    app.world.state().away.insert("partnerships");
    assert!(member.get(second).await.body.contains("AB3CD 4EF5G"));
}

#[tokio::test]
async fn a_refusal_and_an_absence_of_partnerships_are_said_and_show_no_code() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let page = member.get("/ar/card").await;
    app.world
        .refuse("issue_card_codes", Code::ResourceExhausted, "CODES_TOO_OFTEN");
    let refused = page.submit(&member, "/ar/card", &[]).await;
    assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
    app.world.state().away.insert("partnerships");
    let away = page.submit(&member, "/ar/card", &[]).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!away.body.contains("AB3CD"));
}

#[tokio::test]
async fn names_stay_away_with_membership_and_codes_are_shown_all_the_same() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let page = member.get("/fr/card").await;
    app.world.state().away.insert("membership");
    let shown = ask(&member, &page).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("AB3CD 4EF5G"));
    assert!(shown.body.contains("Conjoint(e)"), "whose card it is");
}

#[tokio::test]
async fn the_member_reads_who_checked_what_was_answered_and_what_was_paid() {
    let app = TestApp::start().await;
    let checks = app.signed_in(KHADIJA).await.get("/fr/card/checks").await;
    for said in [
        "Autocars Spécimen",
        "Guichet de la gare",
        "Valable",
        "Non valable",
        "Le code avait expiré.",
        "84,35",
    ] {
        assert!(checks.body.contains(said), "{said}");
    }
    let none = app.signed_in(BRAHIM).await.get("/fr/card/checks").await;
    assert!(none.body.contains("Personne n’a vérifié votre carte"));
}

#[tokio::test]
async fn codes_stay_when_the_language_is_switched_and_are_nobody_else_s() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    let page = member.get("/fr/card").await;
    let shown = ask(&member, &page).await;
    let arabic = shown.switch_language(&member, "/fr/card", &[]).await;
    assert_eq!(arabic.status, StatusCode::OK);
    assert!(arabic.body.contains("<html lang=\"ar\""));
    assert!(
        arabic.body.contains("<bdi dir=\"ltr\">AB3CD 4EF5G</bdi>"),
        "{}",
        arabic.body
    );
    assert!(arabic.body.contains("14:12"), "until when");
    assert_eq!(
        app.world.calls("issue_card_codes"),
        1,
        "the codes that somebody may be showing hold"
    );
    let back = arabic.switch_language(&member, "/ar/card", &[]).await;
    assert!(back.body.contains("AB3CD 4EF5G"));
    // Sealed for the member: in another session it opens to nothing, and neither does what was changed.
    let sealed = shown.hidden("shown");
    assert!(!sealed.contains("AB3CD") && sealed.len() > 100);
    let other = app.signed_in(BRAHIM).await;
    let theirs = other.get("/fr/card").await;
    for shown in [sealed.as_str(), &sealed[1..], "x", ""] {
        let token = theirs.hidden("form_token");
        let fields = [
            ("form_token", token.as_str()),
            ("switch", "language"),
            ("shown", shown),
        ];
        let answer = other.post("/fr/card", &fields).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains("AB3CD"));
    }
}

#[tokio::test]
async fn who_is_not_known_there_yet_is_told_of_the_card_and_not_of_a_draft() {
    let app = TestApp::start().await;
    let member = app.signed_in(KHADIJA).await;
    for (locale, said, not) in [
        ("fr", "service des cartes", "brouillon"),
        ("ar", "خدمة البطاقات", "مسودتكم"),
    ] {
        let page = member.get(&format!("/{locale}/card")).await;
        app.world
            .refuse("issue_card_codes", Code::FailedPrecondition, "FACTS_UNKNOWN");
        let refused = page.submit(&member, &format!("/{locale}/card"), &[]).await;
        assert!(
            refused.body.contains(said) && !refused.body.contains(not),
            "{}",
            refused.body
        );
    }
}
