//! Where sealed papers lie: an object store behind one narrow door. It sees sealed bytes only and names that tell nothing.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload};
use uuid::Uuid;

/// The store.
#[derive(Clone, Debug)]
pub(crate) struct Storage(Arc<dyn ObjectStore>);

impl Storage {
    /// A directory of this machine, or one that is mounted.
    pub(crate) fn directory(path: &Path) -> Result<Self, object_store::Error> {
        Ok(Self(Arc::new(
            LocalFileSystem::new_with_prefix(path)?.with_fsync(true),
        )))
    }

    /// The name of a paper's object; two letters of folder, so that no folder grows without bound.
    pub(crate) fn name(id: Uuid) -> String {
        let text = id.simple().to_string();
        format!("{}/{text}", &text[text.len() - 2..])
    }

    pub(crate) async fn put(&self, name: &str, sealed: Vec<u8>) -> Result<(), object_store::Error> {
        self.0
            .put(&ObjectPath::from(name), PutPayload::from(sealed))
            .await?;
        Ok(())
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Bytes, object_store::Error> {
        self.0.get(&ObjectPath::from(name)).await?.bytes().await
    }

    /// Removes an object; one that is gone already is no error.
    pub(crate) async fn delete(&self, name: &str) -> Result<(), object_store::Error> {
        match self.0.delete(&ObjectPath::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Names of objects last written before an instant.
    pub(crate) async fn written_before(
        &self,
        instant: DateTime<Utc>,
    ) -> Result<Vec<String>, object_store::Error> {
        let all: Vec<_> = self.0.list(None).try_collect().await?;
        Ok(all
            .into_iter()
            .filter(|meta| meta.last_modified < instant)
            .map(|meta| meta.location.to_string())
            .collect())
    }
}
