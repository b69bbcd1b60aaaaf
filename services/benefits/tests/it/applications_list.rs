//! The history: pages, filters, tokens.

use benefits_proto::v1::{ListApplicationsRequest, ListApplicationsResponse, WithdrawApplicationRequest};
use tonic::Status;

use crate::support::{AID, Member, TestApp, fields, key};

async fn list(
    member: &Member<'_>,
    benefit: &str,
    size: i32,
    token: &str,
) -> Result<ListApplicationsResponse, Status> {
    let request = ListApplicationsRequest {
        benefit_code: benefit.to_owned(),
        page_size: size,
        page_token: token.to_owned(),
    };
    member
        .applications()
        .list_applications(member.request(request))
        .await
        .map(tonic::Response::into_inner)
}

#[tokio::test]
async fn pages_follow_one_another_newest_first_and_end() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        let draft = member.complete_draft("oncology").await;
        let sent = member.submit(&draft.application_id).await.expect("it is sent");
        let request = WithdrawApplicationRequest {
            application_id: sent.application_id.clone(),
            idempotency_key: key(),
        };
        member
            .applications()
            .withdraw_application(member.request(request))
            .await
            .expect("it is taken back");
        made.insert(0, sent.application_id);
    }
    let first = list(&member, "", 2, "").await.expect("a page");
    let second = list(&member, "", 2, &first.next_page_token)
        .await
        .expect("a page");
    let ids: Vec<String> = first
        .applications
        .iter()
        .chain(&second.applications)
        .map(|a| a.application_id.clone())
        .collect();
    assert_eq!((ids, second.next_page_token.as_str()), (made, ""));
    assert!(
        first
            .applications
            .iter()
            .all(|application| application.conditions.len() == 5)
    );

    assert_eq!(
        list(&member, AID, 0, "")
            .await
            .expect("all of the aid")
            .applications
            .len(),
        3
    );
    assert!(
        list(&member, "eid_support", 0, "")
            .await
            .expect("none")
            .applications
            .is_empty()
    );
    app.finish().await;
}

#[tokio::test]
async fn a_token_of_another_list_member_or_hand_is_refused() {
    let app = TestApp::start().await;
    let (member, other) = (app.member().await, app.member().await);
    for reason in ["oncology", "cost_surplus"] {
        let draft = member.complete_draft(reason).await;
        member.submit(&draft.application_id).await.expect("it is sent");
    }
    let token = list(&member, "", 1, "").await.expect("a page").next_page_token;
    let refused = vec![("page_token".to_owned(), "PAGE_TOKEN_INVALID".to_owned())];
    assert_eq!(fields(list(&other, "", 1, &token).await), refused);
    assert_eq!(fields(list(&member, AID, 1, &token).await), refused);
    assert_eq!(fields(list(&member, "", 1, "AAAA").await), refused);
    assert_eq!(
        fields(list(&member, "", -1, "").await),
        vec![("page_size".to_owned(), "PAGE_SIZE_INVALID".to_owned())]
    );
    app.finish().await;
}
