//! Opening papers: only the owner, never without a trace, never damaged.

use documents_proto::v1::{DownloadDocumentRequest, GetDocumentRequest};
use lopdf::{Object, dictionary};
use tonic::Code;

use crate::support::{TestApp, pdf, pdf_with, someone};

#[tokio::test]
async fn the_owner_reads_back_what_was_sent_and_the_opening_is_logged() {
    let app = TestApp::start().await;
    let who = someone();
    let id = app
        .upload(who, "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap()
        .document_id;
    assert_eq!(app.download(who, &id, "summary page").await.unwrap(), pdf());
    let row: (String, String) = sqlx::query_as("SELECT reason, outcome FROM access_log")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(row, ("summary page".to_owned(), "opened".to_owned()));
    app.finish().await;
}

#[tokio::test]
async fn another_members_paper_looks_as_if_it_did_not_exist_and_the_attempt_is_logged() {
    let app = TestApp::start().await;
    let id = app
        .upload(someone(), "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap()
        .document_id;
    let stranger = someone();
    let refused = app.download(stranger, &id, "curious").await.unwrap_err();
    let unknown = app
        .download(stranger, &uuid::Uuid::nil().to_string(), "curious")
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), refused.message()),
        (unknown.code(), unknown.message())
    );
    assert_eq!(refused.code(), Code::NotFound);
    let get = GetDocumentRequest { document_id: id };
    assert_eq!(
        app.client()
            .get_document(app.as_member(stranger, get))
            .await
            .unwrap_err()
            .code(),
        Code::NotFound
    );
    let refusals: i64 = sqlx::query_scalar("SELECT count(*) FROM access_log WHERE outcome = 'refused'")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    assert_eq!(refusals, 2);
    app.finish().await;
}

#[tokio::test]
async fn an_opening_without_a_reason_is_refused() {
    let app = TestApp::start().await;
    let who = someone();
    let id = app
        .upload(who, "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap()
        .document_id;
    assert_eq!(
        app.download(who, &id, "  ").await.unwrap_err().code(),
        Code::InvalidArgument
    );
    app.finish().await;
}

#[tokio::test]
async fn a_sealed_file_that_was_changed_does_not_open() {
    let app = TestApp::start().await;
    let who = someone();
    let id = app
        .upload(who, "a.pdf", &pdf())
        .await
        .unwrap()
        .document
        .unwrap()
        .document_id;
    let object = app.objects().remove(0);
    let mut bytes = std::fs::read(&object).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&object, bytes).unwrap();
    assert_eq!(
        app.download(who, &id, "summary page").await.unwrap_err().code(),
        Code::Internal
    );
    app.finish().await;
}

#[tokio::test]
async fn a_paper_that_is_still_being_read_holds_its_place() {
    let app = TestApp::start().await;
    let who = someone();
    // Larger than what the transport takes on before anybody reads.
    let large = pdf_with(dictionary! { "Filler" => Object::string_literal(vec![b'a'; 6 * 1024 * 1024]) });
    let paper = app.upload(who, "a.pdf", &large).await.unwrap();
    let id = paper.document.unwrap().document_id;
    let ask = || DownloadDocumentRequest {
        document_id: id.clone(),
        reason: "a look".to_owned(),
    };
    let mut streams = Vec::new();
    for _ in 0..16 {
        let answer = app.client().download_document(app.as_member(who, ask())).await;
        streams.push(answer.unwrap().into_inner());
    }
    // The answer's head alone: where the place is not held, the paper itself would wait behind the sixteen that nobody reads.
    let one_too_many = app.client().download_document(app.as_member(who, ask())).await;
    assert_eq!(
        one_too_many.map(drop).unwrap_err().code(),
        Code::ResourceExhausted
    );
    drop(streams);
    let read = testkit::eventually(|| async { app.download(who, &id, "a place is free").await.ok() }).await;
    assert_eq!(read, large);
    app.finish().await;
}
