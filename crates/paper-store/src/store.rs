//! What is done in the place. A paper's name is used once and its bytes never change, so that everything here may be asked twice.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};

use crate::bucket;
use crate::error::StoreError;
use crate::settings::{Kind, S3Settings, StorageSettings};

/// More than the largest paper that settings allow, sealed (100 MiB).
const LARGEST: u64 = 101 * 1024 * 1024;

/// The place.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    place: Place,
    deadline: Duration,
}

#[derive(Clone, Debug)]
enum Place {
    Folder(PathBuf),
    Bucket(S3Settings),
}

/// An object of the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub written: DateTime<Utc>,
    pub bytes: u64,
}

impl Store {
    /// By the settings; nothing is asked yet.
    ///
    /// # Errors
    /// A folder that is not there, settings of S3 that make no client.
    pub fn open(settings: &StorageSettings) -> Result<Self, StoreError> {
        let deadline = settings.deadline();
        let (objects, place): (Arc<dyn ObjectStore>, Place) = match settings.kind {
            Kind::Disk => {
                let folder = LocalFileSystem::new_with_prefix(&settings.directory)
                    .map_err(|error| StoreError::Misplaced(format!("storage.directory: {error}")))?;
                (
                    Arc::new(folder.with_fsync(true)),
                    Place::Folder(settings.directory.clone()),
                )
            }
            Kind::S3 => {
                let client = bucket::client(settings)?;
                let objects: Arc<dyn ObjectStore> = if settings.s3.prefix.is_empty() {
                    Arc::new(client)
                } else {
                    Arc::new(PrefixStore::new(client, settings.s3.prefix.as_str()))
                };
                (objects, Place::Bucket(settings.s3.clone()))
            }
        };
        Ok(Self {
            objects,
            place,
            deadline,
        })
    }

    /// The same, and asked once whether it is there and this key may look into it.
    ///
    /// # Errors
    /// [`StoreError::Misplaced`] with the setting to mend; otherwise the place is away.
    pub async fn probe(&self) -> Result<(), StoreError> {
        match &self.place {
            Place::Folder(folder) if folder.is_dir() => Ok(()),
            Place::Folder(folder) => Err(StoreError::Misplaced(format!(
                "storage.directory: {} is not a directory",
                folder.display()
            ))),
            Place::Bucket(_) => {
                let mut names = self.objects.list(None);
                self.within(async { names.next().await.transpose().map(drop) })
                    .await
            }
        }
    }

    /// For sentences: where it is.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.place {
            Place::Folder(folder) => folder.display().to_string(),
            Place::Bucket(s3) if s3.prefix.is_empty() => {
                format!("the bucket {} of {}", s3.bucket, s3.shown())
            }
            Place::Bucket(s3) => format!("{}/ of the bucket {} of {}", s3.prefix, s3.bucket, s3.shown()),
        }
    }

    /// Writes a new object, whole or not at all. One that is there already with the same bytes is what was wanted: the answer to an earlier try
    /// was lost.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when other bytes have the name; the object is then left as it is.
    pub async fn put(&self, name: &str, bytes: impl Into<Bytes>) -> Result<(), StoreError> {
        let (path, bytes) = (object(name)?, bytes.into());
        let mode = match self.place {
            // By a name of its own and a renaming: a folder that others mount may not know the links that Create needs.
            Place::Folder(_) => PutMode::Overwrite,
            Place::Bucket(_) => PutMode::Create,
        };
        let writing = async || {
            let options = PutOptions::from(mode.clone());
            let payload = PutPayload::from(bytes.clone());
            self.objects.put_opts(&path, payload, options).await
        };
        // Both tries and the comparison within one deadline.
        let whole = async {
            let first = match writing().await.map(drop) {
                Err(object_store::Error::Generic { .. }) if matches!(self.place, Place::Bucket(_)) => {
                    writing().await.map(drop)
                }
                other => other,
            };
            match first {
                Err(taken @ object_store::Error::AlreadyExists { .. }) => {
                    let there = self.objects.get(&path).await?;
                    let same = there.meta.size == bytes.len() as u64 && there.bytes().await? == bytes;
                    if same { Ok(()) } else { Err(taken) }
                }
                other => other,
            }
        };
        self.within(whole).await
    }

    /// An object's bytes.
    ///
    /// # Errors
    /// [`StoreError::Missing`], or the place is away.
    pub async fn get(&self, name: &str) -> Result<Bytes, StoreError> {
        let path = object(name)?;
        let reading = async {
            let found = self.objects.get(&path).await?;
            if found.meta.size > LARGEST {
                return Ok(Err(StoreError::TooLarge(found.meta.size)));
            }
            found.bytes().await.map(Ok)
        };
        self.within(reading).await?
    }

    /// Whether an object is there.
    ///
    /// # Errors
    /// The place is away.
    pub async fn has(&self, name: &str) -> Result<bool, StoreError> {
        let path = object(name)?;
        match self.within(self.objects.head(&path)).await {
            Ok(_) => Ok(true),
            Err(StoreError::Missing) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes an object; one that is gone already is no error.
    ///
    /// # Errors
    /// The place is away.
    pub async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let path = object(name)?;
        match self.within(self.objects.delete(&path)).await {
            Ok(()) | Err(StoreError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every paper, in the order of names. What is still being written is not among them, nor is anything whose name is no paper's
    /// ([`is_paper`]): a place may be shared, and a longer prefix lies below a shorter one.
    ///
    /// # Errors
    /// The place is away; each page of the list has the deadline of one paper.
    pub async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        let mut all = match &self.place {
            Place::Folder(folder) => {
                let folder = folder.clone();
                tokio::task::spawn_blocking(move || files(&folder))
                    .await
                    .map_err(|error| StoreError::Away(error.to_string()))??
            }
            Place::Bucket(_) => {
                let (mut names, mut all) = (self.objects.list(None), Vec::new());
                while let Some(meta) = self.within(async { names.next().await.transpose() }).await? {
                    all.push(Listed {
                        name: meta.location.to_string(),
                        written: meta.last_modified,
                        bytes: meta.size,
                    });
                }
                all
            }
        };
        all.retain(|object| is_paper(&object.name));
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, object_store::Error>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(self.deadline, work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.meaning(&error)),
            Err(_) => Err(StoreError::TooSlow(self.deadline)),
        }
    }

    fn meaning(&self, error: &object_store::Error) -> StoreError {
        match &self.place {
            Place::Bucket(s3) => bucket::meaning(s3, error),
            Place::Folder(_) => match error {
                object_store::Error::NotFound { .. } => StoreError::Missing,
                other => StoreError::Away(other.to_string()),
            },
        }
    }
}

/// Whether this is the name of a paper: a folder of two hexadecimal digits, and 32 of them that end in the same two. Everything else in the place is
/// somebody else's.
#[must_use]
pub fn is_paper(name: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    name.split_once('/').is_some_and(|(folder, paper)| {
        folder.len() == 2 && paper.len() == 32 && paper.ends_with(folder) && paper.bytes().all(is_hex)
    })
}

/// A name that stays below the place, and is written as it is meant.
fn object(name: &str) -> Result<ObjectPath, StoreError> {
    ObjectPath::parse(name)
        .ok()
        .filter(|path| !name.is_empty() && path.as_ref() == name)
        .ok_or_else(|| StoreError::BadName(name.to_owned()))
}

/// Files below a folder. A file that is being written has another name until it is whole (`#`); `lost+found` is the disk's own.
fn files(root: &Path) -> Result<Vec<Listed>, StoreError> {
    let away = |error: std::io::Error| StoreError::Away(error.to_string());
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(below) = waiting.pop() {
        let entries = match fs::read_dir(root.join(&below)) {
            Ok(entries) => entries,
            // A folder that went while this looked around.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !below.is_empty() => continue,
            Err(error) => return Err(away(error)),
        };
        for entry in entries {
            let entry = entry.map_err(away)?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let path = if below.is_empty() {
                name.clone()
            } else {
                format!("{below}/{name}")
            };
            let kind = entry.file_type().map_err(away)?;
            if kind.is_dir() && name != "lost+found" {
                waiting.push(path);
            } else if kind.is_file() && !name.contains('#') {
                // Deleted between the two looks: not there.
                let Ok(about) = entry.metadata() else { continue };
                found.push(Listed {
                    name: path,
                    written: about.modified().map_err(away)?.into(),
                    bytes: about.len(),
                });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::is_paper;

    #[test]
    fn a_paper_has_a_folder_of_its_last_two_digits_and_no_other_name_is_a_paper_s() {
        assert!(is_paper("4f/019ab3c0d1e2743fb5a6c7d8e9f0a14f"));
        for other in [
            "",
            "4f/",
            "/019ab3c0d1e2743fb5a6c7d8e9f0a14f",
            "019ab3c0d1e2743fb5a6c7d8e9f0a14f",
            "4e/019ab3c0d1e2743fb5a6c7d8e9f0a14f",
            "4F/019AB3C0D1E2743FB5A6C7D8E9F0A14F",
            "4f/019ab3c0d1e2743fb5a6c7d8e9f0a14",
            "4f/x19ab3c0d1e2743fb5a6c7d8e9f0a14f",
            "4f/4f/019ab3c0d1e2743fb5a6c7d8e9f0a14f",
            "staging/4f/019ab3c0d1e2743fb5a6c7d8e9f0a14f",
            "4f/019ab3c0d1e2743fb5a6c7d8e9f0a14f/4f",
        ] {
            assert!(!is_paper(other), "{other:?}");
        }
    }
}
