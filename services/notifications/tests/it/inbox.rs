//! Whose inbox is whose, pages, and reading.

use notifications_proto::v1::{CountUnreadRequest, ListMessagesRequest, MarkReadRequest};
use platform::status::reason;
use testkit::eventually;
use tonic::Code;

use crate::support::{TestApp, fresh_address};

#[tokio::test]
async fn a_message_stands_in_both_languages_in_its_readers_inbox_and_in_no_other() {
    let app = TestApp::start().await;
    let (member, other) = (
        app.member(&fresh_address(), "fr"),
        app.member(&fresh_address(), "fr"),
    );
    let (event, application) = app.submitted(member, true).await;
    app.until_mail(event, "delivered_to_smtp").await;

    let request = app.request(member, ListMessagesRequest::default());
    let page = app.inbox().list_messages(request).await.unwrap().into_inner();
    assert_eq!(page.messages.len(), 1);
    let message = &page.messages[0];
    assert_eq!(message.kind, "application_submitted");
    assert_eq!(message.title_fr, "Votre demande est bien arrivée");
    assert_eq!(message.title_ar, "توصلنا بطلبكم");
    assert_eq!(message.application_id, application.to_string());
    assert!(!message.read && page.next_page_token.is_empty());

    let request = app.request(other, ListMessagesRequest::default());
    assert!(
        app.inbox()
            .list_messages(request)
            .await
            .unwrap()
            .into_inner()
            .messages
            .is_empty()
    );

    // Another member who names the message changes nothing.
    let named = MarkReadRequest {
        message_ids: vec![message.message_id.clone()],
    };
    app.inbox()
        .mark_read(app.request(other, named.clone()))
        .await
        .unwrap();
    assert_eq!(unread(&app, member).await, 1);
    app.inbox().mark_read(app.request(member, named)).await.unwrap();
    assert_eq!(unread(&app, member).await, 0);
    app.finish().await;
}

async fn unread(app: &TestApp, member: kernel::MemberId) -> i32 {
    let request = app.request(member, CountUnreadRequest {});
    app.inbox()
        .count_unread(request)
        .await
        .unwrap()
        .into_inner()
        .unread
}

#[tokio::test]
async fn one_event_makes_one_message_however_often_it_comes() {
    let app = TestApp::start().await;
    let member = app.member(&fresh_address(), "fr");
    let (event, _) = app.submitted(member, true).await;
    app.until_mail(event, "delivered_to_smtp").await;
    // As when the stream is read again from its beginning and the inbox's rows are gone.
    sqlx::query("DELETE FROM inbox")
        .execute(app.pool())
        .await
        .unwrap();
    let (next, _) = app.submitted(member, true).await;
    app.until_mail(next, "delivered_to_smtp").await;
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM messages")
        .fetch_one(app.pool())
        .await
        .unwrap();
    assert_eq!(count, 2);
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_one_another_and_a_forged_token_is_refused() {
    let app = TestApp::start().await;
    let member = app.member(&fresh_address(), "fr");
    for _ in 0..5 {
        app.submitted(member, true).await;
    }
    eventually(|| async { (unread(&app, member).await == 5).then_some(()) }).await;

    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let request = app.request(
            member,
            ListMessagesRequest {
                page_size: 2,
                page_token: token,
            },
        );
        let page = app.inbox().list_messages(request).await.unwrap().into_inner();
        assert!(page.messages.len() <= 2);
        seen.extend(page.messages.into_iter().map(|message| message.message_id));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((seen.len(), distinct.len()), (5, 5));

    let forged = ListMessagesRequest {
        page_size: 2,
        page_token: "AAAA".to_owned(),
    };
    let refused = app
        .inbox()
        .list_messages(app.request(member, forged))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_deref()),
        (Code::InvalidArgument, Some("PAGE_TOKEN_UNKNOWN"))
    );

    // No id named: all of them.
    app.inbox()
        .mark_read(app.request(member, MarkReadRequest::default()))
        .await
        .unwrap();
    assert_eq!(unread(&app, member).await, 0);
    app.finish().await;
}
