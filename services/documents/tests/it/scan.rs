//! The scanner's seam: clean, infected, away. The scanner itself is an outside program; here a listener speaks its protocol.

use platform::status::reason;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use tokio::net::TcpListener;

use crate::support::{TestApp, pdf, someone};

/// Answers every INSTREAM with `verdict`.
async fn clamd(verdict: &'static str) -> String {
    counting_clamd(verdict).await.0
}

/// The same; counts what it was asked.
async fn counting_clamd(verdict: &'static str) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    // By name, as a cluster has it.
    let address = format!("localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            loop {
                let length = stream.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                stream.read_exact(&mut vec![0; length as usize]).await.unwrap();
            }
            stream.write_all(verdict.as_bytes()).await.unwrap();
        }
    });
    (address, asked)
}

/// Where nobody listens.
async fn nobody() -> String {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    gone.local_addr().unwrap().to_string()
}

async fn in_state(app: &TestApp, state: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM documents WHERE scan_state = $1")
        .bind(state)
        .fetch_one(&app.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_clean_paper_is_marked_clean() {
    let app = TestApp::start_with_scanner(&clamd("stream: OK\0").await).await;
    let document = app
        .upload(someone(), "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap();
    assert_eq!(document.scan_state, "clean");
    app.finish().await;
}

#[tokio::test]
async fn an_infected_paper_is_refused() {
    let app = TestApp::start_with_scanner(&clamd("stream: Eicar-Test-Signature FOUND\0").await).await;
    let refused = app.upload(someone(), "a.pdf", &pdf()).await.unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("FILE_INFECTED"));
    assert_eq!(app.count("documents").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_scanner_that_is_away_leaves_the_paper_not_scanned() {
    let app = TestApp::start_with_scanner(&nobody().await).await;
    let document = app
        .upload(someone(), "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap();
    assert_eq!(document.scan_state, "not_scanned");
    app.finish().await;
}

// Whoever takes the papers in below has no scanner: one that is away would have its turn with them, and ten minutes pass before anybody's next.

#[tokio::test]
async fn what_came_while_the_scanner_was_away_is_scanned_once_when_it_is_back() {
    let app = TestApp::start().await;
    for _ in 0..6 {
        app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    }
    assert_eq!(in_state(&app, "not_scanned").await, 6);
    let (address, asked) = counting_clamd("stream: OK\0").await;
    let all = || async { (in_state(&app, "clean").await == 6).then_some(()) };
    tokio::join!(
        app.start_another_with_scanner(&address, all),
        app.start_another_with_scanner(&address, all),
    );
    assert_eq!(asked.load(Ordering::SeqCst), 6, "two replicas scan nothing twice");
    let lines: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit WHERE action = 'scan' AND reason = 'clean'")
            .fetch_one(&app.db.pool)
            .await
            .unwrap();
    assert_eq!(lines, 6);
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_is_found_infected_later_is_told_with_its_owner_on_the_restricted_subject_once() {
    let app = TestApp::start().await;
    let member = someone();
    let document = app
        .upload(member, "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap();
    let address = clamd("stream: Eicar-Test-Signature FOUND\0").await;
    app.start_another_with_scanner(&address, || async {
        (in_state(&app, "infected").await == 1).then_some(())
    })
    .await;
    let told: Vec<(bool, serde_json::Value)> = sqlx::query_as(
        "SELECT restricted, data FROM outbox WHERE event_type = 'documents.document.found_infected.v1'",
    )
    .fetch_all(&app.db.pool)
    .await
    .unwrap();
    let expected =
        serde_json::json!({ "documentId": document.document_id, "memberId": member.member.to_string() });
    assert_eq!(told, [(true, expected)]);
    app.finish().await;
}

#[tokio::test]
async fn one_paper_that_the_scanner_cannot_read_does_not_keep_it_from_the_others() {
    let app = TestApp::start().await;
    let broken = app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    app.upload(someone(), "b.pdf", &pdf()).await.unwrap();
    // The first one was asked about a minute ago, without an answer.
    sqlx::query("UPDATE documents SET scan_tried_at = now() - interval '1 minute' WHERE id = $1::uuid")
        .bind(broken.document.unwrap().document_id)
        .execute(&app.db.pool)
        .await
        .unwrap();
    let address = clamd("stream: OK\0").await;
    app.start_another_with_scanner(&address, || async {
        (in_state(&app, "clean").await == 1).then_some(())
    })
    .await;
    assert_eq!(in_state(&app, "not_scanned").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn how_long_the_oldest_paper_waits_for_the_scanner_is_shown_until_it_was_seen() {
    const SHOWN: &str = "papers_not_scanned_oldest_age_seconds";
    let app = TestApp::start_with_scanner(&nobody().await).await;
    assert_eq!(app.shows(SHOWN).await, Some(0));
    app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    app.upload(someone(), "b.pdf", &pdf()).await.unwrap();
    sqlx::query(
        "UPDATE documents SET uploaded_at = now() - interval '1 hour'
         WHERE id = (SELECT id FROM documents ORDER BY id LIMIT 1)",
    )
    .execute(&app.db.pool)
    .await
    .unwrap();
    assert!(app.shows(SHOWN).await.unwrap() >= 3600);
    sqlx::query("UPDATE documents SET scan_state = 'clean'")
        .execute(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(app.shows(SHOWN).await, Some(0));
    app.finish().await;
}

#[tokio::test]
async fn where_no_scanner_is_set_nothing_is_said_to_wait_for_one() {
    let app = TestApp::start().await;
    app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    sqlx::query("UPDATE documents SET uploaded_at = now() - interval '1 hour'")
        .execute(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(app.shows("papers_not_scanned_oldest_age_seconds").await, Some(0));
    app.finish().await;
}
