//! What was done with a file, and the auditor's list of openings: everything but what the reader must not see.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::TestApp;
use crate::world::office::{RELATIVES, REVIEW};
use crate::world::{AGENT, AUDITOR};

#[tokio::test]
async fn the_trail_of_a_file_names_what_was_done_and_the_auditor_sees_the_openings() {
    let app = TestApp::start().await;
    let path = format!("/fr/office/files/{REVIEW}/audit");
    let agent = app.signed_in(AGENT).await.get(&path).await;
    assert!(agent.body.contains("Avis médical donné") && agent.body.contains("Agent 0009"));
    assert!(!agent.body.contains("Ouvertures de pièces de ce dossier"));
    let auditor = app.signed_in(AUDITOR).await;
    let trail = auditor.get(&path).await;
    assert!(trail.body.contains("La chaîne du journal est entière"));
    assert!(trail.body.contains("examen du dossier") && trail.body.contains("Refusée"));
    // To the second: what happened within one minute has an order.
    assert!(trail.body.contains(" à 13:02:00"), "{}", trail.body);
    // Of another agent, not to the reader: what kept them away, and why a refusal was proposed, in words.
    assert!(trail.body.contains("dossier d’un proche"), "{}", trail.body);
    assert!(!trail.body.contains("un autre agent le traite"), "{}", trail.body);
    assert!(trail.body.contains("pièces insuffisantes"), "{}", trail.body);
    assert!(!trail.body.contains("papers_insufficient"), "{}", trail.body);
    assert!(
        trail.body.contains("dossier d’une autre personne"),
        "{}",
        trail.body
    );
    let all = auditor.get("/fr/office/openings").await;
    assert!(all.body.contains(&path), "{}", all.body);
    assert!(
        all.body.contains(">12/Aid_X/2026<") && all.body.contains("Aide exceptionnelle de santé"),
        "which file: {}",
        all.body
    );
    app.world
        .refuse("list_queue_files", Code::Unavailable, "TRY_AGAIN");
    let without = auditor.get("/fr/office/openings").await;
    // Whose files these are is known to benefits alone.
    assert_eq!(without.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!without.body.contains(&path), "{}", without.body);
}

#[tokio::test]
async fn an_auditor_sees_no_opening_of_a_file_that_benefits_does_not_show_them() {
    let app = TestApp::start().await;
    let all = app.signed_in(AUDITOR).await.get("/fr/office/openings").await;
    assert!(all.body.contains(REVIEW), "{}", all.body);
    assert!(!all.body.contains(RELATIVES), "{}", all.body);
}
