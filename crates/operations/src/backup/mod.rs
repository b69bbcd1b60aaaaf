//! Backup and restore of an installation: one folder with a dump of each service's database, the sealed papers, and a manifest that says what is in
//! it and is written last. `tadamon backup` and `tadamon restore` are its faces; no service runs any of it.
//!
//! Dumps are `pg_dump`'s own (custom format), so that they can be read without this program. What is ours: all databases are looked at in one moment
//! and in an order, every table is counted and summed up in the same snapshot, papers are copied so that no row is without its paper, and after a
//! restore the databases are told of it before a service may run on them. Keys are never in a backup.
//!
//! Reading order: `place` (databases and Postgres' programs), `tables`, `papers`, `manifest`, `take`, `verify`, `put_back`.

mod manifest;
mod papers;
mod place;
mod put_back;
mod tables;
mod take;
mod verify;

pub use manifest::{Manifest, ServiceManifest};
pub use place::{Database, Programs};
pub use put_back::{Restoration, Restored, mark, put_back};
pub use tables::{TableSum, sums};
pub use take::{Plan, remove_old, take};
pub use verify::verify;

/// In which order databases are looked at: who refers to another's records comes before it, so that what a row names is in the backup too.
///
/// notifications names applications, deliveries and members; partnerships clients and members; benefits papers, agents and members; documents
/// and identity members. Listeners come before publishers for the same reason, but for documents, which hears benefits and whose papers benefits
/// names: a paper that is missing would break a file, one that is kept too long breaks nothing.
pub const ORDER: [&str; 6] = [
    "notifications",
    "partnerships",
    "benefits",
    "documents",
    "identity",
    "membership",
];

/// Why there is no backup, or no restore.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What was given cannot be used, and nothing was changed: the sentence says what to change.
    #[error("{0}")]
    Refused(String),
    /// A database that does not answer; nothing was changed.
    #[error("{0}")]
    Away(String),
    /// It failed on the way.
    #[error("{0:#}")]
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for BackupError {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

fn refused(sentence: impl Into<String>) -> BackupError {
    BackupError::Refused(sentence.into())
}
