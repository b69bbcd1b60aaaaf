//! A bucket that is not as the settings say is told in a sentence that names the setting, and no key is in it.

use paper_store::{S3Settings, StorageSettings, Store, StoreError};
use platform::settings::Secret;

use crate::{objects, settings};

async fn refused(settings: &StorageSettings) -> String {
    let error = Store::open(settings).unwrap().probe().await.unwrap_err();
    assert!(error.is_misplaced(), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn private_stack_a_wrong_bucket_a_wrong_key_and_a_wrong_secret_are_told_apart() {
    let stack = objects().await;
    let good = settings(&stack);
    Store::open(&good).unwrap().probe().await.unwrap();

    let with = |change: &dyn Fn(&mut S3Settings)| {
        let mut settings = good.clone();
        change(&mut settings.s3);
        settings
    };
    let secret = refused(&with(&|s3| s3.secret_access_key = Secret::new("hunter2-hunter2"))).await;
    assert!(secret.starts_with("storage.s3.secret_access_key:"), "{secret}");
    assert!(!secret.contains("hunter2"), "{secret}");
    let unknown = refused(&with(&|s3| s3.access_key_id = Secret::new("hunter2-unknown"))).await;
    assert!(unknown.starts_with("storage.s3.access_key_id:"), "{unknown}");
    assert!(!unknown.contains("hunter2"), "{unknown}");
    // The key may work in its own bucket alone: to it any other is one that it may not see.
    let bucket = refused(&with(&|s3| s3.bucket = "another".to_owned())).await;
    assert!(bucket.contains("another"), "{bucket}");
    let authority = Store::open(&with(&|s3| {
        s3.endpoint = "https://127.0.0.1:1".to_owned();
        s3.ca_file = "/nowhere/ca.pem".into();
    }))
    .unwrap_err();
    assert!(
        authority.to_string().starts_with("storage.s3.ca_file:"),
        "{authority}"
    );
}

#[tokio::test]
async fn a_store_that_takes_no_connection_is_away_and_not_misplaced() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut settings = StorageSettings::bucket(S3Settings {
        endpoint,
        bucket: "papers".to_owned(),
        access_key_id: Secret::new("id"),
        secret_access_key: Secret::new("secret"),
        ..S3Settings::default()
    });
    settings.timeout_seconds = 2;
    let error = Store::open(&settings).unwrap().probe().await.unwrap_err();
    assert!(
        matches!(error, StoreError::Away(_) | StoreError::TooSlow(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_reaches_no_store() {
    let folder = testkit::keys();
    let store = Store::open(&StorageSettings::disk(folder.path())).unwrap();
    for bad in ["", "/etc/passwd", "../x", "a//b", "a/./b", "a/", "a\\b\u{0}"] {
        let error = store.get(bad).await.unwrap_err();
        assert!(matches!(error, StoreError::BadName(_)), "{bad:?}: {error:?}");
    }
}
