//! What documents does with papers, in a folder.

use paper_store::{StorageSettings, Store, StoreError};

#[tokio::test]
async fn a_paper_in_a_folder_is_written_read_listed_and_removed_and_what_is_unfinished_is_no_paper() {
    let folder = testkit::keys();
    let root = folder.path().join("store");
    std::fs::create_dir_all(root.join("lost+found")).unwrap();
    std::fs::create_dir_all(root.join("ab")).unwrap();
    std::fs::write(root.join("lost+found/17"), b"the disk's own").unwrap();
    std::fs::write(root.join("ab/half#1"), b"half").unwrap();
    let settings = StorageSettings::disk(&root);
    settings.validate().unwrap();
    let store = Store::open(&settings).unwrap();
    store.probe().await.unwrap();
    store.put("ab/one", &b"sealed"[..]).await.unwrap();
    store.put("ab/one", &b"sealed"[..]).await.unwrap();
    let listed = store.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].name.as_str(), listed[0].bytes), ("ab/one", 6));
    assert_eq!(store.get("ab/one").await.unwrap(), &b"sealed"[..]);
    store.delete("ab/one").await.unwrap();
    store.delete("ab/one").await.unwrap();
    assert!(matches!(store.get("ab/one").await, Err(StoreError::Missing)));
    std::fs::remove_dir_all(&root).unwrap();
    assert!(store.probe().await.unwrap_err().is_misplaced());
}
