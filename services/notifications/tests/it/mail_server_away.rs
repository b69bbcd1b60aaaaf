//! The mail server away, back again, and refusing. The proxy and the refusing server stand in for the vendor outside.

use identity_proto::events::v1::AccountLinkRequested;
use std::time::Duration;
use testkit::eventually;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{TestApp, fresh_address};

#[tokio::test]
async fn a_mail_waits_for_the_mail_server_and_follows_when_it_is_back() {
    let app = TestApp::start_without_mail_server().await;
    let address = fresh_address();
    let member = app.member(&address, "fr");
    let (event, _) = app.submitted(member, true).await;
    let message = app.until_mail(event, "tried").await;
    eventually(|| async { (app.job(event).await == ("queued".to_owned(), 1)).then_some(()) }).await;
    let failed = app.trace(message).await.pop().unwrap();
    assert_eq!(
        failed,
        ("failed".to_owned(), Some(1), Some("smtp_unreachable".to_owned()))
    );
    assert!(testkit::smtp().mails_to(&address).await.unwrap().is_empty());

    // It is back: at its address, everything is passed on to the catcher.
    let listener = TcpListener::bind(("127.0.0.1", app.smtp_port)).await.unwrap();
    tokio::spawn(async move {
        let catcher = testkit::smtp();
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect((catcher.host.as_str(), catcher.port))
                .await
                .unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut server).await });
        }
    });
    app.clock.advance(Duration::from_secs(15));
    app.until_mail(event, "delivered_to_smtp").await;
    assert_eq!(testkit::smtp().mails_to(&address).await.unwrap().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_that_stays_away_leaves_a_dead_mail_that_is_seen() {
    let app = TestApp::start_without_mail_server().await;
    let delivery = app.delivery(&fresh_address(), "fr");
    let data = AccountLinkRequested {
        delivery_id: delivery.to_string(),
    };
    let event = app
        .publish_identity("identity.account.link_requested.v1", &data)
        .await;
    for attempt in 1..14 {
        eventually(|| async { (app.job(event).await == ("queued".to_owned(), attempt)).then_some(()) }).await;
        app.clock.advance(Duration::from_secs(6 * 3600));
    }
    let message = app.until_mail(event, "dead").await;
    let last = app.trace(message).await.pop().unwrap();
    assert_eq!(
        last,
        ("dead".to_owned(), None, Some("smtp_unreachable".to_owned()))
    );
    let mut conn = app.pool().acquire().await.unwrap();
    let dead = work_queue::operate::dead_jobs(&mut conn, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts), (1, 14));
    drop(conn);
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_is_refused_for_good_is_not_tried_again() {
    let port = refusing_server("550 5.1.1 unknown mailbox").await;
    let app = TestApp::start_with_smtp(port).await;
    let member = app.member(&fresh_address(), "ar");
    let (event, _) = app.submitted(member, false).await;
    let message = app.until_mail(event, "dead").await;
    assert_eq!(app.job(event).await, ("dead".to_owned(), 1));
    assert_eq!(
        app.trace(message).await.pop().unwrap().2.as_deref(),
        Some("smtp_refused")
    );
    app.finish().await;
}

#[tokio::test]
async fn an_address_that_is_refused_for_now_is_tried_again() {
    let port = refusing_server("451 4.7.1 come back later").await;
    let app = TestApp::start_with_smtp(port).await;
    let member = app.member(&fresh_address(), "ar");
    let (event, _) = app.submitted(member, false).await;
    eventually(|| async { (app.job(event).await == ("queued".to_owned(), 1)).then_some(()) }).await;
    let message = app.until_mail(event, "tried").await;
    assert_eq!(
        app.trace(message).await.pop().unwrap().2.as_deref(),
        Some("smtp_refused_for_now")
    );
    app.finish().await;
}

/// A mail server that answers every recipient with this line.
async fn refusing_server(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, answer));
        }
    });
    port
}

async fn converse(stream: TcpStream, answer: &'static str) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let reply = if line.starts_with("RCPT") {
            answer
        } else {
            "250 ok"
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
    Ok(())
}
