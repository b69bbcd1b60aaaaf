//! What documents does with papers, in a bucket.

use paper_store::{Store, StoreError};

use crate::{objects, paper as name_of, settings};

#[tokio::test]
async fn private_stack_a_paper_is_written_read_listed_and_removed_and_each_may_be_asked_twice() {
    let stack = objects().await;
    let store = Store::open(&settings(&stack)).unwrap();
    let (one, two) = (name_of(1), name_of(2));
    store.probe().await.unwrap();
    assert_eq!(store.list().await.unwrap(), []);
    assert!(matches!(store.get(&one).await, Err(StoreError::Missing)));
    assert!(!store.has(&one).await.unwrap());

    // Larger than what a client sends at once.
    let paper = vec![7_u8; 10 * 1024 * 1024 + 1];
    store.put(&one, paper.clone()).await.unwrap();
    assert_eq!(store.get(&one).await.unwrap(), paper);
    assert!(store.has(&one).await.unwrap());

    // The answer to the first writing was lost: the second is no other object, and no error.
    store.put(&one, paper.clone()).await.unwrap();
    let other = store.put(&one, &b"other bytes"[..]).await;
    assert!(matches!(other, Err(StoreError::Taken)), "{other:?}");
    assert_eq!(store.get(&one).await.unwrap(), paper, "nothing was overwritten");

    store.put(&two, &b"second"[..]).await.unwrap();
    let listed = store.list().await.unwrap();
    let names: Vec<(&str, u64)> = listed.iter().map(|of| (of.name.as_str(), of.bytes)).collect();
    assert_eq!(names, [(one.as_str(), paper.len() as u64), (two.as_str(), 6)]);

    store.delete(&one).await.unwrap();
    store.delete(&one).await.unwrap();
    assert!(matches!(store.get(&one).await, Err(StoreError::Missing)));
    assert_eq!(store.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn private_stack_installations_share_a_bucket_by_their_prefixes_and_see_nothing_of_one_another() {
    let stack = objects().await;
    let of = |prefix: &str| {
        let mut settings = settings(&stack);
        prefix.clone_into(&mut settings.s3.prefix);
        Store::open(&settings).unwrap()
    };
    let name = name_of(1);
    // One prefix lies below another, and one installation has none.
    let prefixes = ["", "one", "one/papers", "other"];
    let stores = prefixes.map(of);
    for (store, prefix) in stores.iter().zip(prefixes) {
        store.put(&name, prefix.as_bytes().to_vec()).await.unwrap();
    }
    // Another program's, in the same bucket.
    for stranger in ["one/backup.tar", "one/01/report", "readme"] {
        stores[0].put(stranger, &b"a stranger's"[..]).await.unwrap();
    }
    for (store, prefix) in stores.iter().zip(prefixes) {
        assert_eq!(store.get(&name).await.unwrap(), prefix.as_bytes());
        let listed = store.list().await.unwrap();
        let names: Vec<&str> = listed.iter().map(|of| of.name.as_str()).collect();
        assert_eq!(names, [name.as_str()], "{prefix:?}");
    }
    stores[1].delete(&name).await.unwrap();
    assert_eq!(stores[1].list().await.unwrap(), []);
    assert!(stores[2].has(&name).await.unwrap());
}

#[tokio::test]
async fn private_stack_more_objects_than_a_page_of_the_list_are_all_found() {
    let stack = objects().await;
    let store = Store::open(&settings(&stack)).unwrap();
    let names: Vec<String> = (0..1_005_u32)
        .map(|n| format!("{:02x}/{n:030x}{:02x}", n % 256, n % 256))
        .collect();
    for some in names.chunks(50) {
        let writings = some.iter().map(|name| store.put(name, &b"x"[..]));
        futures::future::try_join_all(writings).await.unwrap();
    }
    assert_eq!(store.list().await.unwrap().len(), names.len());
}
