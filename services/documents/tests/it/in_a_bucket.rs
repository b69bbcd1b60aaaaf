//! Papers in a bucket of a real object store: from the upload to the purge, and what happens when the store lies, hangs or forgets.

use auth::grant::{self, Grant};
use documents::{S3Settings, StorageSettings};
use documents_proto::v1::{OpenForReviewRequest, open_for_review_response};
use kernel::ids::{AccountId, ApplicationId};
use kernel::permission::Role;
use lopdf::{Object, dictionary};
use paper_store::Store;
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::process::ServiceApp as _;
use platform::settings::Secret;
use testkit::eventually;
use testkit::stack::{PrivateStack, Server, Stack};
use tonic::{Code, Request};
use uuid::Uuid;

use crate::support::{TestApp, pdf, pdf_with, someone};

async fn objects() -> PrivateStack {
    tokio::task::spawn_blocking(|| PrivateStack::start(&[Server::Objects]))
        .await
        .unwrap()
        .unwrap()
}

fn storage(stack: &PrivateStack) -> StorageSettings {
    let objects = &stack.addresses().objects;
    let mut storage = StorageSettings::bucket(S3Settings {
        endpoint: objects.endpoint.clone(),
        bucket: objects.bucket.clone(),
        prefix: "tadamon".to_owned(),
        access_key_id: Secret::new(&objects.access_key_id),
        secret_access_key: Secret::new(&objects.secret_access_key),
        ..S3Settings::default()
    });
    storage.timeout_seconds = 3;
    storage
}

async fn names(store: &Store) -> Vec<String> {
    let listed = store.list().await.unwrap();
    listed.into_iter().map(|of| of.name).collect()
}

async fn reviewed(app: &TestApp, paper: &str) -> Vec<u8> {
    let now = Clock::system().now();
    let agent = AccountId::from_uuid(uuid_v7(now));
    let opening = Grant {
        document_id: paper.parse().unwrap(),
        application_id: ApplicationId::from_uuid(uuid_v7(now)),
        agent,
        reason: "assessment".to_owned(),
    };
    let request = OpenForReviewRequest {
        opening_grant: grant::sign(&app.keys.signing_key("benefits"), &opening, now),
    };
    let token = app.keys.agent_token("documents", agent, &[Role::HealthReviewer]);
    let request = auth::client::with_token(Request::new(request), &token);
    let mut stream = app.client().open_for_review(request).await.unwrap().into_inner();
    let mut content = Vec::new();
    while let Some(message) = stream.message().await.unwrap() {
        if let Some(open_for_review_response::Part::Chunk(chunk)) = message.part {
            content.extend(chunk);
        }
    }
    content
}

#[tokio::test]
async fn private_stack_a_paper_in_a_bucket_is_taken_in_reviewed_downloaded_and_purged() {
    let stack = objects().await;
    let store = Store::open(&storage(&stack)).unwrap();
    let app = TestApp::start_in_bucket(storage(&stack)).await;
    let who = someone();
    let large = pdf_with(dictionary! { "Filler" => Object::string_literal(vec![b'a'; 6 * 1024 * 1024]) });
    let taken_in = app.upload(who, "a.pdf", &large).await.unwrap();
    let id = taken_in.document.unwrap().document_id;
    let objects = names(&store).await;
    assert_eq!(objects.len(), 1);
    let sealed = store.get(&objects[0]).await.unwrap();
    let clear = sealed.windows(5).any(|window| window == b"%PDF-");
    assert!(
        !clear && sealed.len() > large.len(),
        "what lies in the bucket is sealed"
    );
    assert!(app.objects().is_empty(), "nothing lies on the disk");

    assert_eq!(reviewed(&app, &id).await, large);
    assert_eq!(app.download(who, &id, "a look").await.unwrap(), large);

    // Nobody named it for 91 days: another process, whose timers turn at its start, lets it go.
    sqlx::query("UPDATE documents SET uploaded_at = uploaded_at - interval '91 days' WHERE id = $1")
        .bind(id.parse::<Uuid>().unwrap())
        .execute(&app.db.pool)
        .await
        .unwrap();
    app.start_another_until(|| async { names(&store).await.is_empty().then_some(()) })
        .await;
    assert_eq!(app.count("documents").await, 0);
    assert!(app.download(who, &id, "a look").await.is_err());
    app.finish().await;
}

#[tokio::test]
async fn private_stack_an_upload_that_is_asked_twice_leaves_one_paper_and_one_object() {
    let stack = objects().await;
    let store = Store::open(&storage(&stack)).unwrap();
    let app = TestApp::start_in_bucket(storage(&stack)).await;
    let (who, key) = (someone(), uuid_v7(Clock::system().now()).to_string());
    let first = app.upload_keyed(who, "a.pdf", &pdf(), &key).await.unwrap();
    let again = app.upload_keyed(who, "a.pdf", &pdf(), &key).await.unwrap();
    assert_eq!(
        first.document.unwrap().document_id,
        again.document.unwrap().document_id
    );
    assert_eq!(names(&store).await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn private_stack_an_object_that_was_changed_or_taken_away_opens_to_nobody() {
    let stack = objects().await;
    let store = Store::open(&storage(&stack)).unwrap();
    let app = TestApp::start_in_bucket(storage(&stack)).await;
    let who = someone();
    let taken_in = app.upload(who, "a.pdf", &pdf()).await.unwrap();
    let id = taken_in.document.unwrap().document_id;
    let name = names(&store).await.remove(0);
    let mut bytes = store.get(&name).await.unwrap().to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    store.delete(&name).await.unwrap();
    store.put(&name, bytes).await.unwrap();
    let damaged = app.download(who, &id, "a look").await.unwrap_err();
    assert_eq!(damaged.code(), Code::Internal);
    store.delete(&name).await.unwrap();
    assert!(app.download(who, &id, "a look").await.is_err());
    assert_eq!(app.count("access_log WHERE outcome = 'opened'").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn private_stack_a_store_that_hangs_refuses_papers_in_time_and_holds_nothing_else_up() {
    let stack = objects().await;
    let app = TestApp::start_in_bucket(storage(&stack)).await;
    let who = someone();
    let taken_in = app.upload(who, "a.pdf", &pdf()).await.unwrap();
    let id = taken_in.document.unwrap().document_id;

    Stack::freeze(stack.dir(), Server::Objects, true).unwrap();
    let key = uuid_v7(Clock::system().now()).to_string();
    let paper = pdf();
    let (upload, download) = tokio::join!(
        app.upload_keyed(who, "b.pdf", &paper, &key),
        app.download(who, &id, "a look")
    );
    assert_eq!(upload.unwrap_err().code(), Code::Unavailable);
    assert_eq!(download.unwrap_err().code(), Code::Unavailable);
    // A process that starts meanwhile starts all the same.
    let mut late = app.settings();
    late.storage.timeout_seconds = 1;
    drop(documents::App::build(late, Clock::system()).await.unwrap());
    Stack::freeze(stack.dir(), Server::Objects, false).unwrap();

    // With the same key, as the member's page does it: one paper, whatever became of the first try's object.
    let again = eventually(|| async { app.upload_keyed(who, "b.pdf", &paper, &key).await.ok() }).await;
    let again = again.document.unwrap().document_id;
    assert_eq!(app.download(who, &again, "a look").await.unwrap(), paper);
    assert_eq!(app.count("documents").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn private_stack_a_store_that_dies_under_uploads_loses_no_paper_that_was_confirmed() {
    let stack = objects().await;
    let app = TestApp::start_in_bucket(storage(&stack)).await;
    let who = someone();
    let large = pdf_with(dictionary! { "Filler" => Object::string_literal(vec![b'a'; 4 * 1024 * 1024]) });
    let uploads = futures::future::join_all((0..6).map(|_| app.upload(who, "a.pdf", &large)));
    let (answers, ()) = tokio::join!(uploads, async {
        // After some of them, in the middle of others.
        eventually(|| async { (app.count("documents").await > 0).then_some(()) }).await;
        stack.kill(Server::Objects).unwrap();
    });
    stack.start_again(Server::Objects).unwrap();
    let confirmed: Vec<String> = answers
        .into_iter()
        .filter_map(|answer| answer.ok()?.document)
        .map(|document| document.document_id)
        .collect();
    assert!(!confirmed.is_empty());
    for id in &confirmed {
        assert_eq!(app.download(who, id, "a look").await.unwrap(), large);
    }
    app.finish().await;
}

#[tokio::test]
async fn private_stack_a_wrong_bucket_or_key_keeps_the_process_from_starting_and_says_which() {
    let stack = objects().await;
    let app = TestApp::start_in_bucket(storage(&stack)).await;
    let said = async |change: &dyn Fn(&mut S3Settings)| {
        let mut settings = app.settings();
        change(&mut settings.storage.s3);
        let error = documents::App::build(settings, Clock::system())
            .await
            .unwrap_err();
        format!("{error:#}")
    };
    let secret = said(&|s3| s3.secret_access_key = Secret::new("hunter2-hunter2")).await;
    assert!(
        secret.starts_with("storage.s3.secret_access_key:") && !secret.contains("hunter2"),
        "{secret}"
    );
    let bucket = said(&|s3| s3.bucket = "another".to_owned()).await;
    assert!(bucket.contains("another"), "{bucket}");
    app.finish().await;
}
