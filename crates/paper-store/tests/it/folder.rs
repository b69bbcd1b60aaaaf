//! What documents does with papers, in a folder.

use paper_store::{StorageSettings, Store, StoreError};

use crate::paper;

#[tokio::test]
async fn a_paper_in_a_folder_is_written_read_listed_and_removed_and_what_is_unfinished_is_no_paper() {
    let folder = testkit::keys();
    let root = folder.path().join("store");
    std::fs::create_dir_all(root.join("lost+found")).unwrap();
    std::fs::create_dir_all(root.join("ab")).unwrap();
    std::fs::write(root.join("lost+found/17"), b"the disk's own").unwrap();
    std::fs::write(root.join("ab/half#1"), b"half").unwrap();
    std::fs::write(root.join("ab/notes"), b"somebody else's").unwrap();
    let settings = StorageSettings::disk(&root);
    settings.validate().unwrap();
    let store = Store::open(&settings).unwrap();
    store.probe().await.unwrap();
    let one = paper(1);
    store.put(&one, &b"sealed"[..]).await.unwrap();
    store.put(&one, &b"sealed"[..]).await.unwrap();
    let listed = store.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].name.as_str(), listed[0].bytes), (one.as_str(), 6));
    assert_eq!(store.get(&one).await.unwrap(), &b"sealed"[..]);
    store.delete(&one).await.unwrap();
    store.delete(&one).await.unwrap();
    assert!(matches!(store.get(&one).await, Err(StoreError::Missing)));
    std::fs::remove_dir_all(&root).unwrap();
    assert!(store.probe().await.unwrap_err().is_misplaced());
}
