//! The store dies, hangs or loses its answer in the middle: the caller is told in time, and what is asked again is done once.

use std::time::Duration;

use paper_store::{S3Settings, StorageSettings, Store, StoreError};
use platform::settings::Secret;
use testkit::stack::{Server, Stack};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::{objects, paper, settings};

#[tokio::test]
async fn private_stack_a_store_that_hangs_is_given_up_at_the_deadline_and_used_again_afterwards() {
    let stack = objects().await;
    let mut settings = settings(&stack);
    settings.timeout_seconds = 2;
    let store = Store::open(&settings).unwrap();
    store.put("ab/one", &b"sealed"[..]).await.unwrap();

    Stack::freeze(stack.dir(), Server::Objects, true).unwrap();
    for error in [
        store.get("ab/one").await.map(drop).unwrap_err(),
        store.put("ab/two", &b"sealed"[..]).await.unwrap_err(),
        store.list().await.map(drop).unwrap_err(),
    ] {
        assert!(
            matches!(error, StoreError::TooSlow(_) | StoreError::Away(_)),
            "{error:?}"
        );
    }
    Stack::freeze(stack.dir(), Server::Objects, false).unwrap();
    assert_eq!(store.get("ab/one").await.unwrap(), &b"sealed"[..]);
    // Whether the one that nobody was told of came to be or not, the same bytes are there after asking again.
    store.put("ab/two", &b"sealed"[..]).await.unwrap();
    assert_eq!(store.get("ab/two").await.unwrap(), &b"sealed"[..]);
}

#[tokio::test]
async fn private_stack_a_store_that_dies_during_a_writing_leaves_the_whole_object_or_none() {
    let stack = objects().await;
    let mut settings = settings(&stack);
    settings.timeout_seconds = 3;
    let store = Store::open(&settings).unwrap();
    let paper = vec![3_u8; 20 * 1024 * 1024];
    for round in 0..3_u64 {
        let name = format!("ab/{round}");
        let writing = {
            let (store, name, paper) = (store.clone(), name.clone(), paper.clone());
            tokio::spawn(async move { store.put(&name, paper).await })
        };
        // Somewhere in the middle of it: it takes some tenths of a second.
        let _not_yet =
            tokio::time::timeout(Duration::from_millis(30 * round), std::future::pending::<()>()).await;
        stack.kill(Server::Objects).unwrap();
        let told = writing.await.unwrap();
        stack.start_again(Server::Objects).unwrap();
        match store.get(&name).await {
            Ok(found) => assert_eq!(found, paper, "half an object"),
            Err(StoreError::Missing) => assert!(told.is_err(), "a writing that was confirmed is gone"),
            Err(error) => panic!("{error:?}"),
        }
        store.put(&name, paper.clone()).await.unwrap();
        assert_eq!(store.get(&name).await.unwrap(), paper);
    }
}

/// Between store and client: passes the first request on and keeps its answer to itself.
async fn loses_the_first_answer(store: String) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut lost = false;
        while let Ok((client, _)) = listener.accept().await {
            let behind = TcpStream::connect(store.trim_start_matches("http://"))
                .await
                .unwrap();
            if lost {
                tokio::spawn(async move {
                    let (mut client, mut behind) = (client, behind);
                    tokio::io::copy_bidirectional(&mut client, &mut behind).await
                });
                continue;
            }
            lost = true;
            let (mut from_client, to_client) = client.into_split();
            let (mut from_store, mut to_store) = behind.into_split();
            let passing = tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_store).await });
            // The store did what it was asked, and nobody hears of it.
            let mut answer = [0; 12];
            from_store.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"HTTP/1.1 200");
            passing.abort();
            let mut to_client = to_client;
            let _cut = to_client.shutdown().await;
        }
    });
    endpoint
}

#[tokio::test]
async fn private_stack_a_writing_whose_answer_was_lost_is_asked_again_and_done_once() {
    let stack = objects().await;
    let straight = settings(&stack);
    let mut settings = straight.clone();
    settings.s3.endpoint = loses_the_first_answer(straight.s3.endpoint.clone()).await;
    // The signature is over the host that the client names.
    let store = Store::open(&settings).unwrap();
    store.put(&paper(1), &b"sealed"[..]).await.unwrap();
    let listed = Store::open(&straight).unwrap().list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(store.get(&paper(1)).await.unwrap(), &b"sealed"[..]);
}

/// A store that says the same to everybody, after a while.
async fn says(answer: String, after: Duration) -> StorageSettings {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _asked = client.read(&mut request).await.unwrap();
                let _not_yet = tokio::time::timeout(after, std::future::pending::<()>()).await;
                // Who asked may have gone meanwhile.
                let _written = client.write_all(answer.as_bytes()).await;
            });
        }
    });
    StorageSettings::bucket(S3Settings {
        endpoint,
        bucket: "papers".to_owned(),
        prefix: "tadamon".to_owned(),
        access_key_id: Secret::new("id"),
        secret_access_key: Secret::new("secret"),
        ..S3Settings::default()
    })
}

fn answer(content: &str) -> String {
    let length = content.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nETag: \"1\"\r\nLast-Modified: Mon, 23 Nov 2026 05:00:00 GMT\r\nConnection: close\r\n\r\n{content}"
    )
}

#[tokio::test]
async fn a_paper_that_takes_most_of_the_deadline_is_still_given() {
    let mut settings = says(answer("sealed"), Duration::from_millis(3_500)).await;
    settings.timeout_seconds = 6;
    let store = Store::open(&settings).unwrap();
    assert_eq!(store.get(&paper(1)).await.unwrap(), &b"sealed"[..]);
}

#[tokio::test]
async fn the_marker_of_a_folder_is_no_paper() {
    let object = |key: &str| {
        format!(
            "<Contents><Key>{key}</Key><LastModified>2026-11-23T01:00:00.000Z</LastModified><ETag>1</ETag><Size>0</Size></Contents>"
        )
    };
    let keys = [
        "tadamon/".to_owned(),
        "tadamon/ab/".to_owned(),
        format!("tadamon/{}", paper(1)),
    ];
    let listed = keys.map(|key| object(&key)).concat();
    let page = format!("<ListBucketResult><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>");
    let settings = says(answer(&page), Duration::ZERO).await;
    let listed = Store::open(&settings).unwrap().list().await.unwrap();
    let names: Vec<&str> = listed.iter().map(|of| of.name.as_str()).collect();
    assert_eq!(names, [paper(1)]);
}
