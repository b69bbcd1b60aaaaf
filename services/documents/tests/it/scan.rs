//! The scanner's seam: clean, infected, away. The scanner itself is an outside program; here a listener speaks its protocol.

use platform::status::reason;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{TestApp, pdf, someone};

/// Answers every INSTREAM with `verdict`.
async fn clamd(verdict: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
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
    address
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
    let gone = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let app = TestApp::start_with_scanner(&gone).await;
    let document = app
        .upload(someone(), "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap();
    assert_eq!(document.scan_state, "not_scanned");
    app.finish().await;
}
