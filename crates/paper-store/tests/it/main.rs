//! The place of papers on a real object store and on a real folder: what is written is read again, what goes wrong is said with the setting to mend.
#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod bucket;
mod faults;
mod folder;
mod refusals;

use paper_store::{S3Settings, StorageSettings};
use platform::settings::Secret;
use testkit::stack::{PrivateStack, Server};

/// An object store of one test.
pub(crate) async fn objects() -> PrivateStack {
    tokio::task::spawn_blocking(|| PrivateStack::start(&[Server::Objects]))
        .await
        .unwrap()
        .unwrap()
}

pub(crate) fn settings(stack: &PrivateStack) -> StorageSettings {
    let objects = &stack.addresses().objects;
    StorageSettings::bucket(S3Settings {
        endpoint: objects.endpoint.clone(),
        bucket: objects.bucket.clone(),
        access_key_id: Secret::new(&objects.access_key_id),
        secret_access_key: Secret::new(&objects.secret_access_key),
        ..S3Settings::default()
    })
}

/// A name as documents gives it.
pub(crate) fn paper(number: u8) -> String {
    format!(
        "{number:02x}/{:032x}",
        0x019a_b3c0_0000_7000_u128 << 64 | u128::from(number)
    )
}
