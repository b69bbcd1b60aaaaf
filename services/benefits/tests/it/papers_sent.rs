//! The papers of a sent file: documents is told which to keep, and a paper that documents may have let go of is not sent.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::DocumentId;
use platform::clock::Clock;
use platform::ids::uuid_v7;

use crate::support::{Member, TestApp, reason};

/// A draft whose one paper was taken in at that instant.
async fn draft_with_paper_of(member: &Member<'_>, taken_in: DateTime<Utc>) -> (String, DocumentId) {
    let document = DocumentId::from_uuid(uuid_v7(taken_in));
    let application = member.complete_draft("oncology").await.application_id;
    member
        .answer(
            &application,
            member.paper(|receipt| receipt.document_id = document),
        )
        .await
        .expect("the paper is taken");
    (application, document)
}

#[tokio::test]
async fn a_sent_file_names_its_papers_for_documents_and_the_replaced_one_not() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let (application, document) = draft_with_paper_of(&member, Clock::system().now()).await;
    member.submit(&application).await.expect("it is sent");
    let named: serde_json::Value = sqlx::query_scalar(
        "SELECT data -> 'documentIds' FROM outbox WHERE event_type = 'benefits.application.submitted.v1'",
    )
    .fetch_one(app.pool())
    .await
    .expect("the event");
    assert_eq!(named, serde_json::json!([document.to_string()]));
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_documents_may_have_let_go_of_is_asked_for_again() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let now = Clock::system().now();
    let (application, _) = draft_with_paper_of(&member, now - TimeDelta::days(84)).await;
    assert_eq!(reason(member.submit(&application).await), "PAPER_NOT_USABLE");

    // The draft stays; another paper sends it.
    member
        .answer(&application, member.paper(|_| {}))
        .await
        .expect("the paper is taken");
    member.submit(&application).await.expect("it is sent");
    app.finish().await;
}

#[tokio::test]
async fn a_paper_of_82_days_can_still_be_sent() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let taken_in = Clock::system().now() - TimeDelta::days(82);
    let (application, _) = draft_with_paper_of(&member, taken_in).await;
    member.submit(&application).await.expect("it is sent");
    app.finish().await;
}
