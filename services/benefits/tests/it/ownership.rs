//! Another member's application does not exist for whoever asks; the attempt stands in the trail.

use benefits_proto::v1::save_answer_request::Answer;
use benefits_proto::v1::{
    DiscardDraftRequest, GetApplicationRequest, ListApplicationsRequest, WithdrawApplicationRequest,
};
use tonic::Code;

use crate::support::{Member, TestApp, id, key};

/// Each way of naming an application, and what it answers.
async fn every_way(member: &Member<'_>, application: &str) -> Vec<tonic::Status> {
    let mut client = member.applications();
    let application_id = application.to_owned();
    vec![
        client
            .get_application(member.request(GetApplicationRequest {
                application_id: application_id.clone(),
            }))
            .await
            .expect_err("not found"),
        member
            .answer(application, Answer::ReasonCode("oncology".to_owned()))
            .await
            .expect_err("not found"),
        member.submit(application).await.expect_err("not found"),
        client
            .withdraw_application(member.request(WithdrawApplicationRequest {
                application_id: application_id.clone(),
                idempotency_key: key(),
            }))
            .await
            .expect_err("not found"),
        client
            .discard_draft(member.request(DiscardDraftRequest {
                application_id,
                idempotency_key: key(),
            }))
            .await
            .expect_err("not found"),
    ]
}

#[tokio::test]
async fn another_member_s_draft_is_not_found_and_each_attempt_is_written_down() {
    let app = TestApp::start().await;
    let (owner, other) = (app.member().await, app.member().await);
    let draft = owner.complete_draft("oncology").await;
    let refusals = every_way(&other, &draft.application_id).await;
    for status in &refusals {
        assert_eq!(status.code(), Code::NotFound);
        assert_eq!(
            platform::status::reason(status).as_deref(),
            Some("APPLICATION_NOT_FOUND")
        );
    }
    let attempts: Vec<(String, String)> =
        sqlx::query_as("SELECT actor_id, record_id::text FROM audit WHERE action = 'foreign_access_refused'")
            .fetch_all(app.pool())
            .await
            .expect("the trail");
    assert_eq!(
        attempts,
        vec![(other.account.to_string(), draft.application_id.clone()); refusals.len()]
    );

    let list = ListApplicationsRequest::default();
    let listed = other
        .applications()
        .list_applications(other.request(list))
        .await
        .expect("a list")
        .into_inner();
    assert!(listed.applications.is_empty());
    assert_eq!(
        owner.start().await.version,
        draft.version,
        "the draft is untouched"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_application_that_never_was_is_answered_alike_and_leaves_no_trail() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for application in [id().to_string(), "1".to_owned(), String::new()] {
        for status in every_way(&member, &application).await {
            assert_eq!(
                platform::status::reason(&status).as_deref(),
                Some("APPLICATION_NOT_FOUND"),
                "{application}"
            );
        }
    }
    assert_eq!(
        app.count("SELECT count(*) FROM audit WHERE action = 'foreign_access_refused'")
            .await,
        0
    );
    app.finish().await;
}
