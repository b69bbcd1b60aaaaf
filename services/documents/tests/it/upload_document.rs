//! Taking papers in: what is accepted, what is refused and why, and that nothing is half done.

use documents_proto::v1::upload_document_request::Part;
use documents_proto::v1::{UploadDocumentRequest, UploadDocumentResponse, UploadOpening};
use futures::StreamExt as _;
use lopdf::dictionary;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::status::reason;

use crate::support::{TestApp, pdf, pdf_with, someone};

#[tokio::test]
async fn a_paper_is_taken_in_sealed_and_proved_by_a_receipt() {
    let app = TestApp::start().await;
    let who = someone();
    let answer = app.upload(who, "../rapport.pdf", &pdf()).await.unwrap();
    let document = answer.document.unwrap();
    assert_eq!(
        (
            document.file_name.as_str(),
            document.pages,
            document.scan_state.as_str()
        ),
        ("rapport.pdf", 1, "not_scanned")
    );

    let receipt = auth::receipt::Verifier::new(&app.keys.directory().trust_path())
        .verify(&answer.receipt, Clock::system().now())
        .unwrap();
    assert_eq!(receipt.owner, who.member);
    assert_eq!(receipt.document_id.to_string(), document.document_id);

    let objects = app.objects();
    assert_eq!(objects.len(), 1);
    let sealed = std::fs::read(&objects[0]).unwrap();
    assert!(
        !sealed.windows(5).any(|window| window == b"%PDF-"),
        "the content lies in the clear"
    );
    app.finish().await;
}

#[tokio::test]
async fn each_bad_file_is_refused_with_its_own_reason_and_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let encrypted = {
        let mut bytes = pdf();
        let position = String::from_utf8_lossy(&bytes).rfind("/Root").unwrap();
        bytes.splice(position..position, *b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)>>");
        bytes
    };
    let script =
        pdf_with(dictionary! { "OpenAction" => dictionary! { "S" => "JavaScript", "JS" => "app.alert(1)" } });
    let too_large = vec![b'x'; 10 * 1024 * 1024 + 1];
    for (content, expected) in [
        (b"".as_slice(), "FILE_EMPTY"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "FILE_TYPE_NOT_ACCEPTED"),
        (&encrypted, "FILE_PASSWORD_PROTECTED"),
        (&script, "FILE_ACTIVE_CONTENT"),
        (b"%PDF-1.7\nnothing more", "FILE_DAMAGED"),
        (&too_large, "FILE_TOO_LARGE"),
    ] {
        let refused = app.upload(someone(), "dossier.pdf", content).await.unwrap_err();
        assert_eq!(reason(&refused).as_deref(), Some(expected));
    }
    assert_eq!(app.count("documents").await, 0);
    assert!(app.objects().is_empty());
    // Each refusal is told, the one at the limit too.
    assert_eq!(app.count("outbox").await, 6);
    app.finish().await;
}

#[tokio::test]
async fn a_stream_of_fifty_megabytes_is_cut_at_the_limit() {
    let app = TestApp::start().await;
    let who = someone();
    let sent = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = sent.clone();
    let opening = documents_proto::v1::UploadOpening {
        file_name: "gros.pdf".to_owned(),
        document_class: "health_paper".to_owned(),
        idempotency_key: uuid_v7(Clock::system().now()).to_string(),
    };
    let chunk = vec![b'x'; 64 * 1024];
    let parts = std::iter::once(documents_proto::v1::upload_document_request::Part::Opening(
        opening,
    ))
    .chain((0..800).map(move |_| {
        counted.fetch_add(chunk.len(), std::sync::atomic::Ordering::SeqCst);
        documents_proto::v1::upload_document_request::Part::Chunk(chunk.clone())
    }));
    let messages = futures::stream::iter(
        parts.map(|part| documents_proto::v1::UploadDocumentRequest { part: Some(part) }),
    );
    let refused = app
        .client()
        .upload_document(app.as_member(who, messages))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("FILE_TOO_LARGE"));
    let sent = sent.load(std::sync::atomic::Ordering::SeqCst);
    assert!(
        sent < 20 * 1024 * 1024,
        "{sent} bytes were read of a stream that was refused at 10 MiB"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_same_key_twice_gives_one_paper_and_with_other_content_is_refused() {
    let app = TestApp::start().await;
    let (who, key) = (someone(), uuid_v7(Clock::system().now()).to_string());
    let first = app
        .upload_keyed(who, "a.pdf", &pdf(), &key)
        .await
        .unwrap()
        .document
        .unwrap();
    let second = app
        .upload_keyed(who, "a.pdf", &pdf(), &key)
        .await
        .unwrap()
        .document
        .unwrap();
    assert_eq!(first.document_id, second.document_id);
    assert_eq!((app.count("documents").await, app.objects().len()), (1, 1));
    let other = pdf_with(dictionary! { "Lang" => "fr" });
    let refused = app.upload_keyed(who, "a.pdf", &other, &key).await.unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("IDEMPOTENCY_KEY_REUSED"));
    // The same content as another kind of paper is another request.
    let refused = app
        .upload_as(who, "bank_paper", "a.pdf", &pdf(), &key)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("IDEMPOTENCY_KEY_REUSED"));
    app.finish().await;
}

/// An upload that sends these first bytes, or only names the paper, and then nothing more.
fn begun(
    app: &TestApp,
    first_bytes: Option<Vec<u8>>,
) -> impl Future<Output = Result<tonic::Response<UploadDocumentResponse>, tonic::Status>> + use<> {
    let opening = UploadOpening {
        file_name: "a.pdf".to_owned(),
        document_class: "health_paper".to_owned(),
        idempotency_key: uuid_v7(Clock::system().now()).to_string(),
    };
    let parts: Vec<_> = std::iter::once(Part::Opening(opening))
        .chain(first_bytes.map(Part::Chunk))
        .map(|part| UploadDocumentRequest { part: Some(part) })
        .collect();
    let messages = futures::stream::iter(parts).chain(futures::stream::pending());
    let request = app.as_member(someone(), messages);
    let mut client = app.client();
    async move { client.upload_document(request).await }
}

#[tokio::test]
async fn uploads_that_send_nothing_keep_nobody_out() {
    let app = TestApp::start().await;
    let mut open = tokio::task::JoinSet::new();
    for _ in 0..32 {
        open.spawn(begun(&app, None));
    }
    // Sixteen of them have been let in by then, if they are let in at all: requests on one connection are taken in their order.
    for _ in 0..3 {
        app.upload(someone(), "a.pdf", &pdf()).await.unwrap();
    }
    assert!(open.try_join_next().is_none(), "none of them was answered yet");
    open.shutdown().await;
    app.finish().await;
}

#[tokio::test]
async fn more_uploads_than_fit_in_memory_are_asked_to_come_back() {
    let app = TestApp::start().await;
    let mut open = tokio::task::JoinSet::new();
    // One more than there are places; each has sent its first bytes and sends nothing more.
    for _ in 0..17 {
        open.spawn(begun(&app, Some(b"%PDF-1.7".to_vec())));
    }
    let refused = open.join_next().await.unwrap().unwrap().unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("TRY_AGAIN"));
    assert!(platform::status::retry_after(&refused).is_some());
    // Who goes away makes room.
    open.shutdown().await;
    testkit::eventually(|| async { app.upload(someone(), "a.pdf", &pdf()).await.ok() }).await;
    app.finish().await;
}
