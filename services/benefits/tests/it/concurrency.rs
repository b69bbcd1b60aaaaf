//! Many at once: one file however often Terminer is pressed, one open request a person and reason, numbers that never repeat.

use std::collections::BTreeSet;

use benefits_proto::v1::StartApplicationRequest;
use futures::future::join_all;
use kernel::RequestNumber;

use crate::support::{AID, TestApp, key, reason};

#[tokio::test]
async fn terminer_pressed_twice_at_once_makes_one_file() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let draft = member.complete_draft("oncology").await;
    let same = key();
    let keys = [key(), key(), same.clone(), same];
    let presses = keys
        .iter()
        .map(|key| member.submit_with(&draft.application_id, key));
    let answers: BTreeSet<String> = join_all(presses)
        .await
        .into_iter()
        .map(|answer| answer.expect("each press is answered").request_number)
        .collect();
    assert_eq!(answers.len(), 1);
    assert_eq!(app.count("SELECT count(*) FROM applications").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 1, "one event");
    assert_eq!(
        app.count("SELECT count(*) FROM assessments").await,
        1,
        "one judgement"
    );
    app.finish().await;
}

#[tokio::test]
async fn two_devices_that_start_at_once_share_one_draft() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let starts = (0..6).map(|_| {
        let request = StartApplicationRequest {
            benefit_code: AID.to_owned(),
            idempotency_key: key(),
        };
        let (mut client, request) = (member.applications(), member.request(request));
        async move { client.start_application(request).await }
    });
    let drafts: BTreeSet<String> = join_all(starts)
        .await
        .into_iter()
        .map(|answer| {
            answer
                .expect("a draft")
                .into_inner()
                .application
                .expect("an application")
                .application_id
        })
        .collect();
    assert_eq!(drafts.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn one_request_a_person_and_reason_is_open_at_a_time() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let first = member.complete_draft("oncology").await;
    member.submit(&first.application_id).await.expect("it is sent");
    let second = member.complete_draft("oncology").await;
    assert_eq!(
        reason(member.submit(&second.application_id).await),
        "OPEN_REQUEST_EXISTS"
    );
    // The refused draft is kept; another reason makes it another request.
    let other = member.complete_draft("cost_surplus").await;
    assert_eq!(other.application_id, second.application_id);
    member.submit(&other.application_id).await.expect("it is sent");
    app.finish().await;
}

#[tokio::test]
async fn both_parents_asking_for_one_child_at_once_make_one_open_request() {
    let app = TestApp::start().await;
    let mother = app.member().await;
    let father = app.stranger();
    let child = mother.child();
    father
        .becomes_known(|facts| facts.relatives[1].person_id.clone_from(&child))
        .await;
    let hers = mother.complete_draft("oncology").await;
    let his = father.start().await;
    for answer in [
        father.confirmed_account(),
        crate::support::concerned("child", &child),
        benefits_proto::v1::save_answer_request::Answer::ReasonCode("oncology".to_owned()),
        benefits_proto::v1::save_answer_request::Answer::ConsentVersion(crate::support::NOTICE.to_owned()),
        father.paper(|_| {}),
    ] {
        father
            .answer(&his.application_id, answer)
            .await
            .expect("the answer is taken");
    }
    let (one, two) = tokio::join!(
        mother.submit(&hers.application_id),
        father.submit(&his.application_id)
    );
    let (sent, refused) = if one.is_ok() { (one, two) } else { (two, one) };
    assert!(sent.is_ok());
    assert_eq!(reason(refused), "OPEN_REQUEST_EXISTS");
    app.finish().await;
}

#[tokio::test]
async fn numbers_taken_at_once_are_unique_and_increase() {
    let app = TestApp::start().await;
    let members: Vec<_> = (0..9).map(|_| app.stranger()).collect();
    join_all(members.iter().map(|member| member.becomes_known(|_| {}))).await;
    let (last, members) = members.split_last().expect("nine members");
    let drafts = join_all(
        members
            .iter()
            .map(|member| async { member.complete_draft("oncology").await.application_id }),
    )
    .await;
    let submissions = members
        .iter()
        .zip(&drafts)
        .map(|(member, draft)| member.submit(draft));
    let numbers: BTreeSet<u32> = join_all(submissions)
        .await
        .into_iter()
        .map(|answer| answer.expect("it is sent").request_number)
        .map(|text| RequestNumber::parse(&text).expect("a number").sequence())
        .collect();
    assert_eq!(numbers.len(), 8);
    let draft = last.complete_draft("oncology").await;
    let later = last
        .submit(&draft.application_id)
        .await
        .expect("it is sent")
        .request_number;
    let later = RequestNumber::parse(&later).expect("a number").sequence();
    assert!(numbers.iter().all(|earlier| *earlier < later));
    app.finish().await;
}
