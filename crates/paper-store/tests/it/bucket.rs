//! What documents does with papers, in a bucket.

use paper_store::{Store, StoreError};

use crate::{objects, settings};

#[tokio::test]
async fn private_stack_a_paper_is_written_read_listed_and_removed_and_each_may_be_asked_twice() {
    let stack = objects().await;
    let store = Store::open(&settings(&stack)).unwrap();
    store.probe().await.unwrap();
    assert_eq!(store.list().await.unwrap(), []);
    assert!(matches!(store.get("ab/one").await, Err(StoreError::Missing)));
    assert!(!store.has("ab/one").await.unwrap());

    // Larger than what a client sends at once.
    let paper = vec![7_u8; 10 * 1024 * 1024 + 1];
    store.put("ab/one", paper.clone()).await.unwrap();
    assert_eq!(store.get("ab/one").await.unwrap(), paper);
    assert!(store.has("ab/one").await.unwrap());

    // The answer to the first writing was lost: the second is no other object, and no error.
    store.put("ab/one", paper.clone()).await.unwrap();
    let other = store.put("ab/one", &b"other bytes"[..]).await;
    assert!(matches!(other, Err(StoreError::Taken)), "{other:?}");
    assert_eq!(
        store.get("ab/one").await.unwrap(),
        paper,
        "nothing was overwritten"
    );

    store.put("cd/two", &b"second"[..]).await.unwrap();
    let listed = store.list().await.unwrap();
    let names: Vec<(&str, u64)> = listed.iter().map(|of| (of.name.as_str(), of.bytes)).collect();
    assert_eq!(names, [("ab/one", paper.len() as u64), ("cd/two", 6)]);

    store.delete("ab/one").await.unwrap();
    store.delete("ab/one").await.unwrap();
    assert!(matches!(store.get("ab/one").await, Err(StoreError::Missing)));
    assert_eq!(store.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn private_stack_two_installations_share_a_bucket_by_their_prefixes_and_see_nothing_of_one_another() {
    let stack = objects().await;
    let of = |prefix: &str| {
        let mut settings = settings(&stack);
        prefix.clone_into(&mut settings.s3.prefix);
        Store::open(&settings).unwrap()
    };
    let (one, other, whole) = (of("one/papers"), of("other"), of(""));
    one.put("ab/x", &b"of one"[..]).await.unwrap();
    other.put("ab/x", &b"of the other"[..]).await.unwrap();
    one.put("ab/x", &b"of one"[..]).await.unwrap();
    assert_eq!(one.get("ab/x").await.unwrap(), &b"of one"[..]);
    assert_eq!(other.list().await.unwrap()[0].name, "ab/x");
    let names: Vec<String> = whole
        .list()
        .await
        .unwrap()
        .into_iter()
        .map(|of| of.name)
        .collect();
    assert_eq!(names, ["one/papers/ab/x", "other/ab/x"]);
    other.delete("ab/x").await.unwrap();
    assert!(one.has("ab/x").await.unwrap());
}

#[tokio::test]
async fn private_stack_more_objects_than_a_page_of_the_list_are_all_found() {
    let stack = objects().await;
    let store = Store::open(&settings(&stack)).unwrap();
    let names: Vec<String> = (0..1_005).map(|n| format!("{:02}/{n:05}", n % 100)).collect();
    for some in names.chunks(50) {
        let writings = some.iter().map(|name| store.put(name, &b"x"[..]));
        futures::future::try_join_all(writings).await.unwrap();
    }
    assert_eq!(store.list().await.unwrap().len(), names.len());
}
